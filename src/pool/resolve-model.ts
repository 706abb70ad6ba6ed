import type { ProviderId } from '../base/account.ts';
import type { Target } from './account-state.ts';
import { type Alias, type AliasTarget, findAlias } from './alias.ts';
import { knowledgeOf, type ModelCatalog, type Shelf } from './model-catalog.ts';
import { familyOf } from './model-family.ts';
import { nearestNames } from './nearest-names.ts';

/** Where a requested model leads. */
export interface Resolution {
  /** In the order in which they are tried; none when the model is unknown. */
  readonly targets: readonly Target[];
  /** What each rule found, in plain English, for `POST /api/resolve`. */
  readonly steps: readonly string[];
  /** At most three names like the requested one, when it is unknown. */
  readonly nearest: readonly string[];
  /** The name of the alias that led there. */
  readonly alias?: string;
  /** True: the alias wants losses to be errors. */
  readonly strict?: boolean;
}

/** Leads a requested model name to targets, by the rules of the chapter "Which model answers", in their order. */
export function resolveModel(requested: string, aliases: readonly Alias[], catalog: ModelCatalog): Resolution {
  const name = requested.startsWith('models/') ? requested.slice(7) : requested;
  const steps: string[] = [];
  const alias = findAlias(name, aliases);
  if (alias !== undefined && alias.targets.length > 0) {
    steps.push(`the alias "${alias.name}" leads to ${alias.targets.map(nameTarget).join(', then ')}`);
    const targets = unique(alias.targets.flatMap((target) => resolveAliasTarget(target, catalog, steps)));
    return { targets, steps, nearest: [], alias: alias.name, ...(alias.strict ? { strict: true } : {}) };
  }
  steps.push(alias === undefined ? `no alias fits "${name}"` : `the alias "${alias.name}" leads nowhere`);
  const targets = resolveName(name, catalog, steps);
  if (targets.length > 0) return { targets: unique(targets), steps, nearest: [] };
  if (catalog.isEmpty) {
    steps.push('there are no accounts');
    return { targets: [{ model: name }], steps, nearest: [] };
  }
  return { targets: [], steps, nearest: nearestNames(name, knownNames(aliases, catalog)) };
}

function resolveAliasTarget(target: AliasTarget, catalog: ModelCatalog, steps: string[]): readonly Target[] {
  const { model, provider, account } = target;
  if (account !== undefined) return resolveAccountTarget({ ...target, account }, catalog, steps);
  if (provider !== undefined) {
    const unlisted = knowledgeOf(ofProvider(catalog, provider), model) === 'unlisted';
    return [{ model, provider, ...(unlisted ? { unlisted } : {}) }];
  }
  const targets = resolveName(model, catalog, steps);
  if (targets.length > 0) return targets;
  const guesses = providersWithoutList(catalog.enabled).map((id) => ({ model, provider: id }));
  if (guesses.length > 0) steps.push(`"${model}" may be one of the models of accounts whose models are unknown`);
  // kept although nobody serves it: the alias exists, so the fault is the set-up's and not the client's
  return guesses.length > 0 ? guesses : [{ model }];
}

function resolveAccountTarget(
  target: AliasTarget & { readonly account: string },
  catalog: ModelCatalog,
  steps: string[],
): readonly Target[] {
  for (const shelf of [catalog.enabled, catalog.disabled]) {
    const byId = shelf.byId.get(target.account);
    const accounts = byId === undefined ? (shelf.byName.get(target.account) ?? []) : [byId];
    if (accounts.length === 0) continue;
    return accounts.map((one) => ({ ...target, account: one.id, unlisted: true }));
  }
  steps.push(`there is no account "${target.account}"`);
  return [target];
}

/** Rules 3 to 5: what a name leads to without aliases. */
function resolveName(name: string, catalog: ModelCatalog, steps: string[]): readonly Target[] {
  for (const shelf of [catalog.enabled, catalog.disabled]) {
    const targets = resolveOnShelf(name, shelf, steps);
    if (targets.length === 0) continue;
    if (shelf === catalog.disabled) steps.push('only accounts that are switched off come into question');
    return targets;
  }
  return [];
}

