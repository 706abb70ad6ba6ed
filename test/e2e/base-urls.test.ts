import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import type { ExchangeItem } from '../../src/admin/exchange-item.ts';
import { asObjects, type JsonObject } from '../../src/base/json.ts';
import { accountAt } from '../support/accounts-at.ts';
import { type ENDPOINTS, endpointOf } from '../support/endpoints.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

const MODEL = 'trivium-echo';

let gateway: Gateway;
let upstream: FakeUpstream;

beforeAll(async () => {
  gateway = await startGateway();
  upstream = await startFakeUpstream();
  const models = ['meta-llama/Llama-3.3-70B', 'claude-opus-4-5', 'qwen3:8b'];
  await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { models }));
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop();
});

const post = (path: string, body: unknown, headers: HeadersInit = {}) =>
  fetch(gateway.url + path, { method: 'POST', body: JSON.stringify(body), headers });

const lastExchange = async () => (await gateway.api<{ items: ExchangeItem[] }>('/api/requests?limit=1')).body.items[0]!;

describe('base URLs that were joined wrongly', () => {
  const gemini = (method: string) => `models/${MODEL}:${method}`;
  const JOINED: readonly (readonly [dialect: (typeof ENDPOINTS)[number]['dialect'], paths: readonly string[]])[] = [
    [
      'openai-chat',
      [
        '/v1/chat/completions/',
        '/chat/completions',
        '/v1/v1/chat/completions',
        '//v1//chat/completions',
        '/v1/chat/completions/chat/completions',
        '/v1/chat/completions/v1/chat/completions',
        '/openai/v1/chat/completions',
        '/v1beta/openai/chat/completions',
        '/v1/responses/chat/completions',
        '/v1/chat/completions/responses',
        '/v1/messages/chat/completions',
      ],
    ],
    [
      'openai-completions',
      ['/completions', '/v1/v1/completions', '/v1/completions/', '/v1/chat/completions/completions'],
    ],
    [
      'openai-responses',
      ['/responses', '/v1/v1/responses', '/v1/responses/', '/v1/chat/completions/responses', '/v1/responses/responses'],
    ],
    [
      'anthropic-messages',
      [
        '/messages',
        '/v1/v1/messages',
        '/v1/messages/',
        '/anthropic/v1/messages',
        '/v1/messages/v1/messages',
        '/v1/messages?beta=true',
      ],
    ],
    [
      'gemini',
      [
        `/${gemini('generateContent')}`,
        `/v1/${gemini('generateContent')}`,
        `/v1alpha/${gemini('generateContent')}`,
        `/v1beta/v1beta/${gemini('generateContent')}`,
        `/v1beta/v1/${gemini('generateContent')}`,
        `/v1beta/models/${gemini('generateContent')}`,
        `/v1beta/${gemini('generateContent')}/`,
        `/gemini/v1beta/${gemini('generateContent')}`,
        `/v1beta/models/${MODEL}%3AgenerateContent`,
        `/v1beta/models/${MODEL}/generateContent`,
      ],
    ],
  ];

  for (const [dialect, paths] of JOINED) {
    test.each([...paths])(`${dialect} at %s`, async (path) => {
      const endpoint = endpointOf(dialect);
      const response = await post(path, endpoint.body(MODEL, 'Are you there?'));
      const answer = await response.text();
      expect({ status: response.status, answer }).toEqual({
        status: 200,
        answer: expect.stringContaining('Are you there?'),
      });
      const exchange = await lastExchange();
      expect(exchange.dialect).toBe(dialect);
      const plain = decodeURIComponent(path).replace(/\/?(?:\?.*)?$/, '');
      const isRight = plain === endpoint.path(MODEL) || /^\/v1(?:alpha)?\/models/.test(plain);
      // the owner is told what base URL the client should have
      expect(exchange.hint).toEqual(isRight ? null : expect.stringContaining(endpoint.path(MODEL)));
    });
  }

  test('an official library whose base URL holds too much or too little works', async () => {
    for (const base of ['', '/', '/v1/', '/v1/v1', '/v1/chat/completions']) {
      const client = new OpenAI({ apiKey: 'k', baseURL: gateway.url + base, maxRetries: 0 });
      const messages = [{ role: 'user' as const, content: 'Hello' }];
      const answer = await client.chat.completions.create({ model: MODEL, messages });
      expect(answer.choices[0]!.message.content).toContain('Hello');
    }
  });
});

