import type { Account, AccountId, ProviderId } from '../base/account.ts';
import { newShortId } from '../base/id.ts';
import type { JsonObject } from '../base/json.ts';
import type { ListedModel } from '../base/model-facts.ts';
import type { AccountState, Pool } from '../pool/account-state.ts';
import type { AccountStore, UnreadableAccount } from '../store/accounts.ts';
import type { UsageQuery, UsageSum } from '../store/usage-hours.ts';
import type { Provider } from '../upstream/provider.ts';
import { readCredential } from './account-credential.ts';
import { type AccountFields, readAccountFields } from './account-fields.ts';
import { type AccountItem, type ReadStatus, showAccount } from './account-item.ts';
import { AdminError, missingField, notFound, wrongField } from './admin-error.ts';
import { type Page, readBody, wholePage } from './read-fields.ts';
import { checkCredentialType } from './renewable-credential.ts';
import { usageToday } from './usage-today.ts';

/** What an owner can do with accounts. Every change is on the disk when its call has returned. */
export interface AccountsAdmin {
  list(): Page<AccountItem>;
  /** Stored accounts that this version cannot use. They can be removed. */
  unreadable(): readonly UnreadableAccount[];
  get(id: AccountId): AccountItem;
  create(body: unknown): AccountItem;
  patch(id: AccountId, body: unknown): AccountItem;
  remove(id: AccountId): void;
  clearCooldown(id: AccountId): AccountItem;
  /** Keeps the models that the provider named, unless the owner listed them, and what it said of them. */
  keepModels(id: AccountId, models: readonly ListedModel[]): AccountItem;
}

/** What the operations on accounts work with. */
export interface AccountsParts {
  readonly store: AccountStore;
  readonly pool: Pick<Pool, 'setAccounts' | 'snapshot' | 'clearCooldown'>;
  readonly providers: { readonly [P in ProviderId]?: Provider };
  readonly readStatus: ReadStatus;
  readonly sums: (query: UsageQuery) => readonly UsageSum[];
  readonly now: () => number;
  /** Told of an account that was changed or removed, so that nothing renewed for it is used on. */
  readonly onChange?: (id: AccountId) => void;
}

/** Makes the operations on accounts. All of them throw `AdminError`. */
export function createAccountsAdmin(parts: AccountsParts): AccountsAdmin {
  const { store, pool } = parts;
  const keep = (account: Account): AccountItem => {
    store.put(account);
    published(parts, account.id);
    return showOne(parts, account);
  };
  return {
    list: () => wholePage(showAll(parts, store.list())),
    unreadable: () => store.unreadable(),
    get: (id) => showOne(parts, find(store, id)),
    create: (body) => keep(readNewAccount(parts, readBody(body))),
    patch: (id, body) => keep(readChanges(parts, find(store, id), readBody(body))),
    remove: (id) => {
      if (!store.remove(id)) throw notFound(`account ${id}`);
      published(parts, id);
    },
    clearCooldown: (id) => {
      const account = find(store, id);
      pool.clearCooldown(id);
      return showOne(parts, account);
    },
    keepModels: (id, models) => {
      const account = find(store, id);
      const names = account.modelsFixed ? account.models : models.map((model) => model.id);
      return keep(withFacts({ ...account, models: names }, models));
    },
  };
}

function withFacts({ modelFacts: _earlier, ...account }: Account, models: readonly ListedModel[]): Account {
  const told = models.flatMap(({ id, facts }) => (facts === undefined ? [] : [[id, facts] as const]));
  return told.length === 0 ? account : { ...account, modelFacts: Object.fromEntries(told) };
}

function find(store: AccountStore, id: AccountId): Account {
  const account = store.list().find((one) => one.id === id);
  if (account === undefined) throw notFound(`account ${id}`);
  return account;
}

function published({ store, pool, onChange }: AccountsParts, id: AccountId): void {
  onChange?.(id);
  pool.setAccounts(store.list());
}

function showOne(parts: AccountsParts, account: Account): AccountItem {
  return showAll(parts, [account])[0]!;
}

function showAll(parts: AccountsParts, accounts: readonly Account[]): readonly AccountItem[] {
  const now = parts.now();
  const states = new Map(parts.pool.snapshot().map((state) => [state.account.id, state]));
  const usage = usageToday(parts.sums, now);
  return accounts.map((account) => {
    const state = states.get(account.id) ?? unusedState(account);
    const provider = parts.providers[account.provider];
    const sum = usage.get(account.id);
    return showAccount(account, {
      state,
      status: parts.readStatus(state, now),
      ...(provider === undefined ? {} : { provider }),
      ...(sum === undefined ? {} : { usage: sum }),
    });
  });
}