function resolveOnShelf(name: string, shelf: Shelf, steps: string[]): readonly Target[] {
  const addressed = findAddressed(name, shelf);
  const serving = shelf.byModel.get(name);
  if (addressed?.knowledge === 'listed') {
    steps.push(`"${addressed.prefix}" is the ${addressed.what} to ask for "${addressed.model}"`);
    return addressed.targets;
  }
  if (addressed !== undefined && (addressed.knowledge === 'unknown' || serving === undefined)) {
    const unsure = addressed.knowledge === 'unknown' ? 'whose models are not known yet' : 'whose list lacks it';
    steps.push(`"${addressed.prefix}" is the ${addressed.what} to ask for "${addressed.model}", ${unsure}`);
    if (serving === undefined) return addressed.targets;
    steps.push(`should it not know the model: ${countAccounts(serving.length)} "${name}" in full`);
    return [...addressed.targets, { model: name }];
  }
  if (serving !== undefined) {
    steps.push(`${countAccounts(serving.length)} "${name}"`);
    return [{ model: name }];
  }
  return resolveFamily(name, shelf, steps);
}

function resolveFamily(name: string, shelf: Shelf, steps: string[]): readonly Target[] {
  const family = familyOf(name);
  const targets: Target[] = [];
  for (const provider of family) {
    const knowledge = knowledgeOf(shelf.byProvider.get(provider) ?? [], name);
    if (knowledge === 'unknown') targets.push({ model: name, provider });
    if (knowledge === 'unlisted') targets.push({ model: name, provider, unlisted: true });
  }
  if (targets.length > 0) steps.push(`"${name}" belongs to the family of ${targets[0]!.provider}`);
  else
    steps.push(`no account serves "${name}"${family.length > 0 ? `, nor is there one of ${family[0]} that may` : ''}`);
  return targets;
}

interface Addressed {
  readonly prefix: string;
  readonly what: 'provider' | 'account';
  readonly model: string;
  readonly knowledge: 'listed' | 'unknown' | 'unlisted';
  readonly targets: readonly Target[];
}

/** Rule 3. An account's name may hold slashes itself, and so may the model: `openrouter/anthropic/claude-x`. */
function findAddressed(name: string, shelf: Shelf): Addressed | undefined {
  for (let at = name.indexOf('/'); at > 0 && at < name.length - 1; at = name.indexOf('/', at + 1)) {
    const prefix = name.slice(0, at);
    const model = name.slice(at + 1);
    const found = addressProvider(prefix, model, shelf) ?? addressAccount(prefix, model, shelf);
    if (found !== undefined) return found;
  }
  return undefined;
}

function addressProvider(prefix: string, model: string, shelf: Shelf): Addressed | undefined {
  const provider = prefix as ProviderId;
  const knowledge = knowledgeOf(shelf.byProvider.get(provider) ?? [], model);
  if (knowledge === 'none') return undefined;
  const target = { model, provider, ...(knowledge === 'unlisted' ? { unlisted: true } : {}) };
  return { prefix, what: 'provider', model, knowledge, targets: [target] };
}

function addressAccount(prefix: string, model: string, shelf: Shelf): Addressed | undefined {
  const accounts = shelf.byName.get(prefix) ?? [];
  const knowledge = knowledgeOf(accounts, model);
  if (knowledge === 'none') return undefined;
  const unlisted = knowledge === 'unlisted' ? { unlisted: true } : {};
  const targets = accounts.map((account) => ({ model, account: account.id, ...unlisted }));
  return { prefix, what: 'account', model, knowledge, targets };
}

function ofProvider(catalog: ModelCatalog, provider: ProviderId) {
  return catalog.enabled.byProvider.get(provider) ?? catalog.disabled.byProvider.get(provider) ?? [];
}

function providersWithoutList(shelf: Shelf): readonly ProviderId[] {
  const lacksList = (provider: ProviderId) =>
    shelf.byProvider.get(provider)!.some((account) => account.models.length === 0 && account.provider !== 'echo');
  return [...shelf.byProvider.keys()].filter(lacksList);
}

function knownNames(aliases: readonly Alias[], catalog: ModelCatalog): readonly string[] {
  const names = aliases.map((alias) => alias.name).filter((name) => !name.includes('*'));
  return [...names, ...catalog.enabled.byModel.keys(), ...catalog.disabled.byModel.keys()];
}

function nameTarget({ model, provider, account }: AliasTarget): string {
  return `"${[account ?? provider, model].filter((part) => part !== undefined).join('/')}"`;
}

function countAccounts(count: number): string {
  return count === 1 ? 'one account serves' : `${count} accounts serve`;
}

function unique(targets: readonly Target[]): readonly Target[] {
  if (targets.length < 2) return targets;
  const seen = new Set<string>();
  return targets.filter((target) => {
    const key = `${target.account}\n${target.provider}\n${target.model}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
