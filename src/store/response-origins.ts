import { desc, eq, lt, sql } from 'drizzle-orm';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { ResponseMemory, ResponseOrigin } from '../relay/response-memory.ts';
import type { StoreDatabase } from './database.ts';
import { responseOrigins } from './schema.ts';
import { createWriteBehind } from './write-behind.ts';

/** Where the responses are that passed: what it holds is found at once, though it reaches the disk a moment later. */
export interface OriginStore extends Pick<ResponseMemory, 'noteOrigin' | 'origin' | 'forgetOrigin'> {
  flush(): void;
}

/** As long as OpenAI stores a response: https://platform.openai.com/docs/guides/your-data */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const KEPT_COUNT = 10_000;

interface Noted {
  readonly id: string;
  readonly origin: ResponseOrigin;
  readonly at: number;
}

/** Opens the table of origins. */
export function createOriginStore(parts: {
  readonly database: StoreDatabase;
  readonly clock: Clock;
  readonly log: Log;
}): OriginStore {
  const { tables } = parts.database;
  const { clock } = parts;
  const known = readKnown(parts.database, clock.now() - KEPT_MS);
  const upsert = prepareUpsert(parts.database);
  const pending = createWriteBehind<Noted>({
    ...parts,
    write: ({ id, origin, at }) => {
      // it may have been forgotten in the meantime
      if (known.has(id)) upsert({ id, account: origin.account, model: origin.model, at });
    },
  });
  return {
    origin: (id) => known.get(id),
    noteOrigin: (id, origin) => {
      const isNew = !known.has(id);
      known.set(id, origin);
      if (isNew) pending.add({ id, origin, at: clock.now() });
      for (const oldest of known.keys()) {
        if (known.size <= KEPT_COUNT) break;
        known.delete(oldest);
      }
    },
    forgetOrigin: (id) => {
      known.delete(id);
      tables.delete(responseOrigins).where(eq(responseOrigins.id, id)).run();
    },
    flush: pending.flush,
  };
}

/** The newest, the oldest of them first; rows of others go. */
function readKnown({ tables }: StoreDatabase, since: number): Map<string, ResponseOrigin> {
  const rows = tables
    .select()
    .from(responseOrigins)
    .orderBy(desc(responseOrigins.at), sql`rowid desc`)
    .limit(KEPT_COUNT)
    .all();
  const kept = rows.filter(({ at }) => at >= since).reverse();
  tables
    .delete(responseOrigins)
    .where(lt(responseOrigins.at, kept[0]?.at ?? since))
    .run();
  return new Map(kept.map(({ id, account, model }) => [id, { account, model }]));
}

function prepareUpsert({ tables, prepare }: StoreDatabase) {
  return prepare(
    tables
      .insert(responseOrigins)
      .values({
        id: sql.placeholder('id'),
        account: sql.placeholder('account'),
        model: sql.placeholder('model'),
        at: sql.placeholder('at'),
      })
      .onConflictDoNothing(),
  );
}
