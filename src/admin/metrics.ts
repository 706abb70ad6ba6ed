import { NANOS_PER_DOLLAR } from '../base/money.ts';
import type { AccountState } from '../pool/account-state.ts';
import type { AccountStatus } from '../pool/account-status.ts';
import { BOUNDS_MS, type ExchangeCounters, type ExchangeSeries, type Histogram } from './exchange-counters.ts';

/** What metrics are made of. */
export interface MetricsParts {
  readonly version: string;
  readonly counters: ExchangeCounters;
  readonly accounts: () => readonly AccountState[];
  readonly readStatus: (state: AccountState, now: number) => AccountStatus;
  /** How many exchanges run. */
  readonly running: () => number;
  readonly now: () => number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly memoryBytes: () => number;
}

interface Labels {
  readonly [name: string]: string;
}

type Sample = readonly [labels: Labels, value: number];

const TOKEN_TYPES = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache_read',
  cacheWrite: 'cache_write',
  reasoning: 'reasoning',
} as const;

/**
 * The state of the program in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/
 * Labels hold names of the owner's accounts and of served models, and no text that clients chose.
 */
export function writeMetrics(parts: MetricsParts): string {
  const { counters } = parts;
  const states = parts.accounts();
  const names = new Map(states.map(({ account }) => [account.id, account.name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const series = [...counters.series];
  return [
    ...family('trivium_info', 'gauge', 'The program.', [[{ version: parts.version }, 1]]),
    ...family('trivium_requests_running', 'gauge', 'Requests that run now.', [[{}, parts.running()]]),
    ...family('trivium_requests_total', 'counter', 'Finished requests.', requestSamples(series, nameOf)),
    ...family('trivium_attempts_total', 'counter', 'Tries at accounts, by how they ended.', [
      ...[...counters.attempts].map(
        ({ account, outcome, count }): Sample => [{ account: nameOf(account), outcome }, count],
      ),
    ]),
    ...family('trivium_tokens_total', 'counter', 'Tokens. Input includes the caches, output the reasoning.', [
      ...tokenSamples(series, nameOf),
    ]),
    ...family('trivium_cost_dollars_total', 'counter', 'US dollars, over the requests whose price is known.', [
      ...costSamples(series, nameOf),
    ]),
    ...histogram('trivium_request_duration_seconds', 'From request to the end of its answer.', counters.durations),
    ...histogram('trivium_first_content_seconds', 'From request to the first content.', counters.firstContents),
    ...accountFamilies(states, parts),
    ...family('process_start_time_seconds', 'gauge', 'Start of the process.', [[{}, parts.startedAt / 1000]]),
    ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [[{}, parts.memoryBytes()]]),
    '',
  ].join('\n');
}

function accountFamilies(states: readonly AccountState[], { readStatus, now }: MetricsParts): readonly string[] {
  const at = now();
  const labelled = states.map((state) => ({
    state,
    labels: { account: state.account.name, provider: state.account.provider },
  }));
  return [
    ...family('trivium_account_state', 'gauge', 'The state of each account: 1 for the one it is in.', [
      ...labelled.map(({ state, labels }): Sample => [{ ...labels, state: readStatus(state, at).state }, 1]),
    ]),
    ...family('trivium_account_in_flight', 'gauge', 'Attempts that run at each account.', [
      ...labelled.map(({ state, labels }): Sample => [labels, state.inFlight]),
    ]),
  ];
}

function requestSamples(series: readonly ExchangeSeries[], nameOf: (id: string) => string): readonly Sample[] {
  return series.map(({ dialect, model, account, outcome, requests }) => [
    { dialect, model, account: nameOf(account), outcome },
    requests,
  ]);
}

function tokenSamples(series: readonly ExchangeSeries[], nameOf: (id: string) => string): readonly Sample[] {
  return Object.entries(TOKEN_TYPES).flatMap(([figure, type]) =>
    sumByModel(series, nameOf, (one) => one[figure as keyof typeof TOKEN_TYPES]).map(
      ([labels, value]): Sample => [{ ...labels, type }, value],
    ),
  );
}

function costSamples(series: readonly ExchangeSeries[], nameOf: (id: string) => string): readonly Sample[] {
  return sumByModel(series, nameOf, ({ cost }) => cost).map(([labels, nanos]) => [labels, nanos / NANOS_PER_DOLLAR]);
}

function sumByModel(
  series: readonly ExchangeSeries[],
  nameOf: (id: string) => string,
  figure: (one: ExchangeSeries) => number,
): readonly Sample[] {
  const sums = new Map<string, { labels: Labels; value: number }>();
  for (const one of series) {
    const key = `${one.model}\n${one.account}`;
    const found = sums.get(key) ?? { labels: { model: one.model, account: nameOf(one.account) }, value: 0 };
    found.value += figure(one);
    sums.set(key, found);
  }
  return [...sums.values()].map(({ labels, value }) => [labels, value]);
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): readonly string[] {
  if (samples.length === 0) return [];
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${writeLabels(labels)} ${value}`),
  ];
}

function histogram(name: string, help: string, byDialect: ReadonlyMap<string, Histogram>): readonly string[] {
  if (byDialect.size === 0) return [];
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  for (const [dialect, { counts, sumMs }] of byDialect) {
    let total = 0;
    for (const [at, count] of counts.entries()) {
      total += count;
      const bound = BOUNDS_MS[at];
      const le = bound === undefined ? '+Inf' : String(bound / 1000);
      lines.push(`${name}_bucket${writeLabels({ dialect, le })} ${total}`);
    }
    lines.push(`${name}_sum${writeLabels({ dialect })} ${sumMs / 1000}`);
    lines.push(`${name}_count${writeLabels({ dialect })} ${total}`);
  }
  return lines;
}

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
