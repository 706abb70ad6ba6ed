import { asc, lte, sql } from 'drizzle-orm';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { KeptTies, Tie } from '../pool/binding.ts';
import type { StoreDatabase } from './database.ts';
import { ties } from './schema.ts';
import { createWriteBehind } from './write-behind.ts';

/** The conversations' ties to accounts at rest. */
export interface TieStore extends KeptTies {
  /** Forgets the ties that have ended. */
  removeExpired(): void;
  flush(): void;
}

/** Opens the table of ties; those of an earlier run are read at once. */
export function createTieStore(parts: {
  readonly database: StoreDatabase;
  readonly clock: Clock;
  readonly log: Log;
}): TieStore {
  const { tables } = parts.database;
  const upsert = tables
    .insert(ties)
    .values({
      key: sql.placeholder('key'),
      account: sql.placeholder('account'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .onConflictDoUpdate({
      target: ties.key,
      set: { account: sql`excluded.account`, expiresAt: sql`excluded.expires_at` },
    })
    .prepare();
  const changed = createWriteBehind<readonly [key: string, tie: Tie]>({
    ...parts,
    write: ([key, tie]) => void upsert.run({ key, ...tie }),
  });
  const removeExpired = () => {
    tables.delete(ties).where(lte(ties.expiresAt, parts.clock.now())).run();
  };
  removeExpired();
  const rows = tables.select().from(ties).orderBy(asc(ties.expiresAt)).all();
  return {
    restored: rows.map(({ key, account, expiresAt }) => [key, { account, expiresAt }] as const),
    keep: (key, tie) => changed.add([key, tie]),
    removeExpired,
    flush: changed.flush,
  };
}
