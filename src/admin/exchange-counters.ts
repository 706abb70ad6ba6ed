import type { CostOf } from '../base/prices.ts';
import type { ExchangeRecord } from '../relay/exchange.ts';

/** What has been counted since the start. It only grows, as Prometheus wants its counters. */
export interface ExchangeCounters {
  /** Counts a finished exchange. */
  count(exchange: ExchangeRecord): void;
  readonly series: Iterable<ExchangeSeries>;
  readonly attempts: Iterable<AttemptSeries>;
  /** Of all exchanges, by their dialect. */
  readonly durations: ReadonlyMap<string, Histogram>;
  /** Time to the first content, by dialect. */
  readonly firstContents: ReadonlyMap<string, Histogram>;
}

/** Exchanges that have dialect, model, account and outcome in common. */
export interface ExchangeSeries {
  readonly dialect: string;
  readonly model: string;
  readonly account: string;
  /** `2xx`, `4xx` …, or the verdict of a stream that broke off. */
  readonly outcome: string;
  requests: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
  /** Billionths of a US dollar. */
  cost: number;
}

/** Attempts at one account that ended alike. */
export interface AttemptSeries {
  readonly account: string;
  /** `served`, or the kind of the error. */
  readonly outcome: string;
  count: number;
}

/** Times in buckets. */
export interface Histogram {
  /** One for each bound, and one for all that is longer; not cumulative. */
  readonly counts: number[];
  sumMs: number;
}

/** Upper bounds of the buckets in milliseconds. */
export const BOUNDS_MS: readonly number[] = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000];

/** So many combinations are told apart; what comes later is counted under the model `other`. */
const MOST_SERIES = 1000;
const OTHER = 'other';

/** Makes counters that stand at nothing. */
export function createExchangeCounters(costOf: CostOf): ExchangeCounters {
  const series = new Map<string, ExchangeSeries>();
  const attempts = new Map<string, AttemptSeries>();
  const durations = new Map<string, Histogram>();
  const firstContents = new Map<string, Histogram>();
  // most requests are like the one before
  let last: ExchangeSeries | undefined;
  return {
    count: (exchange) => {
      if (last === undefined || !isOf(last, exchange)) last = findSeries(series, exchange);
      addUsage(last, exchange, costOf);
      for (const { account, kind = 'served' } of exchange.attempts) {
        const found = attempts.get(`${account}\n${kind}`);
        if (found === undefined) attempts.set(`${account}\n${kind}`, { account, outcome: kind, count: 1 });
        else found.count++;
      }
      observe(durations, exchange.dialect, exchange.durationMs);
      if (exchange.firstContentMs !== undefined) observe(firstContents, exchange.dialect, exchange.firstContentMs);
    },
    get series() {
      return series.values();
    },
    get attempts() {
      return attempts.values();
    },
    durations,
    firstContents,
  };
}

function isOf({ dialect, model, account, outcome }: ExchangeSeries, exchange: ExchangeRecord): boolean {
  return (
    model === exchange.modelServed &&
    account === exchange.account &&
    dialect === exchange.dialect &&
    outcome === outcomeOf(exchange)
  );
}

function findSeries(series: Map<string, ExchangeSeries>, exchange: ExchangeRecord): ExchangeSeries {
  const { dialect, account = '' } = exchange;
  // of an unserved request the client chose the name, and there is no end of names
  const model = exchange.modelServed ?? '';
  const outcome = outcomeOf(exchange);
  const key = `${dialect}\n${model}\n${account}\n${outcome}`;
  const found = series.get(key);
  if (found !== undefined) return found;
  if (series.size >= MOST_SERIES && model !== OTHER) {
    return findSeries(series, { ...exchange, modelServed: OTHER });
  }
  const figures = { requests: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: 0 };
  const made = { dialect, model, account, outcome, ...figures };
  series.set(key, made);
  return made;
}

function outcomeOf({ status, verdict }: ExchangeRecord): string {
  if (status < 400 && verdict !== undefined) return verdict;
  return status >= 500 ? '5xx' : status >= 400 ? '4xx' : '2xx';
}

function addUsage(sum: ExchangeSeries, exchange: ExchangeRecord, costOf: CostOf): void {
  sum.requests++;
  const { usage, attempts, modelServed } = exchange;
  if (usage === undefined) return;
  sum.input += usage.input ?? 0;
  sum.output += usage.output ?? 0;
  sum.cacheRead += usage.cacheRead ?? 0;
  sum.cacheWrite += usage.cacheWrite ?? 0;
  sum.reasoning += usage.reasoning ?? 0;
  sum.cost += costOf(attempts[attempts.length - 1]?.provider, modelServed, usage) ?? 0;
}

function observe(histograms: Map<string, Histogram>, dialect: string, ms: number): void {
  let found = histograms.get(dialect);
  if (found === undefined) {
    found = { counts: new Array(BOUNDS_MS.length + 1).fill(0), sumMs: 0 };
    histograms.set(dialect, found);
  }
  let at = 0;
  while (at < BOUNDS_MS.length && ms > BOUNDS_MS[at]!) at++;
  found.counts[at]!++;
  found.sumMs += ms;
}
