import { describe, expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import { createWatchdog } from '../../../src/base/watchdog.ts';
import type { StoredAsk } from '../../../src/relay/answer-stored-response.ts';
import type { ClientCall } from '../../../src/relay/call.ts';
import { type ClientApiPorts, createClientApi } from '../../../src/routes/client-api.ts';
import { findEndpoint } from '../../../src/routes/find-endpoint.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const CHAT = { model: 'm', messages: [] };
const RESPONSES = { model: 'm', input: 'hi' };
const GEMINI = { contents: [] };

/** Paths that have a route of their own; all others come to `answerAnyPath`. */
const ROUTES: readonly string[] = ['/healthz', '/v1/chat/completions', '/v1/responses', '/v1/messages', '/v1/models'];

const offered = [{ id: 'm', owner: 'openai', createdAt: 0, facts: {} }];

/** Asks a client API whose relay only notes what it is given. */
async function ask(path: string, init: RequestInit & { json?: object } = {}, change: Partial<ClientApiPorts> = {}) {
  const clock = createFakeClock();
  const calls: ClientCall[] = [];
  const counted: ClientCall[] = [];
  const asks: StoredAsk[] = [];
  const answered = { type: 'whole', status: 200, headers: {}, body: '{}' } as const;
  const note = (list: ClientCall[]) => async (call: ClientCall) => {
    list.push(call);
    return answered;
  };
  const api = createClientApi({
    relay: { carry: note(calls) },
    countTokens: note(counted),
    storedResponse: async (stored) => {
      asks.push(stored);
      return answered;
    },
    models: { list: () => offered, find: (id) => offered.find((model) => model.id === id) },
    clock,
    watchdog: createWatchdog(clock),
    log: silentLog,
    isRunning: () => true,
    keyPolicy: () => ({ mode: 'off', apiKey: '' }),
    maxBodyBytes: () => 100_000,
    ...change,
  });
  const { json, ...rest } = init;
  const request = new Request(`http://localhost${path}`, {
    ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
    ...rest,
  });
  const endpoint = ROUTES.includes(path) ? findEndpoint(path) : undefined;
  const response = endpoint === undefined ? await api.answerAnyPath(request) : await api.answer(request, endpoint);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, calls, counted, asks };
}

describe('a request for an answer', () => {
  test.each([
    ['/v1/chat/completions', CHAT, 'openai-chat'],
    ['/v1/completions', { model: 'm', prompt: 'hi' }, 'openai-completions'],
    ['/v1/responses', RESPONSES, 'openai-responses'],
    ['/v1/messages', CHAT, 'anthropic-messages'],
    ['/chat/completions', CHAT, 'openai-chat'],
    ['/v1/v1/messages/', CHAT, 'anthropic-messages'],
    ['/v1/chat/completions/responses', RESPONSES, 'openai-responses'],
    ['/v1/chat/completions/responses', CHAT, 'openai-chat'],
    ['/v1beta/models/m:generateContent', GEMINI, 'gemini'],
  ] as const)('at %s with %j is one of %s', async (path, json, dialect) => {
    const { calls, status } = await ask(path, { json });
    expect(status).toBe(200);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ dialect, model: 'm', stream: false, asArray: false, strict: false });
  });

  test('says whether it wants a stream, each dialect in its own way', async () => {
    const streamOf = async (path: string, json: object) => {
      const { calls } = await ask(path, { json });
      return [calls[0]!.stream, calls[0]!.asArray];
    };
    expect(await streamOf('/v1/messages', { ...CHAT, stream: true })).toEqual([true, false]);
    expect(await streamOf('/v1beta/models/m:streamGenerateContent?alt=sse', GEMINI)).toEqual([true, false]);
    expect(await streamOf('/v1beta/models/m:streamGenerateContent', GEMINI)).toEqual([true, true]);
    expect(await streamOf('/v1beta/models/m:generateContent', { ...GEMINI, stream: true })).toEqual([false, false]);
  });

  test('may ask for strict translation, and tells who asks', async () => {
    const headers = { 'x-trivium-strict': '1', 'user-agent': 'curl/8' };
    const { calls } = await ask('/v1/messages', { json: CHAT, headers });
    expect(calls[0]).toMatchObject({ strict: true, client: 'curl', path: '/v1/messages' });
  });

  test('leaves a hint when its path had to be repaired, and none when not', async () => {
    expect((await ask('/v1/chat/completions', { json: CHAT })).calls[0]!.hint).toBeUndefined();
    const hint = (await ask('/v1/v1/chat/completions', { json: CHAT })).calls[0]!.hint;
    expect(hint).toContain('/v1/v1/chat/completions');
    expect(hint).toContain('should lead to /v1/chat/completions');
  });
});

describe('a request for a count', () => {
  test.each([
    ['/v1/messages/count_tokens', CHAT],
    ['/v1/responses/input_tokens', RESPONSES],
    ['/v1beta/models/m:countTokens', GEMINI],
    ['/v1beta/models/m/countTokens', GEMINI],
  ])('at %s goes to the counter', async (path, json) => {
    const { counted, calls } = await ask(path, { json });
    expect([counted.length, calls.length]).toEqual([1, 0]);
    expect(counted[0]!.model).toBe('m');
  });
});

describe('what needs no account', () => {
  test.each([
    ['/healthz', { status: 'ok' }],
    ['/v1/models', { object: 'list', data: [{ id: 'm', object: 'model', created: 0, owned_by: 'openai' }] }],
    ['/v1/models/m', { id: 'm', object: 'model', created: 0, owned_by: 'openai' }],
  ])('%s', async (path, body) => {
    const { status, text } = await ask(path);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(body);
  });
});

