import { describe, expect, test } from 'bun:test';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { parseSse, type SseFrame } from '../../../src/translate/stream/sse.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';
import { answerEcho } from '../../../src/upstream/echo.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';

const never = new AbortController().signal;
const still: Clock = { ...systemClock, now: () => 1_795_000_000_000 };

/** The same question in each dialect, and where its answer has the text. */
const ASK: { readonly [D in DialectId]?: JsonObject } = {
  'openai-chat': { model: 'trivium-echo', messages: [{ role: 'user', content: 'Grüß Gott' }] },
  'openai-responses': { model: 'trivium-echo', input: 'Grüß Gott' },
  'anthropic-messages': {
    model: 'trivium-echo',
    max_tokens: 1_000,
    messages: [{ role: 'user', content: 'Grüß Gott' }],
  },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'Grüß Gott' }] }] },
};
const DIALECTS = Object.keys(ASK) as DialectId[];

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOLS: { readonly [D in DialectId]?: JsonObject } = {
  'openai-chat': {
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: SCHEMA } }],
    tool_choice: 'required',
  },
  'openai-responses': {
    tools: [{ type: 'function', name: 'get_weather', parameters: SCHEMA }],
    tool_choice: 'required',
  },
  'anthropic-messages': { tools: [{ name: 'get_weather', input_schema: SCHEMA }], tool_choice: { type: 'any' } },
  gemini: {
    tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: SCHEMA }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
  },
};

interface Question {
  readonly dialect: DialectId;
  readonly stream?: boolean;
  readonly body?: JsonObject;
  readonly model?: string;
}

function ask({ dialect, stream = false, body = {}, model = 'trivium-echo' }: Question, clock = still, signal = never) {
  const asked = { ...ASK[dialect], ...(dialect === 'gemini' || !stream ? {} : { stream }), ...body };
  return answerEcho({ dialect, model, stream, body: asked, exchangeId: 'exchange-1' }, clock, signal);
}

async function framesOf(response: Response): Promise<SseFrame[]> {
  return runAll(parseSse, [new Uint8Array(await response.arrayBuffer())]);
}

describe('answerEcho', () => {
  test.each(DIALECTS)('%s: a whole answer repeats the prompt', async (dialect) => {
    const response = await ask({ dialect });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toStartWith('application/json');
    expect(await response.text()).toContain('You said: Grüß Gott');
  });

  test.each(DIALECTS)('%s: a stream says the same, word by word', async (dialect) => {
    const response = await ask({ dialect, stream: true });
    expect(response.headers.get('content-type')).toStartWith('text/event-stream');
    const frames = await framesOf(response);
    const words = frames.filter(({ data }) => /Grüß|Gott/.test(data) && /delta|candidates/.test(data));
    expect(words.length).toBeGreaterThanOrEqual(2);
  });

  test.each(DIALECTS)('%s: a demanded call has the arguments its schema demands', async (dialect) => {
    const whole = await (await ask({ dialect, body: TOOLS[dialect]! })).text();
    expect(whole).toContain('get_weather');
    expect(whole).toMatch(/city[\\": ]+example/);
    const frames = await framesOf(await ask({ dialect, stream: true, body: TOOLS[dialect]! }));
    expect(frames.some(({ data }) => data.includes('get_weather'))).toBe(true);
  });

  test('the same question gets the same bytes', async () => {
    const question = { dialect: 'anthropic-messages', stream: true } as const;
    expect(await (await ask(question)).text()).toBe(await (await ask(question)).text());
  });

  test('it serves its own model only', async () => {
    await expect(ask({ dialect: 'openai-chat', model: 'gpt-6' })).rejects.toMatchObject({
      kind: 'upstream-model-unknown',
    });
  });

  test('a body it cannot read is the client’s fault', async () => {
    const broken = ask({ dialect: 'openai-chat', body: { messages: 'hi' } });
    await expect(broken).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  test('words come one by one at the pace of a person when that is asked', async () => {
    const pauses: number[] = [];
    const clock: Clock = { ...still, sleep: async (ms) => void pauses.push(ms) };
    const body = { messages: [{ role: 'user', content: 'Tell me something, slowly' }] };
    const response = await ask({ dialect: 'openai-chat', stream: true, body }, clock);
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body!) chunks.push(chunk);
    expect(pauses.length).toBeGreaterThan(40);
    expect(new Set(pauses)).toEqual(new Set([66]));
    expect(chunks.length).toBe(pauses.length + 1);
    const frames = runAll(parseSse, chunks);
    expect(frames.at(-1)?.data).toBe('[DONE]');
  });

  test('a client that leaves ends the slow stream', async () => {
    const client = new AbortController();
    const clock: Clock = { ...still, sleep: (_ms, signal) => systemClock.sleep(60_000, signal) };
    const body = { messages: [{ role: 'user', content: 'slowly' }] };
    const response = await ask({ dialect: 'openai-chat', stream: true, body }, clock, client.signal);
    const reader = response.body!.getReader();
    await reader.read();
    const rest = reader.read();
    client.abort(new Error('left'));
    await expect(rest).rejects.toThrow('left');
  });
});

test('the provider speaks every dialect that has both halves, and one model', () => {
  expect(PROVIDERS.echo?.endpoints.map(({ dialect }) => dialect)).toEqual(DIALECTS);
  expect(PROVIDERS.echo?.knownModels).toEqual(['trivium-echo']);
  expect(PROVIDERS.echo?.needsCredential).toBe(false);
});
