import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeStream } from '../../../../src/translate/anthropic-messages/decode-stream.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { keepEventLaw } from '../../../../src/translate/canonical/event-law.ts';
import type { CanonicalRequest } from '../../../../src/translate/canonical/request.ts';
import type { SseFrame } from '../../../../src/translate/stream/sse.ts';
import { chain, runAll } from '../../../../src/translate/stream/transducer.ts';
import { contextOf } from './answer-context.ts';

type Data = JsonObject & { readonly type: string };
const frame = (data: Data): SseFrame => ({ event: data.type, data: JSON.stringify(data) });
const START: Data = { type: 'message_start', message: { id: 'msg_1', model: 'claude-x', usage: { input_tokens: 5 } } };
const STOP: Data = { type: 'message_stop' };
const start = (block: JsonObject, index = 0): Data => ({ type: 'content_block_start', index, content_block: block });
const delta = (value: JsonObject, index = 0): Data => ({ type: 'content_block_delta', index, delta: value });
const stop = (index = 0): Data => ({ type: 'content_block_stop', index });
const ending = (reason: string, more: JsonObject = {}): Data => ({
  type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null, ...more },
  usage: { output_tokens: 7 },
});

const decodeFrames = (frames: readonly SseFrame[], request: Partial<CanonicalRequest> = {}) =>
  runAll(decodeStream(contextOf(request)), frames);
const decode = (datas: readonly Data[], request: Partial<CanonicalRequest> = {}) =>
  decodeFrames(datas.map(frame), request);
/** The events of one block, without start and end of the message. */
const block = (...datas: Data[]) => decode([START, ...datas, ending('end_turn'), STOP]).slice(1, -1);
const last = (datas: readonly Data[]) => decode(datas).at(-1) as CanonicalEvent & { type: 'message-end' };

