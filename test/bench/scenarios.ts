import type { Letter } from './wire-samples.ts';

/** One situation that is measured. */
export interface Scenario {
  /** As in the table of targets: form, client's letter, upstream's letter. */
  readonly name: string;
  readonly client: Letter;
  readonly upstream: Letter;
  readonly form: 'whole' | 'burst' | 'paced';
  readonly requests: number;
  readonly connections: number;
  readonly bytes?: number;
  readonly turns?: number;
  readonly tools?: number;
  readonly imageBytes?: number;
  readonly goal: number;
  readonly must: number;
}

const pairs: readonly (readonly [Letter, Letter])[] = [
  ['o', 'o'],
  ['a', 'a'],
  ['o', 'a'],
  ['a', 'o'],
  ['a', 'g'],
  ['o', 'g'],
  ['g', 'o'],
  ['g', 'a'],
];

const whole = (client: Letter, upstream: Letter, goal: number, must: number): Scenario => ({
  name: `whole ${client}${upstream}`,
  client,
  upstream,
  form: 'whole',
  requests: 1500,
  connections: 16,
  goal,
  must,
});

/** Requests whose CPU time is a ratio to the bare proxy's. */
export const REQUEST_SCENARIOS: readonly Scenario[] = [
  whole('o', 'o', 1.35, 1.6),
  whole('a', 'o', 1.6, 2),
  {
    ...whole('o', 'o', 1.5, 2.2),
    name: 'agent oo',
    requests: 200,
    connections: 8,
    bytes: 100_000,
    turns: 40,
    tools: 24,
  },
  { ...whole('a', 'o', 3.5, 5), name: 'agent ao', requests: 200, connections: 8, bytes: 100_000, turns: 40, tools: 24 },
  { ...whole('o', 'o', 1.5, 2.5), name: '1 MB oo', requests: 40, connections: 4, bytes: 1_000_000, turns: 200 },
  { ...whole('a', 'o', 6, 8), name: '1 MB ao', requests: 40, connections: 4, bytes: 1_000_000, turns: 200 },
  {
    ...whole('o', 'o', 1.5, 2.5),
    name: '10 MB oo',
    requests: 8,
    connections: 2,
    bytes: 2000,
    turns: 2,
    imageBytes: 10_000_000,
  },
  {
    ...whole('a', 'o', 5, 7),
    name: '10 MB ao',
    requests: 8,
    connections: 2,
    bytes: 2000,
    turns: 2,
    imageBytes: 10_000_000,
  },
];

/** Streams in one burst: the price of an event, in microseconds, is the slope between 20 and 420 of them. */
export const BURST_SCENARIOS: readonly Scenario[] = pairs.map(([client, upstream]) => ({
  name: `burst ${client}${upstream}`,
  client,
  upstream,
  form: 'burst',
  requests: 300,
  connections: 8,
  goal: client === upstream ? 0.5 : 1.2,
  must: client === upstream ? 1 : 2.5,
}));

/** Streams at the pace of a model: CPU time of an event as a ratio to the bare proxy's. */
export const PACED_SCENARIOS: readonly Scenario[] = pairs.map(([client, upstream]) => ({
  name: `paced ${client}${upstream}`,
  client,
  upstream,
  form: 'paced',
  requests: 48,
  connections: 48,
  goal: client === upstream ? 1.3 : 2,
  must: client === upstream ? 1.6 : 2.4,
}));
