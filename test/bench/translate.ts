import { join } from 'node:path';
import { SCENARIOS, UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import type * as Translation from '../../src/translate/translate-text.ts';
import { findScenario, readClientRequest, readRecording } from '../support/scenario-recording.ts';

/*
 * Prints what a translated event costs, in microseconds of CPU time, for every pair of dialects, without network and relay.
 * `bun run test/bench/translate.ts` measures this checkout; `bun run test/bench/translate.ts FOLDER` measures the source of another
 * one with the same recordings, so that two commits can be compared.
 *
 * delta: one more text delta in a long stream · recordings: an event in all recorded streams, openings and ends included ·
 * request: one request of a conversation with tools.
 */
const FEW = 20;
const MANY = 420;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
/** CPU time that one measurement takes at least. */
const SAMPLE_US = 60_000;
const NOW = Date.UTC(2026, 10, 22);

const source = process.argv[2] ?? join(import.meta.dir, '..', '..');
const { translateText } = (await import(join(source, 'src/translate/translate-text.ts'))) as typeof Translation;

/** What stands in a frame that can be repeated: a text delta. */
const DELTA: { readonly [U in UpstreamDialect]: RegExp } = {
  'openai-chat': /"delta":\{[^}]*"content":"[^"]/,
  'openai-responses': /^event: response\.output_text\.delta\n/,
  'anthropic-messages': /"text_delta"/,
  gemini: /"text": ?"/,
};
const TOOLS = findScenario('parallel-tool-results');

interface Prices {
  readonly delta: number;
  readonly recordings: number;
  readonly request: number;
}

const pairs = UPSTREAMS.flatMap((client) =>
  UPSTREAMS.flatMap((upstream) => (client === upstream ? [] : [{ client, upstream }])),
);
console.log(
  `${'client'.padEnd(20)}${'upstream'.padEnd(20)}${'delta'.padStart(9)}${'recordings'.padStart(12)}${'request'.padStart(10)}   us of CPU`,
);
const all: Prices[] = [];
for (const { client, upstream } of pairs) {
  const prices = pricesOf(client, upstream);
  all.push(prices);
  printRow(client, upstream, prices);
}
printRow('mean of all', '', {
  delta: mean(all.map(({ delta }) => delta)),
  recordings: mean(all.map(({ recordings }) => recordings)),
  request: mean(all.map(({ request }) => request)),
});

function printRow(client: string, upstream: string, { delta, recordings, request }: Prices): void {
  const figures = `${delta.toFixed(2).padStart(9)}${recordings.toFixed(2).padStart(12)}${request.toFixed(1).padStart(10)}`;
  console.log(client.padEnd(20) + upstream.padEnd(20) + figures);
}

function pricesOf(client: UpstreamDialect, upstream: UpstreamDialect): Prices {
  const few = streamJob(client, upstream, longStream(upstream, FEW));
  const many = streamJob(client, upstream, longStream(upstream, MANY));
  const recorded = SCENARIOS.flatMap((scenario) => {
    const { stream } = readRecording(scenario, upstream);
    const asked = readClientRequest(scenario, client);
    return stream === undefined || asked === undefined ? [] : [streamJob(client, upstream, stream, asked)];
  });
  const events = recorded.reduce((sum, { body }) => sum + framesOf(body).length, 0);
  const asked = readClientRequest(TOOLS, client)!;
  const model = readRecording(TOOLS, upstream).about!.model;
  const request = { kind: 'request', from: client, to: upstream, model, body: asked.body } as const;
  return {
    delta: (cpuOf([many]) - cpuOf([few])) / (MANY - FEW),
    recordings: cpuOf(recorded) / events,
    request: cpuOf([request]),
  };
}

function streamJob(
  client: UpstreamDialect,
  upstream: UpstreamDialect,
  body: string,
  asked = readClientRequest(findScenario('text'), client)!,
): Translation.TranslationJob {
  return { kind: 'stream', from: upstream, to: client, body, request: asked.body, model: asked.model };
}

/** The recorded stream of plain words with its first delta so many times. */
function longStream(upstream: UpstreamDialect, count: number): string {
  const frames = framesOf(readRecording(findScenario('text'), upstream).stream!);
  const at = frames.findIndex((frame) => DELTA[upstream].test(frame));
  if (at < 0) throw new Error(`no text delta in the stream of ${upstream}`);
  const repeated = Array.from({ length: count }, () => frames[at]!);
  return [...frames.slice(0, at), ...repeated, ...frames.slice(at + 1)].join('');
}

function framesOf(stream: string): string[] {
  return stream.split(/(?<=\r?\n\r?\n)/);
}

/** The CPU time of some jobs, done once: the least of several measurements, since others disturb but never help. */
function cpuOf(jobs: readonly Translation.TranslationJob[]): number {
  let times = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; ) {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time++) for (const job of jobs) run(job);
    const { user, system } = process.cpuUsage(before);
    if (user + system < SAMPLE_US) {
      times *= 2;
      continue;
    }
    least = Math.min(least, (user + system) / times);
    round++;
  }
  return least;
}

/** Some recorded streams are refused, which is work as well. */
function run(job: Translation.TranslationJob): void {
  try {
    translateText(job, NOW);
  } catch {}
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