describe('blocks', () => {
  test('text', () => {
    expect(block(start({ type: 'text', text: '' }), delta({ type: 'text_delta', text: ' \n' }), stop())).toEqual([
      { type: 'text-start' },
      { type: 'text-delta', text: ' \n' },
      { type: 'text-end' },
    ]);
  });

  test('text that is there from the start', () => {
    expect(block(start({ type: 'text', text: 'a' }), stop())[1]).toEqual({ type: 'text-delta', text: 'a' });
  });

  test('thinking ends in its seal', () => {
    expect(
      block(
        start({ type: 'thinking', thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking: 'hm' }),
        delta({ type: 'signature_delta', signature: 'sig' }),
        stop(),
      ),
    ).toEqual([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'reasoning-end', seal: { dialect: 'anthropic-messages', value: 'sig' } },
    ]);
  });

  test('redacted thinking is a seal', () => {
    expect(block(start({ type: 'redacted_thinking', data: 'blob' }), stop())).toEqual([
      { type: 'reasoning-start' },
      { type: 'reasoning-end', seal: { dialect: 'anthropic-messages', value: 'blob', kind: 'redacted' } },
    ]);
  });

  const call = (input: JsonObject) => start({ type: 'tool_use', id: 't', name: 'f', input });
  const piece = (partial_json: string) => delta({ type: 'input_json_delta', partial_json });
  test.each<[string, Data[], string]>([
    ['pieces', [call({}), piece(''), piece('{"n":12345678901234'), piece('56789}')], '{"n":1234567890123456789}'],
    ['S03: an input at the start alone', [call({ a: 1 })], '{"a":1}'],
    ['S03: an input at the start and in pieces', [call({ a: 1 }), piece('{"a":2}')], '{"a":2}'],
    ['S08: no input', [call({}), piece('')], ''],
  ])('a call with %s', (_name, datas, args) => {
    const events = block(...datas, stop());
    expect(events[0]).toEqual({ type: 'tool-call-start', callId: 't', kind: 'function', name: 'f' });
    expect(events.at(-1)).toEqual({ type: 'tool-call-end' });
    expect(events.map((event) => (event.type === 'tool-call-delta' ? event.text : '')).join('')).toBe(args);
  });

  test('S05: a call without an id gets one that is the same each time', () => {
    const once = () => block(start({ type: 'tool_use', name: 'f', input: {} }), stop())[0] as { callId: string };
    expect(once().callId).toMatch(/^toolu_01[A-Za-z0-9]{22}$/);
    expect(once().callId).toBe(once().callId);
  });

  test('a server tool is told whole', () => {
    expect(
      block(
        start({ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
        piece('{"query":'),
        piece('"x"}'),
        stop(),
      ),
    ).toEqual([
      {
        type: 'opaque',
        part: {
          type: 'opaque',
          dialect: 'anthropic-messages',
          kind: 'server_tool_use',
          raw: { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
          use: { kind: 'web-search', input: 'x' },
        },
      },
    ]);
  });

  test('a compaction gathers its content', () => {
    const [event] = block(
      start({ type: 'compaction', content: null }),
      delta({ type: 'compaction_delta', content: 'a' }),
      delta({ type: 'compaction_delta', content: 'b' }),
      stop(),
    );
    expect(event).toMatchObject({ part: { kind: 'compaction', raw: { type: 'compaction', content: 'ab' } } });
  });

  test('a block whose end is missing ends when the next begins', () => {
    const types = block(start({ type: 'text', text: 'a' }), start({ type: 'text', text: 'b' }, 1), stop(1));
    expect(types.map((event) => event.type)).toEqual([
      'text-start',
      'text-delta',
      'text-end',
      'text-start',
      'text-delta',
      'text-end',
    ]);
  });
});

describe('the end', () => {
  test.each<[string, JsonObject, object]>([
    ['end_turn', {}, { reason: 'stop' }],
    ['stop_sequence', { stop_sequence: 'X' }, { reason: 'stop', stopSequence: 'X' }],
    ['max_tokens', {}, { reason: 'length' }],
    ['model_context_window_exceeded', {}, { reason: 'length', contextWindow: true }],
    ['tool_use', {}, { reason: 'tool-calls' }],
    ['pause_turn', {}, { reason: 'pause' }],
    [
      'U11: refusal',
      { stop_details: { explanation: 'no' } },
      { reason: 'content-filter', refused: true, explanation: 'no' },
    ],
    ['something_new', {}, { reason: 'stop' }],
  ])('%s', (name, more, finish) => {
    const reason = name.replace(/^U11: /, '');
    expect(last([START, ending(reason, more), STOP]).finish).toEqual({ ...finish, wireReason: reason } as never);
  });

  test('is told once, and nothing after it', () => {
    const events = decode([
      START,
      ending('end_turn'),
      STOP,
      ending('tool_use'),
      STOP,
      start({ type: 'text', text: 'x' }),
    ]);
    expect(events.map((event) => event.type)).toEqual(['message-start', 'message-end']);
  });

  test('counts when only the last event is missing', () => {
    expect(last([START, start({ type: 'text', text: 'a' }), ending('end_turn')]).finish.reason).toBe('stop');
  });

  test('S25: is not made up', () => {
    const datas = [START, start({ type: 'text', text: 'a' })].map(frame);
    expect(runAll(decodeStream(contextOf()), datas).at(-1)!.type).toBe('text-delta');
    const lawful = runAll(chain(decodeStream(contextOf()), keepEventLaw), datas);
    expect(lawful.at(-1)).toMatchObject({ type: 'stream-error', error: { kind: 'upstream-malformed' } });
  });
});

describe('usage', () => {
  const withUsage = (first: JsonObject, later: JsonObject) =>
    last([
      { type: 'message_start', message: { usage: first } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: later },
      STOP,
    ]).usage;

  test('U04: a later report replaces the earlier one', () => {
    const first = { input_tokens: 61, cache_read_input_tokens: 10, output_tokens: 1 };
    expect(withUsage(first, { input_tokens: 43, output_tokens: 9 })).toEqual({ input: 53, cacheRead: 10, output: 9 });
  });

  test('U05: figures that come only at the end count, zeros there do not', () => {
    expect(withUsage({ input_tokens: 0 }, { input_tokens: 8, cache_read_input_tokens: 2, output_tokens: 3 })).toEqual({
      input: 10,
      cacheRead: 2,
      output: 3,
    });
    expect(withUsage({ input_tokens: 8 }, { input_tokens: 0, output_tokens: 3 })).toEqual({ input: 8, output: 3 });
  });

  test('S39: null is no figure', () => {
    expect(withUsage({ input_tokens: 8, cache_read_input_tokens: null }, { output_tokens: 3 })).toEqual({
      input: 8,
      output: 3,
    });
  });

  test('S44: a second start adds no message, only figures', () => {
    const events = decode([
      START,
      { type: 'message_start', message: { usage: { input_tokens: 9 } } },
      ending('end_turn'),
      STOP,
    ]);
    expect(events).toEqual([
      { type: 'message-start', messageId: 'msg_1', model: 'claude-x', usage: { input: 5 } },
      { type: 'message-end', finish: { reason: 'stop', wireReason: 'end_turn' }, usage: { input: 9, output: 7 } },
    ]);
  });
});

describe('what is not an answer', () => {
  test.each<[string, JsonObject, string]>([
    ['S26: overload', { type: 'overloaded_error', message: 'Overloaded' }, 'overloaded'],
    ['S26: a fault', { type: 'api_error', message: 'Internal server error' }, 'upstream-failed'],
    ['a limit', { type: 'rate_limit_error', message: 'slow' }, 'rate-limited'],
    ['an unknown type', { type: 'odd', message: 'odd' }, 'upstream-failed'],
  ])('%s is an error', (_name, error, kind) => {
    const events = decode([START, start({ type: 'text', text: 'a' }), { type: 'error', error }, STOP]);
    expect(events.at(-1)).toMatchObject({ type: 'stream-error', error: { kind, message: error.message } });
  });

  test('an error without a type is one too', () => {
    const [event] = decodeFrames([{ data: '{"error":{"message":"bad"}}' }]);
    expect(event).toMatchObject({ type: 'stream-error', error: { message: 'bad' } });
  });

  test('S15: events without a name are known by their type', () => {
    const frames = [START, ending('end_turn'), STOP].map((data) => ({ data: JSON.stringify(data) }));
    expect(decodeFrames(frames).map((event) => event.type)).toEqual(['message-start', 'message-end']);
  });

  test.each([
    '',
    'null',
    '{',
    '[DONE]',
    '[1]',
    '"x"',
    '7',
    '{}',
    '{"type":7}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":"ping"}',
  ])('%s is passed over', (data) => {
    expect(decodeFrames([{ data }])).toEqual([]);
  });

  test.each<Data>([
    { type: 'message_start' },
    { type: 'content_block_start' },
    { type: 'content_block_delta' },
    { type: 'content_block_delta', delta: { type: 'text_delta' } },
    { type: 'content_block_start', content_block: { type: 'tool_use' } },
    { type: 'message_delta' },
    { type: 'message_delta', delta: null, usage: 'x' },
    { type: 'error' },
    { type: 'error', error: { type: '__proto__', details: { error_code: 'constructor' } } },
    { type: 'content_block_start', content_block: { type: '__proto__' } },
    { type: 'content_block_delta', delta: { type: '__proto__' } },
    { type: 'message_delta', delta: { stop_reason: '__proto__' } },
  ])('%j throws nothing', (data) => {
    expect(() => decode([data, delta({ type: 'input_json_delta', partial_json: 5 }), stop(), STOP])).not.toThrow();
  });
});

test('an answer by the hidden tool is text', () => {
  const output = { kind: 'schema', schema: { type: 'object', properties: {} } } as const;
  const datas = [
    START,
    start({ type: 'tool_use', id: 't', name: 'json_output', input: {} }),
    delta({ type: 'input_json_delta', partial_json: '{"a"' }),
    delta({ type: 'input_json_delta', partial_json: ':1}' }),
    stop(),
    ending('tool_use'),
    STOP,
  ];
  const events = runAll(chain(decodeStream(contextOf({ output })), keepEventLaw), datas.map(frame));
  expect(events.slice(1)).toEqual([
    { type: 'text-start' },
    { type: 'text-delta', text: '{"a"' },
    { type: 'text-delta', text: ':1}' },
    { type: 'text-end' },
    { type: 'message-end', finish: { reason: 'stop', wireReason: 'tool_use' }, usage: { input: 5, output: 7 } },
  ]);
});
