import type { Measured } from './gateway.ts';
import { type LoadResult, runLoad } from './load.ts';
import { readFigures } from './process-figures.ts';
import type { Scenario } from './scenarios.ts';
import { FINAL_MARK, pathOf, requestBody } from './wire-samples.ts';

/** Text events of a paced stream, and the pause between two of them. */
export const PACED_EVENTS = 60;
export const PACED_PAUSE_MS = 20;
const WHOLE_MARKS = 40;

/** What a batch of requests cost a process. */
export interface Cost {
  readonly cpuUs: number;
  readonly switches: number;
  readonly load: LoadResult;
}

/** The name of the model by which the mock knows what to answer. */
export function modelOf(scenario: Scenario, events: number): string {
  switch (scenario.form) {
    case 'whole':
      return `${scenario.upstream}-whole`;
    case 'burst':
      return `${scenario.upstream}-burst-${events}`;
    case 'paced':
      return `${scenario.upstream}-paced-${events}-${PACED_PAUSE_MS}`;
  }
}

/** Sends a scenario's requests through a process. `asBare`: the client speaks the upstream's dialect, since a bare proxy translates nothing. */
export async function measure(
  process: Measured,
  scenario: Scenario,
  options: {
    readonly events?: number;
    readonly asBare?: boolean;
    readonly requests?: number;
    readonly connections?: number;
  } = {},
): Promise<Cost> {
  const events = options.events ?? 0;
  const stream = scenario.form !== 'whole';
  const client = options.asBare ? scenario.upstream : scenario.client;
  const model = modelOf(scenario, events);
  const { bytes = 1500, turns = 1, tools = 0, imageBytes = 0 } = scenario;
  const before = readFigures(process.pid);
  const load = await runLoad({
    port: process.port,
    path: pathOf(client, model, stream),
    body: requestBody(client, model, { stream, bytes, turns, tools, imageBytes }),
    finalMark: FINAL_MARK[client][stream ? 'stream' : 'whole'],
    events: stream ? events : WHOLE_MARKS,
    requests: options.requests ?? scenario.requests,
    connections: options.connections ?? scenario.connections,
  });
  const after = readFigures(process.pid);
  if (load.bad.length > 0) throw new Error(`${scenario.name}: ${load.bad.length} bad answers: ${load.bad[0]}`);
  return { cpuUs: after.cpuUs - before.cpuUs, switches: after.switches - before.switches, load };
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
