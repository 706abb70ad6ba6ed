import type { Account } from '../base/account.ts';
import type { ModelFacts } from '../base/model-facts.ts';
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
  /** The model that answers first under this name. */
  readonly model: string;
  /** What the list of an account that serves it says of that model. */
  readonly facts?: ModelFacts;
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
  return [...owners]
    .sort(([one], [other]) => compareText(one, other))
    .flatMap(([id, ownedBy]) => {
      const served = findServed(id, aliases, catalog);
      return served === undefined ? [] : [advertise(id, ownedBy, served)];
    });
}

/** The same for one name, which may be one that no list shows: a pattern stands for it, or an account without a list takes it. */
export function advertisedModel(
  id: string,
  aliases: readonly Alias[],
  catalog: ModelCatalog,
): AdvertisedModel | undefined {
  const served = findServed(id, aliases, catalog);
  return served === undefined ? undefined : advertise(id, served.account.provider, served);
}

/** A model and the first account that serves it. */
interface Served {
  readonly model: string;
  readonly account: Account;
}

function advertise(id: string, ownedBy: string, { model, account }: Served): AdvertisedModel {
  const facts = account.modelFacts?.[model];
  return { id, ownedBy, model, ...(facts === undefined ? {} : { facts }) };
}

function findServed(id: string, aliases: readonly Alias[], catalog: ModelCatalog): Served | undefined {
  for (const target of resolveModel(id, aliases, catalog).targets) {
    const account = findServer(target, catalog.enabled);
    if (account !== undefined) return { model: target.model, account };
  }
  return undefined;
}

function findServer(target: Target, shelf: Shelf): Account | undefined {
  const serves = servingTest(target);
  const listing = shelf.byModel.get(target.model) ?? [];
  const listed = listing.find((account) => serves({ account }));
  if (listed !== undefined) return listed;
  const others =
    target.provider === undefined ? [...shelf.byId.values()] : (shelf.byProvider.get(target.provider) ?? []);
  return others.find((account) => serves({ account }));
}
