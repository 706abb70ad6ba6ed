import type { Target } from './account-state.ts';
import { type Alias, isPattern } from './alias.ts';
import type { ModelCatalog, Shelf } from './model-catalog.ts';
import { compareText } from './nearest-names.ts';
import { resolveModel } from './resolve-model.ts';
import { servingTest } from './served-models.ts';

/** A name that clients may ask for, as the lists of models show it. */
export interface AdvertisedModel {
  readonly id: string;
  /** The provider of the first account that serves it, or `trivium` for an alias. */
  readonly ownedBy: string;
}

/**
 * The names that the lists of models show: aliases that are no patterns, and all models of enabled accounts, in alphabetical
 * order. Rests are not looked at, since a list must be stable; a name that no account could ever answer is left out.
 */
export function advertisedModels(aliases: readonly Alias[], catalog: ModelCatalog): readonly AdvertisedModel[] {
  const owners = new Map<string, string>();
  for (const alias of aliases) if (!isPattern(alias)) owners.set(alias.name, 'trivium');
  for (const [id, accounts] of catalog.enabled.byModel) {
    if (!owners.has(id)) owners.set(id, accounts[0]!.provider);
  }
  const leadsSomewhere = (id: string) =>
    resolveModel(id, aliases, catalog).targets.some((target) => isServed(target, catalog.enabled));
  return [...owners]
    .filter(([id]) => leadsSomewhere(id))
    .sort(([one], [other]) => compareText(one, other))
    .map(([id, ownedBy]) => ({ id, ownedBy }));
}

function isServed(target: Target, shelf: Shelf): boolean {
  const serves = servingTest(target);
  const listing = shelf.byModel.get(target.model) ?? [];
  if (listing.some((account) => serves({ account }))) return true;
  const others =
    target.provider === undefined ? [...shelf.byId.values()] : (shelf.byProvider.get(target.provider) ?? []);
  return others.some((account) => serves({ account }));
}
