import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Clock } from '../base/clock.ts';
import { asArray, asObject, asObjects, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Log } from '../base/log.ts';
import type { ResponseMemory } from '../relay/response-memory.ts';
import type { StoreDatabase } from './database.ts';
import { createOriginStore } from './response-origins.ts';
import { responses } from './schema.ts';

/** What is remembered of responses, at rest. */
export interface ResponseStore extends ResponseMemory {
  /** Removes what nobody has used for too long. */
  removeExpired(): void;
  flush(): void;
}

/** What the tables of responses need. */
export interface ResponseStoreParts {
  readonly database: StoreDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** A stored response, as far as it is held in memory. */
interface Entry {
  readonly size: number;
  readonly items: readonly string[];
  /** Epoch milliseconds. */
  usedAt: number;
}

interface State extends ResponseStoreParts {
  /** The one longest unused first. */
  readonly entries: Map<string, Entry>;
  /** The response in which an item was told last. */
  readonly owners: Map<string, string>;
  readonly insert: (row: { readonly [column: string]: unknown }) => void;
  bytes: number;
}

const KEPT_MS = 60 * 60 * 1000;
const KEPT_COUNT = 256;
const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Opens the tables of responses. A response is written before its client has heard of its end: the very next request may go on
 * from it, and so may one after a crash.
 */
export function createResponseStore(parts: ResponseStoreParts): ResponseStore {
  const state = openState(parts);
  const origins = createOriginStore(parts);
  removeExpired(state);
  return {
    ...origins,
    isEmpty: () => state.entries.size === 0,
    response: (id) => {
      if (!use(state, id)) return undefined;
      const { tables } = parts.database;
      const row = tables.select().from(responses).where(eq(responses.id, id)).get();
      const response = asObject(tryParseJson(row?.response ?? ''));
      return response && { id, response, input: asObjects(tryParseJson(row!.input)) };
    },
    items: (ids) => readItems(state, ids),
    keep: (stored) => keep(state, stored),
    remove: (id) => {
      const known = isLive(state, id);
      if (known) drop(state, [id]);
      return known;
    },
    removeExpired: () => removeExpired(state),
  };
}

function openState(parts: ResponseStoreParts): State {
  const { tables, prepare } = parts.database;
  const row = Object.fromEntries(
    ['id', 'usedAt', 'size', 'itemIds', 'input', 'response'].map((name) => [name, sql.placeholder(name)]),
  );
  const state: State = {
    ...parts,
    entries: new Map(),
    owners: new Map(),
    insert: prepare(tables.insert(responses).values(row as never)),
    bytes: 0,
  };
  const { id, usedAt, size, itemIds } = responses;
  const known = tables.select({ id, usedAt, size, itemIds }).from(responses).orderBy(asc(usedAt)).all();
  for (const one of known) {
    const items = asArray(tryParseJson(one.itemIds)).filter((item) => typeof item === 'string');
    enter(state, one.id, { usedAt: one.usedAt, size: one.size, items });
  }
  return state;
}

function enter(state: State, id: string, entry: Entry): void {
  state.entries.set(id, entry);
  state.bytes += entry.size;
  for (const item of entry.items) state.owners.set(item, id);
}

function keep(state: State, stored: Parameters<ResponseMemory['keep']>[0]): void {
  const [input, response] = [JSON.stringify(stored.input), JSON.stringify(stored.response)];
  const items = [...stored.input, ...asObjects(stored.response.output)].flatMap((item) => asString(item.id) ?? []);
  const itemIds = JSON.stringify(items);
  const size = Buffer.byteLength(input) + Buffer.byteLength(response) + Buffer.byteLength(itemIds);
  const usedAt = state.clock.now();
  makeRoom(state, size);
  write(state, () => {
    state.insert({ id: stored.id, usedAt, size, itemIds, input, response });
    enter(state, stored.id, { usedAt, size, items });
  });
}

/** One that is larger than everything that may be kept is kept alone: its client was told that it is. */
function makeRoom(state: State, size: number): void {
  const gone: string[] = [];
  let { bytes } = state;
  for (const [id, entry] of state.entries) {
    if (state.entries.size - gone.length < KEPT_COUNT && bytes + size <= KEPT_BYTES) break;
    gone.push(id);
    bytes -= entry.size;
  }
  drop(state, gone);
}

function isLive(state: State, id: string): boolean {
  const entry = state.entries.get(id);
  return entry !== undefined && state.clock.now() - entry.usedAt < KEPT_MS;
}

/** Takes note that a response was used. */
function use(state: State, id: string): boolean {
  if (!isLive(state, id)) return false;
  const entry = state.entries.get(id)!;
  entry.usedAt = state.clock.now();
  state.entries.delete(id);
  state.entries.set(id, entry);
  write(state, () => {
    state.database.tables.update(responses).set({ usedAt: entry.usedAt }).where(eq(responses.id, id)).run();
  });
  return true;
}

/** A disk that takes nothing more costs the client its next turn and not this one. */
function write(state: State, action: () => void): void {
  try {
    action();
  } catch (error) {
    state.log.warn('response not written', { error });
  }
}

function readItems(state: State, ids: ReadonlySet<string>): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const owners = new Set([...ids].flatMap((id) => state.owners.get(id) ?? []).filter((owner) => use(state, owner)));
  if (owners.size === 0) return found;
  const rows = state.database.tables
    .select()
    .from(responses)
    .where(inArray(responses.id, [...owners]))
    .all();
  for (const row of rows) {
    const output = asObject(tryParseJson(row.response))?.output;
    for (const item of [...asObjects(tryParseJson(row.input)), ...asObjects(output)]) {
      const id = asString(item.id);
      if (id !== undefined && ids.has(id)) found.set(id, item);
    }
  }
  return found;
}

function removeExpired(state: State): void {
  const gone = [...state.entries.keys()].filter((id) => !isLive(state, id));
  drop(state, gone);
}

function drop(state: State, ids: readonly string[]): void {
  if (ids.length === 0) return;
  for (const id of ids) {
    const entry = state.entries.get(id);
    if (entry === undefined) continue;
    state.entries.delete(id);
    state.bytes -= entry.size;
    for (const item of entry.items) if (state.owners.get(item) === id) state.owners.delete(item);
  }
  write(state, () => {
    state.database.tables
      .delete(responses)
      .where(inArray(responses.id, [...ids]))
      .run();
  });
}
