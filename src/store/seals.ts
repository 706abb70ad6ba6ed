import { asc, lt, sql } from 'drizzle-orm';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { SealMemory } from '../relay/seal-memory.ts';
import type { StoreDatabase } from './database.ts';
import { seals } from './schema.ts';
import type { Vault } from './vault.ts';
import { createWriteBehind } from './write-behind.ts';

/** The memory of thoughts at rest. What was kept is found at once, though it reaches the disk a moment later. */
export interface SealStore extends SealMemory {
  /** Forgets what nobody has asked for in three hours. */
  removeExpired(): void;
  flush(): void;
}

/** What the memory of thoughts needs. */
export interface SealStoreParts {
  readonly database: StoreDatabase;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  /** All of it, in memory and on the disk. */
  readonly limitBytes?: number;
}

const LIVES_MS = 3 * 60 * 60 * 1000;
/** A time of use is written again only when it is off by so much. */
const TOUCH_AFTER_MS = 10 * 60 * 1000;
const LIMIT_BYTES = 64 * 1024 * 1024;
/** About what an entry costs beside its value. */
const ENTRY_BYTES = 200;

interface Entry {
  /** Absent: on the disk alone, where it lay when the program started. */
  value: string | undefined;
  readonly bytes: number;
  usedAt: number;
  /** The time of use that the disk knows. */
  savedAt: number;
}

interface Memory {
  readonly parts: SealStoreParts;
  /** In the order of their use: what is used goes to the end. */
  readonly entries: Map<string, Entry>;
  bytes: number;
  readonly save: (key: string) => void;
}

/** Opens the memory of thoughts; of what an earlier run kept only the keys are read. */
export function createSealStore(parts: SealStoreParts): SealStore {
  const changed = createWriteBehind<string>({ ...parts, write: createWriter(parts, (key) => memory.entries.get(key)) });
  const memory: Memory = { parts, entries: new Map(), bytes: 0, save: changed.add };
  readKeys(memory);
  return {
    isEmpty: () => memory.entries.size === 0,
    find: (key) => findValue(memory, key),
    keep: (key, value) => {
      forget(memory, key);
      const now = parts.clock.now();
      addEntry(memory, key, { value, bytes: value.length + ENTRY_BYTES, usedAt: now, savedAt: now });
      memory.save(key);
      makeRoom(memory);
    },
    removeExpired: () => {
      for (const [key, { usedAt }] of memory.entries) {
        if (usedAt > parts.clock.now() - LIVES_MS) return;
        drop(memory, key);
      }
    },
    flush: changed.flush,
  };
}

function readKeys(memory: Memory): void {
  const { database, clock } = memory.parts;
  database.tables
    .delete(seals)
    .where(lt(seals.usedAt, clock.now() - LIVES_MS))
    .run();
  const rows = database.tables
    .select({ key: seals.key, bytes: sql<number>`length(${seals.value})`, usedAt: seals.usedAt })
    .from(seals)
    .orderBy(asc(seals.usedAt))
    .all();
  for (const { key, bytes, usedAt } of rows) {
    addEntry(memory, key, { value: undefined, bytes: bytes + ENTRY_BYTES, usedAt, savedAt: usedAt });
  }
}

function addEntry(memory: Memory, key: string, entry: Entry): void {
  memory.entries.set(key, entry);
  memory.bytes += entry.bytes;
}

function forget(memory: Memory, key: string): void {
  const entry = memory.entries.get(key);
  if (entry === undefined) return;
  memory.entries.delete(key);
  memory.bytes -= entry.bytes;
}

/** Forgets an entry here and on the disk. */
function drop(memory: Memory, key: string): void {
  forget(memory, key);
  memory.save(key);
}

function makeRoom(memory: Memory): void {
  const limit = memory.parts.limitBytes ?? LIMIT_BYTES;
  for (const key of memory.entries.keys()) {
    if (memory.bytes <= limit) return;
    drop(memory, key);
  }
}

function findValue(memory: Memory, key: string): string | undefined {
  const entry = memory.entries.get(key);
  if (entry === undefined) return undefined;
  const now = memory.parts.clock.now();
  entry.value ??= readValue(memory.parts, key);
  if (entry.value === undefined || entry.usedAt <= now - LIVES_MS) {
    drop(memory, key);
    return undefined;
  }
  entry.usedAt = now;
  memory.entries.delete(key);
  memory.entries.set(key, entry);
  if (now - entry.savedAt > TOUCH_AFTER_MS) {
    entry.savedAt = now;
    memory.save(key);
  }
  return entry.value;
}

function readValue({ database, vault }: SealStoreParts, key: string): string | undefined {
  const row = database.tables.select({ value: seals.value }).from(seals).where(sql`${seals.key} = ${key}`).get();
  return row === undefined ? undefined : vault.open(row.value, placeOf(key));
}

/** Writes what an entry is by now: its value and time of use, or that it is gone. */
function createWriter(parts: SealStoreParts, find: (key: string) => Entry | undefined): (key: string) => void {
  const { tables } = parts.database;
  const upsert = tables
    .insert(seals)
    .values({ key: sql.placeholder('key'), value: sql.placeholder('value'), usedAt: sql.placeholder('usedAt') })
    .onConflictDoUpdate({
      target: seals.key,
      set: { value: sql`excluded.value`, usedAt: sql`excluded.used_at` },
    })
    .prepare();
  const remove = tables
    .delete(seals)
    .where(sql`${seals.key} = ${sql.placeholder('key')}`)
    .prepare();
  return (key) => {
    const entry = find(key);
    if (entry === undefined) remove.run({ key });
    else if (entry.value !== undefined) {
      upsert.run({ key, value: parts.vault.seal(entry.value, placeOf(key)), usedAt: entry.usedAt });
    }
  };
}

function placeOf(key: string): string {
  return `seal ${key}`;
}
