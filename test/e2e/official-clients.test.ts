import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { accountAt, SERVICES, UPSTREAM_DIALECTS } from '../support/accounts-at.ts';
import type { Client, Said } from '../support/clients/client.ts';
import { generativeAiClient } from '../support/clients/generative-ai.ts';
import { CLIENTS } from '../support/clients.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { text, toolLoop } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import { pairResults } from '../support/pair-results.ts';

/** What Google's old library can do, whoever answers: it is asked for no more. */
const OLDER_GEMINI = 'gemini-2.5-flash';

/** Gemini 3 ends a stream with an empty text, over which the old library loses the conversation. */
function modelFor(client: Client, model: string): string {
  return client === generativeAiClient && model.startsWith('gemini-3') ? OLDER_GEMINI : model;
}

/** Gemini 2 streams all calls in one chunk, of which the old library keeps the last. */
function callsFor(client: Client, dialect: DialectId, stream: boolean) {
  return client === generativeAiClient && dialect === 'gemini' && stream ? CALLS.slice(1) : CALLS;
}

const PROMPT = 'How is the weather in Köln and in Oslo?';
const WORDS = 'Grüße aus Köln: 11 degrees, and −3 in Oslo. 😀';
const USAGE = { input: 40, cacheRead: 16, output: 12 };
const CALLS = [
  { name: 'get_weather', args: { city: 'Köln "Süd"' } },
  { name: 'get_weather', args: { city: 'Oslo' } },
];
const RESULTS: { readonly [city: string]: string } = { 'Köln "Süd"': '11 degrees', Oslo: '−3 degrees' };
const runTool = ({ city }: JsonObject) => RESULTS[String(city)]!;
describe.each(UPSTREAM_DIALECTS)('an upstream that speaks %s', (dialect) => {
  const newest = SERVICES[dialect].model;
  let upstream: FakeUpstream;
  let gateway: Gateway;

  beforeAll(async () => {
    upstream = await startFakeUpstream({ apiKey: 'sk-upstream', models: [newest, OLDER_GEMINI] });
    gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, dialect));
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream.stop();
  });

  /** What the upstream was asked since `from`, all of it taken as valid and in its own dialect. */
  const askedSince = (from: number) => {
    const asked = upstream.generations.slice(from);
    expect(asked.map((request) => request.refusal)).toEqual(asked.map(() => undefined));
    expect(asked.map((request) => request.dialect)).toEqual(asked.map(() => dialect));
    return asked;
  };

  const expectAnswer = (client: Client, said: Said, stream: boolean) => {
    expect(said.text).toBe(WORDS);
    expect(said.model).toBe(modelFor(client, newest));
    expect(said.finish).toBe(client.finishes.stop);
    expect(said.usage).toEqual({ input: USAGE.input, output: USAGE.output, cached: USAGE.cacheRead });
    expect(said.pieces).toBeGreaterThanOrEqual(stream ? 2 : 1);
  };

  for (const client of CLIENTS) {
    const model = modelFor(client, newest);
    for (const stream of [false, true]) {
      const how = stream ? 'streamed' : 'whole';
      const visit = () => ({ url: gateway.url, model, prompt: PROMPT, stream });

      test(`${client.name} gets a ${how} answer`, async () => {
        const from = upstream.generations.length;
        upstream.play(text(WORDS, { usage: USAGE, chunks: 5 }));
        expectAnswer(client, await client.ask(visit()), stream);
        const [asked, ...more] = askedSince(from);
        expect(more).toEqual([]);
        expect(asked?.rawBody).toContain(PROMPT);
        expect(asked?.model).toBe(model);
      });

      if (client.useTools === undefined) continue;
      const calls = callsFor(client, dialect, stream);
      const pairs = calls.map(({ name, args }) => ({ name, args, result: expect.stringContaining(runTool(args)) }));

      test(`${client.name} runs two tools at once, ${how}`, async () => {
        const from = upstream.generations.length;
        upstream.play(...toolLoop(calls, WORDS, { usage: USAGE, chunks: 5 }));
        const [asked, final] = await client.useTools!(visit(), runTool);
        expect(asked.calls).toEqual(calls);
        expect(asked.finish).toBe(client.finishes.calls);
        expectAnswer(client, final, stream);
        const [, second] = askedSince(from);
        expect(pairResults(dialect, second!.body!)).toEqual(pairs);
      });

      test(`${client.name} repeats what a model has thought, ${how}`, async () => {
        const from = upstream.generations.length;
        upstream.play(...toolLoop(calls, WORDS, { usage: USAGE, thinking: 'Two cities, so two calls.' }));
        const [asked, final] = await client.useTools!(visit(), runTool);
        expect(asked.calls).toEqual(calls);
        expect(final.text).toBe(WORDS);
        const [, second] = askedSince(from);
        expect(pairResults(dialect, second!.body!)).toEqual(pairs);
      });
    }
  }
});
