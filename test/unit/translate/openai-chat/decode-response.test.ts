import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { type CanonicalRequest, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { decodeResponse } from '../../../../src/translate/openai-chat/decode-response.ts';

const decode = (body: JsonObject, request: Partial<CanonicalRequest> = {}) =>
  decodeResponse(body, { request: { ...emptyRequest('m', false), ...request }, exchangeId: 'x', createdAt: 0 });
const answer = (message: JsonObject, choice: JsonObject = {}, body: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  model: 'up',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...choice }],
  ...body,
});
const partsOf = (message: JsonObject, choice: JsonObject = {}) => decode(answer(message, choice)).parts;
const call = (id: string, args: string) => ({ id, type: 'function', function: { name: 'f', arguments: args } });

test('an answer', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  expect(decode(answer({ content: 'a' }, {}, { usage }))).toEqual({
    messageId: 'chatcmpl-1',
    model: 'up',
    parts: [{ type: 'text', text: 'a' }],
    finish: { reason: 'stop', wireReason: 'stop' },
    usage: { input: 3, output: 2 },
    losses: [],
  });
});

describe('parts', () => {
  const cases: readonly (readonly [string, JsonObject, unknown])[] = [
    ['an empty answer', { content: null, refusal: null, tool_calls: null, reasoning: null }, []],
    [
      'a thought',
      { content: 'b', reasoning_content: 'a' },
      [
        { type: 'reasoning', text: 'a', raw: true },
        { type: 'text', text: 'b' },
      ],
    ],
    ['a refusal', { content: null, refusal: 'no' }, [{ type: 'text', text: 'no', refusal: true }]],
    [
      'a list, as Mistral answers',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'a' }] },
          { type: 'text', text: 'b' },
        ],
      },
      [
        { type: 'reasoning', text: 'a', raw: true },
        { type: 'text', text: 'b' },
      ],
    ],
    [
      'calls',
      {
        content: null,
        tool_calls: [call('a', '{"x":1}'), { id: 'b', type: 'custom', custom: { name: 'c', input: 'y' } }],
      },
      [
        { type: 'tool-call', callId: 'a', kind: 'function', name: 'f', arguments: '{"x":1}' },
        { type: 'tool-call', callId: 'b', kind: 'custom', name: 'c', arguments: 'y' },
      ],
    ],
    [
      'an image',
      { content: 'a', images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] },
      [
        { type: 'text', text: 'a' },
        { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA==' } },
      ],
    ],
    [
      'sound and what is said in it',
      { content: null, audio: { id: 'x', data: 'AA==', transcript: 'a' } },
      [
        { type: 'text', text: 'a' },
        { type: 'media', kind: 'audio', source: { type: 'base64', mimeType: 'audio/wav', data: 'AA==' } },
      ],
    ],
  ];
  for (const [name, message, parts] of cases) test(name, () => expect(partsOf(message)).toEqual(parts as never));

  test('the proof of a thought', () => {
    const reasoning_details = [
      { type: 'reasoning.summary', summary: 'a', format: 'openai-responses-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'D', id: 'rs_1', format: 'openai-responses-v1', index: 1 },
    ];
    expect(partsOf({ content: 'b', reasoning: 'a', reasoning_details })[0]).toEqual({
      type: 'reasoning',
      text: 'a',
      seal: {
        dialect: 'openai-chat',
        value:
          '[{"type":"reasoning.summary","format":"openai-responses-v1","index":0},{"type":"reasoning.encrypted","data":"D","id":"rs_1","format":"openai-responses-v1","index":1}]',
      },
    });
  });

  test('two calls never have one id', () => {
    const ids = partsOf({ tool_calls: [call('a', '{}'), call('a', '{}')] }).map(
      (part) => 'callId' in part && part.callId,
    );
    expect(ids[0]).toBe('a');
    expect(ids[1]).toMatch(/^call_\w{24}$/);
  });

  test('F2: half a call of an answer that was cut is no call', () => {
    const cut = decode(answer({ tool_calls: [call('a', '{"x":'), call('b', '{}')] }, { finish_reason: 'length' }));
    expect(cut.parts).toMatchObject([{ callId: 'b' }]);
    expect(cut.losses).toMatchObject([{ field: 'tool_calls', effect: 'dropped' }]);
  });

  test('one of several words is taken out of its object', () => {
    const output = { kind: 'choice', values: ['yes', 'no'] } as const;
    expect(decode(answer({ content: '{"value":"yes"}' }), { output }).parts).toEqual([{ type: 'text', text: 'yes' }]);
    expect(decode(answer({ content: 'yes' }), { output }).parts).toEqual([{ type: 'text', text: 'yes' }]);
  });

  test('sources are of the text that names them', () => {
    const link = { url: 'https://a.test', title: 'A', start_index: 1, end_index: 2 };
    const annotation = { type: 'url_citation', url_citation: link };
    const own = { dialect: 'openai-chat' as const, raw: annotation };
    expect(decode(answer({ content: 'abc', annotations: [annotation] })).parts).toEqual([
      { type: 'text', text: 'abc', citations: [{ start: 1, end: 2, url: 'https://a.test', title: 'A', own }] },
    ]);
    expect(decode(answer({ content: 'a', annotations: [] })).parts).toEqual([{ type: 'text', text: 'a' }]);
  });

  test('sources beside the message are of all its text', () => {
    const beside = {
      citations: ['https://a.test', 'https://b.test'],
      search_results: [{ url: 'https://b.test', title: 'B' }],
    };
    expect(decode({ ...answer({ content: 'abc' }), ...beside }).parts).toEqual([
      {
        type: 'text',
        text: 'abc',
        citations: [
          { start: 0, end: 3, url: 'https://a.test' },
          { start: 0, end: 3, url: 'https://b.test', title: 'B' },
        ],
      },
    ]);
  });
});

test('U09: an answer without message or usage is an answer', () => {
  expect(decode({ choices: [{ index: 0, finish_reason: 'content_filter' }] })).toEqual({
    parts: [],
    finish: { reason: 'content-filter', wireReason: 'content_filter' },
    losses: [],
  });
});

describe('an error in a body that says it is fine', () => {
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ['OpenAI', { error: { message: 'm', type: 'invalid_request_error' } }, 'invalid-request'],
    ['Azure', { error: { message: 'm', type: null, code: 'content_filter', status: 400 } }, 'content-blocked'],
    ['OpenRouter', { error: { message: 'm', code: 502 } }, 'upstream-failed'],
    [
      'OpenRouter, of a choice',
      answer({}, { finish_reason: 'error', error: { message: 'm', code: 429 } }),
      'rate-limited',
    ],
    ['Ollama', { error: 'm' }, 'upstream-failed'],
    ['Mistral', { object: 'error', message: 'm' }, 'upstream-failed'],
    ['nobody', { object: 'list', data: [] }, 'upstream-malformed'],
    [
      'a server out of resources',
      { choices: [{ index: 0, message: { content: '' }, finish_reason: 'insufficient_system_resource' }] },
      'overloaded',
    ],
    ['no choice', { id: 'x', choices: [] }, 'upstream-malformed'],
  ];
  for (const [name, body, kind] of cases) {
    test(`${name}: ${kind}`, () => {
      let thrown: unknown;
      try {
        decode(body);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(GatewayError);
      expect((thrown as GatewayError).kind).toBe(kind as never);
    });
  }
});
