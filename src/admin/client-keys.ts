import { type ClientKey, hashKey, type KeyBudget } from '../base/client-key.ts';
import { newShortId } from '../base/id.ts';
import { writeDollars } from '../base/money.ts';
import { maskSecret } from '../base/secret.ts';
import { newApiKey } from '../config/api-key.ts';
import type { ClientKeyStore } from '../store/client-keys.ts';
import type { UsageQuery, UsageSum } from '../store/usage-hours.ts';
import { showUsage, type UsageItem } from './account-item.ts';
import { AdminError, missingField, notFound } from './admin-error.ts';
import { type ClientKeyFields, KEY_BUDGET_FIELDS, readClientKeyFields } from './client-key-fields.ts';
import { isoTime, type Page, readBody, wholePage } from './read-fields.ts';

/** A client key as the admin API shows it. Null: there is none. */
export interface ClientKeyItem {
  readonly id: string;
  readonly name: string;
  /** Masked; in the answer to its making the key itself. */
  readonly key: string;
  readonly state: 'ready' | 'disabled' | 'expired';
  /** Names that may be asked for; empty: all. */
  readonly models: readonly string[];
  readonly requests_per_minute: number | null;
  readonly tokens_per_minute: number | null;
  readonly budget: { readonly [figure: string]: number | string } | null;
  readonly expires_at: string | null;
  readonly enabled: boolean;
  readonly note: string | null;
  readonly created_at: string;
  readonly usage_today: UsageItem;
  readonly usage_month: UsageItem;
}

/** What an owner can do with client keys. */
export interface ClientKeysAdmin {
  list(): Page<ClientKeyItem>;
  get(id: string): ClientKeyItem;
  /** Makes a key; only this answer shows it. Throws `AdminError`. */
  create(body: unknown): ClientKeyItem;
  /** Throws `AdminError`. */
  patch(id: string, body: unknown): ClientKeyItem;
  remove(id: string): void;
}

/** What the operations on client keys work with. */
export interface ClientKeysParts {
  readonly store: ClientKeyStore;
  readonly sums: (query: UsageQuery) => readonly UsageSum[];
  readonly now: () => number;
  /** Told of the new list. */
  readonly onChange: (keys: readonly ClientKey[]) => void;
}

const DAY_MS = 86_400_000;
/** Each request looks its key up by a hash, so the number costs nothing; there is an end all the same. */
const MOST = 10_000;

/** Makes the operations on client keys. */
export function createClientKeysAdmin(parts: ClientKeysParts): ClientKeysAdmin {
  const { store, now } = parts;
  const keep = (key: ClientKey): ClientKeyItem => {
    store.put(key);
    parts.onChange(store.list());
    return showOne(parts, key);
  };
  return {
    list: () => wholePage(showAll(parts, store.list())),
    get: (id) => showOne(parts, find(store, id)),
    create: (body) => {
      const secret = newApiKey();
      const made = readNew(readClientKeyFields(readBody(body), { isPatch: false }), secret, now());
      if (store.list().length >= MOST) {
        throw new AdminError('too_many', `There are ${MOST} client keys already.`, { status: 409 });
      }
      return { ...keep(checkName(store, made)), key: secret };
    },
    patch: (id, body) => {
      const { set, cleared } = readClientKeyFields(readBody(body), { isPatch: true });
      const kept = Object.entries(find(store, id)).filter(([name]) => !(cleared as readonly string[]).includes(name));
      return keep(checkName(store, { ...Object.fromEntries(kept), ...set } as ClientKey));
    },
    remove: (id) => {
      store.remove(find(store, id).id);
      parts.onChange(store.list());
    },
  };
}

function readNew({ set }: ClientKeyFields, secret: string, now: number): ClientKey {
  const { name } = set;
  if (name === undefined) throw missingField('name');
  return {
    models: [],
    enabled: true,
    ...set,
    name,
    id: newShortId('key'),
    hash: hashKey(secret),
    hint: maskSecret(secret),
    createdAt: now,
  };
}

function checkName(store: ClientKeyStore, key: ClientKey): ClientKey {
  if (!store.list().some(({ id, name }) => name === key.name && id !== key.id)) return key;
  throw new AdminError('name_taken', `There is a client key "${key.name}" already.`, { field: 'name', status: 409 });
}

function find(store: ClientKeyStore, id: string): ClientKey {
  const key = store.list().find((one) => one.id === id);
  if (key === undefined) throw notFound(`client key ${id}`);
  return key;
}

function showOne(parts: ClientKeysParts, key: ClientKey): ClientKeyItem {
  return showAll(parts, [key])[0]!;
}

function showAll({ sums, now }: ClientKeysParts, keys: readonly ClientKey[]): readonly ClientKeyItem[] {
  const at = now();
  const date = new Date(at);
  const since = (from: number) => new Map(sums({ from, by: 'client_key' }).map((sum) => [sum.group, sum]));
  const today = since(Math.floor(at / DAY_MS) * DAY_MS);
  const month = since(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
  return keys.map((key) => ({
    id: key.id,
    name: key.name,
    key: key.hint,
    state: stateOf(key, at),
    models: key.models,
    requests_per_minute: key.requestsPerMinute ?? null,
    tokens_per_minute: key.tokensPerMinute ?? null,
    budget: showBudget(key.budget),
    expires_at: isoTime(key.expiresAt),
    enabled: key.enabled,
    note: key.note ?? null,
    created_at: isoTime(key.createdAt),
    usage_today: showUsage(today.get(key.id)),
    usage_month: showUsage(month.get(key.id)),
  }));
}

function stateOf({ enabled, expiresAt }: ClientKey, now: number): ClientKeyItem['state'] {
  if (!enabled) return 'disabled';
  return expiresAt !== undefined && now >= expiresAt ? 'expired' : 'ready';
}

function showBudget(budget: KeyBudget | undefined): ClientKeyItem['budget'] {
  if (budget === undefined) return null;
  const shown: { [figure: string]: number | string } = {};
  for (const [name, key] of Object.entries(KEY_BUDGET_FIELDS)) {
    const figure = budget[key];
    if (figure !== undefined) shown[name] = name.startsWith('usd') ? writeDollars(figure) : figure;
  }
  return shown;
}
