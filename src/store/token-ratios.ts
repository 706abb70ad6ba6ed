import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { TokenRatio, TokenRatioStore } from '../relay/counting/token-ratios.ts';
import type { StoreDatabase } from './database.ts';
import { tokenRatios } from './schema.ts';
import { createWriteBehind } from './write-behind.ts';

/** The ratios of tokens at rest, written a moment later. */
export interface ClosingTokenRatioStore extends TokenRatioStore {
  flush(): void;
}

/** Opens the table of token ratios. */
export function createTokenRatioStore(parts: {
  readonly database: StoreDatabase;
  readonly clock: Clock;
  readonly log: Log;
}): ClosingTokenRatioStore {
  const { tables } = parts.database;
  const { model, dialect } = tokenRatios;
  const changed = createWriteBehind<TokenRatio>({
    ...parts,
    write: (ratio) => {
      const { mean, variance, count } = ratio;
      tables
        .insert(tokenRatios)
        .values(ratio)
        .onConflictDoUpdate({ target: [model, dialect], set: { mean, variance, count } })
        .run();
    },
  });
  return {
    readAll: () =>
      tables
        .select()
        .from(tokenRatios)
        .all()
        .map((row) => ({ ...row, dialect: row.dialect as TokenRatio['dialect'] })),
    save: changed.add,
    flush: changed.flush,
  };
}
