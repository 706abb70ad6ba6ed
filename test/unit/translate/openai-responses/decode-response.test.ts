import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeResponse, watchResponse } from '../../../../src/translate/openai-responses/decode-response.ts';
import { contextOf } from './samples.ts';

const body = (output: JsonObject[], more: JsonObject = {}): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'gpt-5.4',
  error: null,
  output,
  ...more,
});
const says = (text: string): JsonObject => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const decode = (output: JsonObject[], more?: JsonObject) => decodeResponse(body(output, more), contextOf());

test('an answer of every kind of item', () => {
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
  const parts = decode([
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ text: 'a' }, { text: 'b' }],
      encrypted_content: 'sealed',
    },
    { type: 'reasoning', id: 'rs_2', summary: [] },
    search,
    says('Hi'),
    { type: 'function_call', call_id: 'c1', name: 'f', namespace: 'n', arguments: '{"a":1}' },
    { type: 'custom_tool_call', call_id: 'c2', name: 'g', input: 'ls' },
    { type: 'image_generation_call', id: 'ig_1', result: 'AA==' },
  ]).parts;
  expect(parts).toEqual([
    {
      type: 'reasoning',
      text: 'a\n\nb',
      seal: { dialect: 'openai-responses', value: 'sealed', id: 'rs_1' },
    },
    {
      type: 'opaque',
      dialect: 'openai-responses',
      kind: 'web_search_call',
      raw: search,
      use: { kind: 'web-search', input: '' },
    },
    { type: 'text', text: 'Hi' },
    { type: 'tool-call', callId: 'c1', kind: 'function', name: 'f', namespace: 'n', arguments: '{"a":1}' },
    { type: 'tool-call', callId: 'c2', kind: 'custom', name: 'g', arguments: 'ls' },
    { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA==' } },
  ]);
});

test('what is said of the answer', () => {
  const usage = { input_tokens: 5, input_tokens_details: { cached_tokens: 9 }, output_tokens: 2, total_tokens: 7 };
  const response = decode([says('Hi')], { usage });
  expect(response).toMatchObject({
    messageId: 'resp_1',
    model: 'gpt-5.4',
    finish: { reason: 'stop', wireReason: 'completed' },
    usage: { input: 5, cacheRead: 5, output: 2 },
    losses: [],
  });
});

describe('ends', () => {
  const refused: JsonObject = { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] };
  const cases: [JsonObject[], JsonObject, unknown][] = [
    [[says('a')], { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [[], { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    [[refused], {}, 'content-filter'],
    [[says('a'), refused], {}, 'stop'],
  ];
  test.each(cases)('%j with %j', (output, more, reason) => {
    expect(decode(output, more).finish.reason as unknown).toBe(reason);
  });
});

test('a text names its sources', () => {
  const raw: JsonObject = { type: 'url_citation', start_index: 0, end_index: 1, url: 'https://a.test', title: 'A' };
  const file: JsonObject = { type: 'file_citation', file_id: 'f', filename: 'n', index: 1 };
  const message: JsonObject = {
    type: 'message',
    content: [{ type: 'output_text', text: 'ab', annotations: [raw, file], logprobs: [] }],
  };
  const own = (wire: JsonObject) => ({ own: { dialect: 'openai-responses' as const, raw: wire } });
  expect(decode([message]).parts).toEqual([
    {
      type: 'text',
      text: 'ab',
      citations: [
        { start: 0, end: 1, url: 'https://a.test', title: 'A', ...own(raw) },
        { start: 1, end: 1, ...own(file) },
      ],
    },
  ]);
});

describe('errors in a body with status 200', () => {
  const cases: [string, JsonObject, string][] = [
    ['an error object', { error: { code: 'server_is_overloaded', message: 'busy' } }, 'overloaded'],
    [
      'a failed response',
      body([], { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'x' } }),
      'rate-limited',
    ],
    ['a response that is not finished', body([], { status: 'queued' }), 'upstream-malformed'],
    ['a canceled response', body([], { status: 'cancelled' }), 'upstream-malformed'],
    ['no response at all', { hello: 1 }, 'upstream-malformed'],
  ];
  test.each(cases)('%s', (_name, wire, kind) => {
    let thrown: unknown;
    try {
      decodeResponse(wire, contextOf());
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).kind as string).toBe(kind);
  });
});

test('a broken answer loses what is broken and no more', () => {
  const parts = decode([
    {},
    { type: 'message', content: 'x' },
    { type: 'message', content: [5 as never] },
    says('Hi'),
  ]).parts;
  expect(parts).toEqual([{ type: 'text', text: 'Hi' }]);
});

test('a call without a name or id gets both', () => {
  expect(decode([{ type: 'function_call', arguments: { a: 1 } }]).parts).toEqual([
    {
      type: 'tool-call',
      callId: expect.stringMatching(/^call_[A-Za-z0-9]{24}$/),
      kind: 'function',
      name: 'unknown',
      arguments: '{"a":1}',
    },
  ] as never);
});

test('a choice of words is taken out of its object', () => {
  const context = contextOf({ output: { kind: 'choice', values: ['yes'] } });
  expect(decodeResponse(body([says('{"value":"yes"}')]), context).parts).toEqual([{ type: 'text', text: 'yes' }]);
});

describe('the report on a whole answer', () => {
  test('that went well', () => {
    expect(watchResponse(body([says('Hi')], { usage: { input_tokens: 1 } }))).toEqual({
      contentSeen: true,
      ended: true,
      usage: { input: 1 },
      finish: { reason: 'stop', wireReason: 'completed' },
      model: 'gpt-5.4',
      storedAs: 'resp_1',
    });
  });
  test('that is not stored, or is no response', () => {
    const unstored = body([], { store: false });
    expect(watchResponse(unstored).storedAs).toBeUndefined();
    expect(watchResponse(unstored).unstored).toBe(unstored);
    expect(watchResponse(body([])).unstored).toBeUndefined();
    expect(watchResponse(body([], { object: 'response.compaction' })).storedAs).toBeUndefined();
  });
  test('that failed', () => {
    const failed = body([], { status: 'failed', error: { code: 'server_error', message: 'x' } });
    expect(watchResponse(failed)).toMatchObject({ ended: false, error: { kind: 'upstream-failed' } });
  });
});
