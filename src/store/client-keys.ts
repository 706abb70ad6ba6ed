import { asc, eq } from 'drizzle-orm';
import type { ClientKey, KeyBudget } from '../base/client-key.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import type { StoreDatabase } from './database.ts';
import { clientKeys } from './schema.ts';

/** The client keys at rest. Each change is on the disk when its call has returned. */
export interface ClientKeyStore {
  /** The oldest first. */
  list(): readonly ClientKey[];
  /** Adds a key or replaces the one with its id. */
  put(key: ClientKey): void;
  remove(id: string): void;
}

type Row = typeof clientKeys.$inferSelect;

/** Opens the table of client keys. */
export function createClientKeyStore(database: StoreDatabase): ClientKeyStore {
  const { tables } = database;
  return {
    list: () => tables.select().from(clientKeys).orderBy(asc(clientKeys.createdAt), asc(clientKeys.id)).all().map(read),
    put: (key) =>
      database.durably(() => {
        const row = write(key);
        tables.insert(clientKeys).values(row).onConflictDoUpdate({ target: clientKeys.id, set: row }).run();
      }),
    remove: (id) => database.durably(() => void tables.delete(clientKeys).where(eq(clientKeys.id, id)).run()),
  };
}

function write(key: ClientKey): Row {
  return {
    id: key.id,
    name: key.name,
    hash: key.hash,
    hint: key.hint,
    models: JSON.stringify(key.models),
    requestsPerMinute: key.requestsPerMinute ?? null,
    tokensPerMinute: key.tokensPerMinute ?? null,
    budget: key.budget === undefined ? null : JSON.stringify(key.budget),
    expiresAt: key.expiresAt ?? null,
    enabled: key.enabled,
    note: key.note ?? null,
    createdAt: key.createdAt,
  };
}

/** A key whose limits cannot be read is switched off: it must not become one without limits. */
function read(row: Row): ClientKey {
  const models = tryParseJson(row.models);
  const budget = row.budget === null ? {} : asObject(tryParseJson(row.budget));
  const isSound = Array.isArray(models) && budget !== undefined;
  return {
    id: row.id,
    name: row.name,
    hash: row.hash,
    hint: row.hint,
    models: asArray(models).flatMap((one) => asString(one) ?? []),
    enabled: row.enabled && isSound,
    createdAt: row.createdAt,
    ...(row.requestsPerMinute === null ? {} : { requestsPerMinute: row.requestsPerMinute }),
    ...(row.tokensPerMinute === null ? {} : { tokensPerMinute: row.tokensPerMinute }),
    ...(row.budget === null || budget === undefined ? {} : { budget: readBudget(budget) }),
    ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }),
    ...(row.note === null ? {} : { note: row.note }),
  };
}

function readBudget(json: JsonObject): KeyBudget {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => asNumber(value) !== undefined));
}
