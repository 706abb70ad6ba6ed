import type { Account, AccountId, ProviderId } from '../base/account.ts';
import { lists, modelsOf } from './served-models.ts';

/** Which accounts serve which models. Disabled accounts stand apart: they are asked only when no other comes into question. */
export interface ModelCatalog {
  readonly enabled: Shelf;
  readonly disabled: Shelf;
  readonly isEmpty: boolean;
}

/** Accounts, found by what a request may name. */
export interface Shelf {
  readonly byId: ReadonlyMap<AccountId, Account>;
  readonly byName: ReadonlyMap<string, readonly Account[]>;
  readonly byProvider: ReadonlyMap<ProviderId, readonly Account[]>;
  /** By the models that are listed. */
  readonly byModel: ReadonlyMap<string, readonly Account[]>;
}

/** What some accounts know of a model: one lists it; one has no list; all have lists without it, not all of them fixed; or it is out of the question. */
export type Knowledge = 'listed' | 'unknown' | 'unlisted' | 'none';

/** Sorts the accounts by model, provider and name. */
export function buildCatalog(accounts: readonly Account[]): ModelCatalog {
  return {
    enabled: shelve(accounts.filter((account) => account.enabled)),
    disabled: shelve(accounts.filter((account) => !account.enabled)),
    isEmpty: accounts.length === 0,
  };
}

/** What a set of accounts knows of a model. */
export function knowledgeOf(accounts: readonly Account[], model: string): Knowledge {
  let best: Knowledge = 'none';
  for (const account of accounts) {
    if (lists(account, model)) return 'listed';
    if (account.provider === 'echo') continue;
    if (account.models.length === 0) best = 'unknown';
    else if (!account.modelsFixed && best === 'none') best = 'unlisted';
  }
  return best;
}

function shelve(accounts: readonly Account[]): Shelf {
  const byModel = new Map<string, Account[]>();
  for (const account of accounts) {
    for (const model of new Set(modelsOf(account))) append(byModel, model, account);
  }
  return {
    byId: new Map(accounts.map((account) => [account.id, account])),
    byName: group(accounts, (account) => account.name),
    byProvider: group(accounts, (account) => account.provider),
    byModel,
  };
}

function group<Key>(accounts: readonly Account[], keyOf: (account: Account) => Key): Map<Key, Account[]> {
  const groups = new Map<Key, Account[]>();
  for (const account of accounts) append(groups, keyOf(account), account);
  return groups;
}

function append<Key>(groups: Map<Key, Account[]>, key: Key, account: Account): void {
  const found = groups.get(key);
  if (found === undefined) groups.set(key, [account]);
  else found.push(account);
}
