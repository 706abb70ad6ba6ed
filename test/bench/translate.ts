import { join } from 'node:path';
import { SCENARIOS, UPSTREAMS, type UpstreamDialect } from '../../src/translate/conformance/scenario.ts';
import type * as Translation from '../../src/translate/translate-text.ts';
import { findScenario, readClientRequest, readRecording } from '../support/scenario-recording.ts';

/*
 * Prints what a translated event costs, in microseconds of CPU time, for every pair of dialects, without network and relay.
 * `bun run test/bench/translate.ts` measures this checkout. `bun run test/bench/translate.ts FOLDER` measures the source of another
 * one as well, in turns and with the same recordings, and prints how many times as much this one costs.
 *
 * delta: one more text delta in a long stream · recordings: an event in all recorded streams, openings and ends included ·
 * request: one request of a conversation with tools.
 */
const FEW = 20;
const MANY = 420;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
/** CPU time that one measurement takes at least. */
const SAMPLE_US = 40_000;
const NOW = Date.UTC(2026, 10, 22);

type Translate = typeof Translation.translateText;

const here = await load(join(import.meta.dir, '..', '..'));
const sources = process.argv[2] === undefined ? [here] : [here, await load(process.argv[2])];

/** What stands in a frame that can be repeated: a text delta. */
const DELTA: { readonly [U in UpstreamDialect]: RegExp } = {
  'openai-chat': /"delta":\{[^}]*"content":"[^"]/,
  'openai-responses': /^event: response\.output_text\.delta\n/,
  'anthropic-messages': /"text_delta"/,
  gemini: /"text": ?"/,
};
const TOOLS = findScenario('parallel-tool-results');
const FIGURES = ['delta', 'recordings', 'request'] as const;

type Prices = { readonly [F in (typeof FIGURES)[number]]: readonly number[] };

const all: Prices[] = [];
printRow('client', 'upstream', FIGURES.map(String));
for (const client of UPSTREAMS) {
  for (const upstream of UPSTREAMS.filter((one) => one !== client)) {
    const prices = pricesOf(client, upstream);
    all.push(prices);
    printRow(
      client,
      upstream,
      FIGURES.map((figure) => spell(prices[figure])),
    );
  }
}
printRow(
  'mean of all',
  '',
  FIGURES.map((figure) => spell(sources.map((_, at) => mean(all.map((row) => row[figure][at]!))))),
);

async function load(folder: string): Promise<Translate> {
  return ((await import(join(folder, 'src/translate/translate-text.ts'))) as typeof Translation).translateText;
}

function printRow(client: string, upstream: string, figures: readonly string[]): void {
  console.log(client.padEnd(20) + upstream.padEnd(20) + figures.map((figure) => figure.padStart(22)).join(''));
}

function spell([own, other]: readonly number[]): string {
  return other === undefined
    ? own!.toFixed(2)
    : `${other.toFixed(2)} → ${own!.toFixed(2)} ${(own! / other).toFixed(2)}x`;
}

function pricesOf(client: UpstreamDialect, upstream: UpstreamDialect): Prices {
  const few = cpuOf([streamJob(client, upstream, longStream(upstream, FEW))]);
  const many = cpuOf([streamJob(client, upstream, longStream(upstream, MANY))]);
  const recorded = SCENARIOS.flatMap((scenario) => {
    const { stream } = readRecording(scenario, upstream);
    const asked = readClientRequest(scenario, client);
    return stream === undefined || asked === undefined ? [] : [streamJob(client, upstream, stream, asked)];
  });
  const events = recorded.reduce((sum, { body }) => sum + framesOf(body).length, 0);
  const asked = readClientRequest(TOOLS, client)!;
  const model = readRecording(TOOLS, upstream).about!.model;
  return {
    delta: many.map((price, at) => (price - few[at]!) / (MANY - FEW)),
    recordings: cpuOf(recorded).map((price) => price / events),
    request: cpuOf([{ kind: 'request', from: client, to: upstream, model, body: asked.body }]),
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

/** The CPU time of some jobs, done once, with each source: the least of several measurements, since others disturb but never help. */
function cpuOf(jobs: readonly Translation.TranslationJob[]): number[] {
  const least = sources.map(() => Number.POSITIVE_INFINITY);
  let times = 1;
  while (measure(here, jobs, times) < SAMPLE_US) times *= 2;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, translate] of sources.entries()) {
      least[at] = Math.min(least[at]!, measure(translate, jobs, times) / times);
    }
  }
  return least;
}

function measure(translate: Translate, jobs: readonly Translation.TranslationJob[], times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) for (const job of jobs) run(translate, job);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Some recorded streams are refused, which is work as well. */
function run(translate: Translate, job: Translation.TranslationJob): void {
  try {
    translate(job, NOW);
  } catch {}
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