describe('Gemini', () => {
  const { body } = endpointOf('gemini');

  test('models whose names hold slashes and colons are found, written as they are or escaped', async () => {
    for (const name of [
      'meta-llama/Llama-3.3-70B',
      'meta-llama%2FLlama-3.3-70B',
      'qwen3:8b',
      'qwen3%3A8b',
      'models/claude-opus-4-5',
    ]) {
      const response = await post(`/v1beta/models/${name}:generateContent`, body('', 'Hello'));
      expect({ name, status: response.status }).toEqual({ name, status: 200 });
      const asked = decodeURIComponent(name).replace('models/', '');
      expect(upstream.generations.at(-1)!.model).toBe(asked);
      expect(await response.json()).toMatchObject({ modelVersion: asked });
    }
    const wrong = await post('/v1beta/models/%E0%A4%A:generateContent', body('', 'Hello'));
    expect(wrong.status).toBe(404);
  });

  test.each([MODEL, 'claude-opus-4-5'])('%s streams as SSE or as one array', async (model) => {
    const at = `/v1beta/models/${model}:streamGenerateContent`;
    const sse = await post(`${at}?alt=sse`, body('', 'Hello you'));
    expect(sse.headers.get('content-type')).toContain('text/event-stream');
    const events = await sse.text();
    expect(events).toMatch(/^data: \{/);
    expect(events).not.toMatch(/^(?::|event:)|\[DONE\]/m);
    for (const query of ['', '?alt=json', '?key=k']) {
      const array = await post(at + query, body('', 'Hello you'));
      expect(array.headers.get('content-type')).toContain('application/json');
      const chunks = (await array.json()) as JsonObject[];
      expect(textOf(chunks)).toBe(textOf(parseData(events)));
      expect(chunks.length).toBeGreaterThan(1);
    }
  });

  test('an error is an error, and inside an array one of its elements', async () => {
    const unknown = await post('/v1beta/models/nobody:streamGenerateContent', body('', 'Hello'));
    expect(unknown.status).toBe(404);
    expect(endpointOf('gemini').readError(await unknown.json())).toContain('nobody');
  });
});

describe('models', () => {
  const google = { 'x-goog-api-key': 'k' };
  const anthropic = { 'anthropic-version': '2023-06-01' };
  const ids = ['claude-opus-4-5', 'meta-llama/Llama-3.3-70B', 'qwen3:8b', MODEL];
  const read = async (path: string, headers: HeadersInit = {}) =>
    (await (await fetch(gateway.url + path, { headers })).json()) as JsonObject;

  test('are listed in the shape of the client that asks', async () => {
    const openai = await read('/v1/models');
    expect(openai).toMatchObject({ object: 'list' });
    const list = asObjects(openai.data);
    expect(list.map(({ id }) => String(id)).sort()).toEqual([...ids].sort());
    for (const one of list) {
      expect(Object.keys(one).sort()).toEqual(['created', 'id', 'object', 'owned_by']);
      expect([one.object, typeof one.created, typeof one.owned_by]).toEqual(['model', 'number', 'string']);
    }
    const claude = await read('/v1/models?limit=2', anthropic);
    expect(Object.keys(claude).sort()).toEqual(['data', 'first_id', 'has_more', 'last_id']);
    expect(claude.has_more).toBe(true);
    const rest = await read(`/v1/models?limit=1000&after_id=${encodeURIComponent(String(claude.last_id))}`, anthropic);
    const both = [...asObjects(claude.data), ...asObjects(rest.data)];
    expect(both.map(({ id }) => String(id)).sort()).toEqual([...ids].sort());
    expect(both.every((one) => one.type === 'model' && !Number.isNaN(Date.parse(String(one.created_at))))).toBe(true);
    for (const gemini of [
      await read('/v1beta/models'),
      await read('/v1/models', google),
      await read('/v1/models?key=k'),
    ]) {
      const models = asObjects(gemini.models);
      expect(models.map(({ name }) => String(name)).sort()).toEqual(ids.map((id) => `models/${id}`).sort());
      expect(models[0]!.supportedGenerationMethods).toContain('streamGenerateContent');
    }
  });

  test('are told one by one, or not at all', async () => {
    for (const id of ids) {
      expect(await read(`/v1/models/${id}`)).toMatchObject({ id, object: 'model' });
      expect(await read(`/v1/models/${encodeURIComponent(id)}`, anthropic)).toMatchObject({ id, type: 'model' });
      expect(await read(`/v1beta/models/${id}`)).toMatchObject({ name: `models/${id}` });
    }
    for (const [headers, dialect] of [
      [{}, 'openai-chat'],
      [anthropic, 'anthropic-messages'],
      [google, 'gemini'],
    ] as const) {
      const response = await fetch(`${gateway.url}/v1/models/nobody`, { headers });
      expect(response.status).toBe(404);
      expect(endpointOf(dialect).readError(await response.json())).toContain('nobody');
    }
  });

  test('an unknown response is told as such, and a WebSocket is refused so that clients fall back at once', async () => {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${gateway.url}/v1/responses/resp_123`, { method });
      expect(response.status).toBe(404);
      expect(endpointOf('openai-responses').readError(await response.json())).toContain('resp_123');
    }
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'eHh4',
    };
    const socket = await fetch(`${gateway.url}/v1/responses`, { headers: upgrade });
    expect(socket.status).toBe(426);
  });
});

describe('tokens', () => {
  test('are counted by the upstream where it speaks the client’s dialect, else estimated', async () => {
    const messages = [{ role: 'user', content: 'How many tokens are these words?' }];
    const tools = [{ name: 'f', input_schema: { type: 'object' } }];
    const counted = await post('/v1/messages/count_tokens?beta=true', { model: 'claude-opus-4-5', messages, tools });
    expect(await counted.json()).toEqual({ input_tokens: 25 });
    expect(counted.headers.get('x-trivium-warnings')).toBeNull();
    const estimated = await post('/v1/messages/count_tokens', { model: MODEL, messages, tools: [] });
    expect(await estimated.json()).toEqual({ input_tokens: expect.any(Number) });
    expect(estimated.headers.get('x-trivium-warnings')).toMatch(/^estimated=within-\d+%$/);

    const contents = [{ parts: [{ text: 'How many tokens are these words?' }] }];
    for (const path of [
      `/v1beta/models/${MODEL}:countTokens`,
      `/v1/models/${MODEL}:countTokens`,
      `/${MODEL}/countTokens`,
    ]) {
      for (const body of [{ contents }, { generateContentRequest: { model: `models/${MODEL}`, contents } }]) {
        const answer = await post(path, body);
        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
        const { totalTokens } = (await answer.json()) as { totalTokens: number };
        expect(totalTokens).toBeWithin(5, 20);
      }
    }
    const input = 'How many tokens are these words?';
    const responses = await post('/v1/responses/input_tokens', { model: MODEL, input });
    expect(await responses.json()).toMatchObject({ object: 'response.input_tokens', input_tokens: expect.any(Number) });
  });
});

function parseData(events: string): JsonObject[] {
  return [...events.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1]!) as JsonObject);
}

function textOf(chunks: readonly JsonObject[]): string {
  return chunks
    .flatMap((chunk) => asObjects(chunk.candidates))
    .flatMap((candidate) => asObjects((candidate.content as JsonObject | undefined)?.parts))
    .map((part) => part.text ?? '')
    .join('');
}