function unusedState(account: Account): AccountState {
  return { account, inFlight: 0, strikes: 0, modelStrikes: {}, cooldowns: [], quota: [], turns: 0 };
}

function readNewAccount(parts: AccountsParts, body: JsonObject): Account {
  const { set } = readAccountFields(body, { isPatch: false });
  const { name, provider } = set;
  if (name === undefined) throw missingField('name');
  if (provider === undefined) throw missingField('provider');
  return checkAccount(parts, {
    models: [],
    dialects: [],
    enabled: true,
    priority: 0,
    weight: 1,
    ...set,
    id: newShortId('acc'),
    name,
    provider,
    credential: readCredential(body.credential) ?? { type: 'none' },
    modelsFixed: (set.models ?? []).length > 0,
    createdAt: parts.now(),
  });
}

function readChanges(parts: AccountsParts, account: Account, body: JsonObject): Account {
  const news = withoutRepeats(body, showOne(parts, account));
  const fields = readAccountFields(news, { isPatch: true });
  if (fields.set.provider !== undefined && fields.set.provider !== account.provider) {
    throw wrongField('provider', `${account.provider}, as it was; add another account for another provider`);
  }
  const changed: Account = {
    ...account,
    ...fields.set,
    credential: readCredential(news.credential, account.credential) ?? account.credential,
  };
  return checkAccount(parts, withModels(clear(changed, fields.cleared), fields));
}

/** The request without what only repeats the item: shown there are masks, and values that come from the provider. */
function withoutRepeats(body: JsonObject, item: AccountItem): JsonObject {
  const shown = new Map<string, unknown>(Object.entries(item));
  return Object.fromEntries(
    Object.entries(body).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(shown.get(field))),
  );
}

function clear(account: Account, cleared: AccountFields['cleared']): Account {
  const gone = new Set<string>(cleared);
  const kept = Object.fromEntries(Object.entries(account).filter(([field]) => !gone.has(field)));
  return { models: [], dialects: [], ...kept } as unknown as Account;
}

function withModels(changed: Account, { set, cleared }: AccountFields): Account {
  if (cleared.includes('models')) return { ...changed, modelsFixed: false };
  return set.models === undefined ? changed : { ...changed, modelsFixed: set.models.length > 0 };
}

/** What only the whole account can tell. */
function checkAccount(parts: AccountsParts, account: Account): Account {
  const provider = parts.providers[account.provider];
  if (provider === undefined) {
    throw new AdminError('not_supported', `The provider ${account.provider} is not supported yet.`, {
      field: 'provider',
      status: 400,
    });
  }
  if (account.baseUrl === undefined && provider.defaultBaseUrl === undefined && provider.answerLocally === undefined) {
    throw missingField('base_url');
  }
  if (account.credential.type === 'none' && provider.needsCredential) throw missingField('credential');
  checkCredentialType(account.credential, account.provider);
  if (provider.rootOf !== undefined && provider.rootOf(account) === undefined) {
    throw new AdminError('missing_field', provider.rootAdvice ?? 'base_url is missing.', {
      field: 'base_url',
      status: 400,
    });
  }
  checkName(parts.store, account);
  checkDialects(provider, account);
  return checkModels(provider, account);
}

function checkName(store: AccountStore, account: Account): void {
  const wanted = account.name.toLowerCase();
  const others = [...store.list(), ...store.unreadable()].filter((one) => one.id !== account.id);
  if (!others.some((one) => one.name.toLowerCase() === wanted)) return;
  throw new AdminError('name_taken', `There is an account with the name "${account.name}" already.`, {
    field: 'name',
    status: 409,
  });
}

function checkDialects(provider: Provider, account: Account): void {
  const spoken: readonly string[] = provider.endpoints.map((one) => one.dialect);
  if (account.dialects.every((dialect) => spoken.includes(dialect))) return;
  throw wrongField('dialects', `a list of what ${provider.title} speaks: ${spoken.join(', ')}`);
}

/** A provider that answers by itself serves its own models and no other. */
function checkModels(provider: Provider, account: Account): Account {
  if (provider.answerLocally === undefined) return account;
  const own = provider.knownModels ?? [];
  if (account.models.some((model) => !own.includes(model))) throw wrongField('models', own.join(', '));
  return { ...account, models: own };
}
