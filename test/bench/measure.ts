import type { Measured } from './gateway.ts';
import { type LoadResult, runLoad } from './load.ts';
import { readFigures } from './process-figures.ts';
import type { Scenario } from './scenarios.ts';
import { FINAL_MARK, pathOf, requestBody } from './wire-samples.ts';

/** Text events of a paced stream, and the pause between two of them. */
export const PACED_EVENTS = 60;
const PACED_PAUSE_MS = 20;
const WHOLE_MARKS = 40;

/** What a batch of requests cost a process. */
export interface Cost {
  readonly cpuUs: number;
  readonly switches: number;
  readonly load: LoadResult;
}

/** How a batch differs from what its scenario says. */
export interface MeasureOptions {
  /** Text events of each stream. */
  readonly events?: number;
  readonly asBare?: boolean;
  readonly requests?: number;
  readonly connections?: number;
  /** Between two events of a paced stream. */
  readonly pauseMs?: number;
}

/** The name of the model by which the mock knows what to answer. */
export function modelOf(scenario: Scenario, events: number, pauseMs = PACED_PAUSE_MS): string {
  switch (scenario.form) {
    case 'whole':
      return `${scenario.upstream}-whole`;
    case 'burst':
      return `${scenario.upstream}-burst-${events}`;
    case 'paced':
      return `${scenario.upstream}-paced-${events}-${pauseMs}`;
  }
}

/** Sends a scenario's requests through a process. `asBare`: the client speaks the upstream's dialect, since a bare proxy translates nothing. */
export async function measure(process: Measured, scenario: Scenario, options: MeasureOptions = {}): Promise<Cost> {
  const events = options.events ?? 0;
  const stream = scenario.form !== 'whole';
  const client = options.asBare ? scenario.upstream : scenario.client;
  const model = modelOf(scenario, events, options.pauseMs);
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

/** CPU time a process gets at least and at most to warm up, in microseconds, and the most it may take by the clock. */
const WARM_FROM_US = 1_500_000;
const WARM_UNTIL_US = 5_000_000;
const WARM_MS = 15_000;
/** The compiler has done its work when its share of a batch, twice in a row, is below this. */
const COMPILER_SHARE = 0.06;
/** The pause that a paced stream is warmed up with: the same reads and writes in a tenth of the time. */
export const WARM_PAUSE_MS = 2;

/** Sends a scenario's requests until they no longer make the compiler work: steady states are compared, not compilers. */
export async function warmUp(process: Measured, scenario: Scenario, options: MeasureOptions = {}): Promise<void> {
  const startedAt = performance.now();
  let spent = 0;
  let quiet = 0;
  while (spent < WARM_UNTIL_US && performance.now() - startedAt < WARM_MS) {
    const before = readFigures(process.pid).compilerUs;
    const { cpuUs } = await measure(process, scenario, { pauseMs: WARM_PAUSE_MS, ...options });
    const compilerUs = readFigures(process.pid).compilerUs - before;
    spent += cpuUs;
    quiet = compilerUs < cpuUs * COMPILER_SHARE ? quiet + 1 : 0;
    if (spent >= WARM_FROM_US && quiet >= 2) return;
  }
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
