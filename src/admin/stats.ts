import type { Account } from '../base/account.ts';
import type { ClientKey } from '../base/client-key.ts';
import type { UsageGroup, UsageQuery, UsageSum } from '../store/usage-hours.ts';
import { showUsage, type UsageItem } from './account-item.ts';
import { isoTime, type Page, readChoice, wholePage } from './read-fields.ts';
import { type QueryWords, readTime } from './read-query.ts';

/** Sums of one group in one stretch of time. */
export interface StatsItem extends UsageItem {
  /** Start of the hour or day, in UTC. */
  readonly at: string;
  /** The value of what was grouped by: a model, an account's id …; null when there was none. */
  readonly group: string | null;
  /** For people: an account's or client key's name instead of its id. */
  readonly label: string | null;
  readonly cache_write: number;
  /** Requests whose cost is not known, failed ones left out: `cost` is without them. */
  readonly unpriced: number;
  /** Requests whose tokens the gateway estimated, since the upstream did not tell. */
  readonly estimated: number;
  /** The mean of the time a request took. */
  readonly mean_duration_ms: number;
}

/** What reading statistics works with. */
export interface StatsParts {
  readonly sums: (query: UsageQuery) => readonly UsageSum[];
  readonly accounts: () => readonly Account[];
  readonly clientKeys: () => readonly ClientKey[];
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_SPAN_MS = 7 * DAY_MS;
const GROUPS = ['model', 'account', 'client_key', 'dialect'] as const satisfies readonly UsageGroup[];
const BUCKETS = { hour: HOUR_MS, day: DAY_MS };

/** Sums of requests and tokens: `from`, `to` (the last week), `by` (one sum for all), `bucket` (day). Throws `AdminError`. */
export function readStats(parts: StatsParts, words: QueryWords): Page<StatsItem> {
  const to = readTime(words.to || undefined, 'to') ?? parts.now() + 1;
  const from = readTime(words.from || undefined, 'from') ?? to - DEFAULT_SPAN_MS;
  const bucket = readChoice(words.bucket || 'day', 'bucket', ['hour', 'day']);
  const by = words.by ? readChoice(words.by, 'by', GROUPS) : undefined;
  const sums = parts.sums({ from, to, bucketMs: BUCKETS[bucket], ...(by === undefined ? {} : { by }) });
  const names = namesOf(parts, by);
  return wholePage(sums.map((sum) => showSum(sum, names)));
}

/** The names of what is grouped by its id. */
function namesOf({ accounts, clientKeys }: StatsParts, by: UsageGroup | undefined): ReadonlyMap<string, string> {
  if (by === 'account') return new Map(accounts().map(({ id, name }) => [id, name]));
  return new Map(by === 'client_key' ? clientKeys().map(({ id, name }) => [id, name]) : []);
}

function showSum(sum: UsageSum, names: ReadonlyMap<string, string>): StatsItem {
  const group = sum.group === '' ? null : sum.group;
  return {
    at: isoTime(sum.bucket),
    group,
    label: names.get(sum.group) ?? group,
    ...showUsage(sum),
    cache_write: sum.cacheWrite,
    unpriced: Math.max(0, sum.requests - sum.errors - sum.priced),
    estimated: sum.estimated,
    mean_duration_ms: sum.requests === 0 ? 0 : Math.round(sum.durationMs / sum.requests),
  };
}
