import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { StoreDatabase } from './database.ts';
import type { ExchangeStore } from './exchanges.ts';
import type { ResponseStore } from './responses.ts';
import type { SealStore } from './seals.ts';
import { reasonOf } from './store-error.ts';
import type { TieStore } from './ties.ts';
import type { UsageStore } from './usage-hours.ts';

/** How much of the past is kept. */
export interface RetentionLimits {
  readonly days: number;
  readonly megabytes: number;
}

/** What keeping the log small needs. */
export interface RetentionParts {
  readonly database: StoreDatabase;
  readonly exchanges: ExchangeStore;
  readonly usage: UsageStore;
  readonly seals: Pick<SealStore, 'removeExpired'>;
  readonly ties: Pick<TieStore, 'removeExpired'>;
  readonly responses: ResponseStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: () => RetentionLimits;
}

const DAY_MS = 86_400_000;
const SWEEP_EVERY_MS = 60_000;
const PAUSE_MS = 20;
/** Few enough that requests do not notice: the database is synchronous. */
const BATCH = 200;
/** Hourly sums are small, and charts look far back. */
const USAGE_DAYS = 400;

/** Sweeps once a minute until the answered function is called. */
export function startRetention(parts: RetentionParts): () => void {
  let running = false;
  return parts.clock.every(SWEEP_EVERY_MS, () => {
    if (running) return;
    running = true;
    sweep(parts)
      .catch((thrown) => parts.log.warn('retention failed', { reason: reasonOf(thrown) }))
      .finally(() => {
        running = false;
      });
  });
}

/** Removes exchanges that are too old, then the oldest until the rest is small enough; in small steps, with pauses between. */
export async function sweep(parts: RetentionParts): Promise<void> {
  const { exchanges, clock, limits } = parts;
  const { days, megabytes } = limits();
  const oldest = clock.now() - days * DAY_MS;
  let removed = 0;
  for (;;) {
    const { count } = exchanges.removeOldest({ limit: BATCH, before: oldest });
    removed += count;
    if (count < BATCH) break;
    await clock.sleep(PAUSE_MS);
  }
  let excess = exchanges.size() - megabytes * 1_000_000;
  while (excess > 0) {
    const { count, bytes } = exchanges.removeOldest({ limit: BATCH, bytes: excess });
    removed += count;
    excess -= bytes;
    if (count === 0) break;
    await clock.sleep(PAUSE_MS);
  }
  parts.seals.removeExpired();
  parts.ties.removeExpired();
  parts.responses.removeExpired();
  parts.usage.removeBefore(clock.now() - USAGE_DAYS * DAY_MS);
  if (removed === 0) return;
  parts.database.shrink();
  parts.log.debug('exchanges removed', { count: removed });
}
