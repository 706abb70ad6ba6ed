import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeResponse } from '../../../../src/translate/anthropic-messages/decode-response.ts';
import { contextOf } from './answer-context.ts';

const message = (content: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content,
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 100, cache_read_input_tokens: 900, cache_creation_input_tokens: 50, output_tokens: 5 },
  ...more,
});
const partsOf = (...content: JsonObject[]) => decodeResponse(message(content), contextOf()).parts;

const SEARCHED = { kind: 'web-search', input: '' } as const;

test('reads every kind of block', () => {
  const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
  expect(
    partsOf(
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'redacted_thinking', data: 'blob' },
      { type: 'text', text: 'a' },
      search,
      { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
      { type: 'tool_use', id: 'u', name: 'f', input: {} },
    ),
  ).toEqual([
    { type: 'reasoning', text: 'hm', seal: { dialect: 'anthropic-messages', value: 'sig' } },
    { type: 'reasoning', text: 'hm' },
    { type: 'reasoning', text: '', seal: { dialect: 'anthropic-messages', value: 'blob', kind: 'redacted' } },
    { type: 'text', text: 'a' },
    { type: 'opaque', dialect: 'anthropic-messages', kind: 'server_tool_use', raw: search, use: SEARCHED },
    { type: 'tool-call', callId: 't', kind: 'function', name: 'f', arguments: '{"a":1}' },
    { type: 'tool-call', callId: 'u', kind: 'function', name: 'f', arguments: '' },
  ]);
});

test('U02: counts what came from and went to the cache as input', () => {
  expect(decodeResponse(message([]), contextOf())).toEqual({
    messageId: 'msg_1',
    model: 'claude-x',
    parts: [],
    finish: { reason: 'stop', wireReason: 'end_turn' },
    usage: { input: 1050, cacheRead: 900, cacheWrite: 50, output: 5 },
    losses: [],
  });
});

test('S42: a text names its sources; a place in a document has no address', () => {
  const found = { type: 'web_search_result_location', url: 'https://a.test', title: 'A', encrypted_index: 'x' };
  const place = { type: 'char_location', document_title: 'D', start_char_index: 3, end_char_index: 9 };
  const { parts, losses } = decodeResponse(
    message([{ type: 'text', text: 'ab', citations: [found, place] }]),
    contextOf(),
  );
  expect(losses).toEqual([]);
  expect(parts).toEqual([
    {
      type: 'text',
      text: 'ab',
      citations: [
        { start: 0, end: 2, url: 'https://a.test', title: 'A', own: { dialect: 'anthropic-messages', raw: found } },
        { start: 0, end: 2, title: 'D', own: { dialect: 'anthropic-messages', raw: place } },
      ],
    },
  ]);
});

describe('an output format', () => {
  const schema = { type: 'object', properties: {} };
  test('is unwrapped from the hidden tool', () => {
    const body = message([{ type: 'tool_use', id: 't', name: 'json_output', input: { a: 1 } }]);
    const { parts } = decodeResponse(body, contextOf({ output: { kind: 'schema', schema } }));
    expect(parts).toEqual([{ type: 'text', text: '{"a":1}' }]);
  });

  test('that is a choice is unwrapped from its object', () => {
    const body = message([{ type: 'text', text: '{"value":"x"}' }]);
    const { parts } = decodeResponse(body, contextOf({ output: { kind: 'choice', values: ['x'] } }));
    expect(parts).toEqual([{ type: 'text', text: 'x' }]);
  });

  test('loses its fence', () => {
    const body = message([{ type: 'text', text: '```json\n{}\n```' }]);
    expect(decodeResponse(body, contextOf({ output: { kind: 'json' } })).parts).toEqual([{ type: 'text', text: '{}' }]);
  });
});

test.each<[JsonObject, string]>([
  [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
  [{ error: { message: 'no such thing' } }, 'upstream-failed'],
  [{}, 'upstream-malformed'],
  [{ content: 'text' }, 'upstream-malformed'],
])('%j is thrown as %s', (body, kind) => {
  expect(() => decodeResponse(body, contextOf())).toThrow(expect.objectContaining({ kind }));
});

test('a call that was cut off is left out, and said to be lost', () => {
  const call = (id: string, input: JsonObject): JsonObject => ({ type: 'tool_use', id, name: 'f', input });
  const content = [call('t', { a: 1 }), call('u', {})];
  const decode = (stop: string) => decodeResponse(message(content, { stop_reason: stop }), contextOf());
  const cut = decode('max_tokens');
  expect(cut.parts.map((part) => part.type === 'tool-call' && part.callId)).toEqual(['t']);
  expect(cut.losses?.map(({ field }) => field)).toEqual(['tool_calls']);
  expect(decode('tool_use').parts).toHaveLength(2);
  expect(decode('tool_use').losses).toEqual([]);
});