describe('a response that a client had before', () => {
  test.each([
    ['GET', '/v1/responses/resp_1?include=x', 'read'],
    ['DELETE', '/v1/responses/resp_1', 'delete'],
    ['GET', '/v1/responses/resp_1/input_items', 'list-input'],
    ['POST', '/responses/resp_1/cancel', 'cancel'],
  ] as const)('%s %s: %s', async (method, path, wish) => {
    const { asks, status } = await ask(path, { method });
    expect(status).toBe(200);
    expect(asks.map(({ id, wish: asked }) => ({ id, wish: asked }))).toEqual([{ id: 'resp_1', wish }]);
    expect(asks[0]!.query.get('include')).toBe(path.includes('include=') ? 'x' : null);
  });

  test('is compacted by the relay, as a call for another resource', async () => {
    const { calls } = await ask('/v1/responses/compact', { json: { ...RESPONSES, stream: true } });
    expect(calls[0]).toMatchObject({ dialect: 'openai-responses', model: 'm', stream: false, resource: 'compact' });
  });

  test('is not asked for by a method of another part', async () => {
    expect((await ask('/v1/responses/resp_1/cancel')).headers.get('allow')).toBe('POST');
    expect((await ask('/v1/responses/compact')).status).toBe(405);
    expect((await ask('/v1/responses/resp_1/input_items', { method: 'DELETE' })).headers.get('allow')).toBe('GET');
  });
});

describe('a refusal', () => {
  const shapes = {
    openai: { error: { message: expect.any(String), type: expect.any(String) } },
    anthropic: { type: 'error', error: { type: expect.any(String), message: expect.any(String) } },
    gemini: { error: { code: expect.any(Number), message: expect.any(String), status: expect.any(String) } },
  };

  test.each([
    ['/v1/chat/completions', shapes.openai],
    ['/v1/responses', shapes.openai],
    ['/v1/messages', shapes.anthropic],
    ['/v1beta/models/m:generateContent', shapes.gemini],
  ])('at %s has the shape of its dialect', async (path, shape) => {
    const { status, text, headers } = await ask(path, { method: 'POST', body: 'no json' });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject(shape);
    expect(headers.get('x-trivium-verdict')).toBe('client-error');
    expect(headers.get('x-trivium-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['GET', '/v1/chat/completions', 'POST'],
    ['GET', '/chat/completions', 'POST'],
    ['PUT', '/v1/v1/messages', 'POST'],
    ['DELETE', '/v1beta/models/m:generateContent', 'POST'],
    ['POST', '/v1/models', 'GET, HEAD'],
    ['POST', '/v1/responses/resp_1', 'GET, DELETE'],
  ])('of %s at %s names the right method: %s', async (method, path, allow) => {
    const { status, headers, calls } = await ask(path, { method });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    expect(calls).toEqual([]);
  });

  test('of a WebSocket tells the client to send a request', async () => {
    expect((await ask('/v1/responses', { headers: { upgrade: 'WebSocket' } })).status).toBe(426);
  });

  test.each([
    ['/v1/nothing', {}, '/v1'],
    ['/nothing', { 'anthropic-version': '2023-06-01' }, 'http://localhost.'],
    ['/v1beta/nothing', {}, 'Gemini client'],
    ['/constructor', {}, '/v1'],
  ])('at the unknown path %s with %j names the right base URL', async (path, headers, words) => {
    const { status, text } = await ask(path, { headers: headers as HeadersInit });
    expect(status).toBe(404);
    expect(text).toContain(path);
    expect(text).toContain(words);
  });

  test('of an unknown model is a 404', async () => {
    expect((await ask('/v1/models/other')).status).toBe(404);
  });

  test('of a body beyond the limit is a 413', async () => {
    const { status, calls } = await ask('/v1/messages', { json: CHAT }, { maxBodyBytes: () => 10 });
    expect(status).toBe(413);
    expect(calls).toEqual([]);
  });

  test('while the service is stopped: everything but its health', async () => {
    const stopped = { isRunning: () => false };
    for (const path of ['/v1/messages', '/v1/v1/messages', '/v1beta/models/m:generateContent']) {
      const { status, calls } = await ask(path, { json: CHAT }, stopped);
      expect(status).toBe(503);
      expect(calls).toEqual([]);
    }
    const { status, text } = await ask('/healthz', {}, stopped);
    expect([status, JSON.parse(text)]).toEqual([503, { status: 'stopped' }]);
  });

  test('without the key, before anything is read or told', async () => {
    const keyed = { keyPolicy: () => ({ mode: 'all_except_health', apiKey: 'sk-0123456789' }) as const };
    for (const path of [
      '/v1/messages',
      '/v1/models',
      '/v1/v1/messages',
      '/v1beta/models/m:generateContent',
      '/nothing',
    ]) {
      const { status, calls } = await ask(path, { json: CHAT }, keyed);
      expect([path, status]).toEqual([path, 401]);
      expect(calls).toEqual([]);
    }
    expect((await ask('/healthz', {}, keyed)).status).toBe(200);
    expect((await ask('/v1/models', { headers: { 'x-api-key': 'sk-0123456789' } }, keyed)).status).toBe(200);
  });

  test('of our own fault keeps its words to itself', async () => {
    const broken = {
      relay: {
        carry: () => {
          throw new TypeError('secret detail');
        },
      },
    };
    const { status, text } = await ask('/v1/messages', { json: CHAT }, broken);
    expect(status).toBe(500);
    expect(text).not.toContain('secret detail');
  });
});
