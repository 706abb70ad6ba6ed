import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { keepEventLaw } from '../../../../src/translate/canonical/event-law.ts';
import { emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { decodeStream } from '../../../../src/translate/gemini/decode-stream.ts';
import { parseSse } from '../../../../src/translate/stream/sse.ts';
import { chain, runAll } from '../../../../src/translate/stream/transducer.ts';

const context = { request: emptyRequest('m', true), exchangeId: 'x', createdAt: 0 };
const frames = (...chunks: Json[]) => chunks.map((chunk) => ({ data: JSON.stringify(chunk) }));
const decode = (...chunks: Json[]) => runAll(decodeStream(context), frames(...chunks));
const lawful = (...chunks: Json[]) => runAll(chain(decodeStream(context), keepEventLaw), frames(...chunks));
const parts = (...list: JsonObject[]): JsonObject => ({
  candidates: [{ content: { role: 'model', parts: list }, index: 0 }],
});
const end = (finishReason = 'STOP', rest: JsonObject = {}): JsonObject => ({
  candidates: [{ finishReason, index: 0, ...rest }],
});

const START: CanonicalEvent = { type: 'message-start' };
const stop: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop', wireReason: 'STOP' } };
const textOf = (events: readonly CanonicalEvent[]) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const typesOf = (events: readonly CanonicalEvent[]) => events.map((event) => event.type);

describe('F3: ends', () => {
  const rows: readonly (readonly [wireReason: string, reason: string])[] = [
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_OTHER', 'content-filter'],
    ['MODEL_ARMOR', 'content-filter'],
    ['NO_IMAGE', 'stop'],
    ['OTHER', 'stop'],
    ['CONTINUATION', 'pause'],
    ['SOMETHING_NEW', 'stop'],
    ['MALFORMED_FUNCTION_CALL', 'stop'],
  ];

  test.each(rows)('%s after text is %s', (wireReason, reason) => {
    expect(decode(parts({ text: 'a' }), end(wireReason)).at(-1)).toEqual({
      type: 'message-end',
      finish: { reason, wireReason },
    } as never);
  });

  test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS', 'MALFORMED_RESPONSE'])(
    'S14: %s with nothing sent is an error',
    (wireReason) => {
      expect(decode(end(wireReason, { finishMessage: 'Malformed: f(' })).at(-1)).toMatchObject({
        type: 'stream-error',
        error: { kind: 'answer-unusable', message: expect.stringContaining('Malformed: f(') },
      });
    },
  );

  test('F4: a blocked prompt is an answer that was filtered', () => {
    const blocked = (rest: JsonObject) => decode({ promptFeedback: { blockReason: 'SAFETY', ...rest } });
    expect(blocked({})[1]).toEqual({
      type: 'message-end',
      finish: { reason: 'content-filter', wireReason: 'SAFETY', explanation: 'The prompt was blocked: SAFETY.' },
    });
    expect(blocked({ blockReasonMessage: 'No.' })[1]).toMatchObject({ finish: { explanation: 'No.' } });
  });

  test('S13: an end without content is an end', () => {
    expect(decode(end('MAX_TOKENS'))).toEqual([
      START,
      { type: 'message-end', finish: { reason: 'length', wireReason: 'MAX_TOKENS' } },
    ]);
  });

  test('a reason on every chunk ends nothing before the last', () => {
    const chunk = (text: string) => ({
      candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
    });
    const events = decode(chunk('a'), chunk('b'), chunk('c'));
    expect(textOf(events)).toBe('abc');
    expect(typesOf(events).filter((type) => type === 'message-end')).toHaveLength(1);
  });

  test('F7, S25: a stream without a reason is not ended', () => {
    expect(typesOf(decode(parts({ text: 'a' })))).not.toContain('message-end');
    expect(lawful(parts({ text: 'a' })).at(-1)).toMatchObject({
      type: 'stream-error',
      error: { kind: 'upstream-malformed' },
    });
    expect(lawful().at(-1)).toMatchObject({ type: 'stream-error' });
  });
});

describe('usage', () => {
  test('U08: the last report counts; thoughts are output, tool prompts input', () => {
    const first = { ...parts({ text: 'a' }), usageMetadata: { promptTokenCount: 100, totalTokenCount: 100 } };
    const last = {
      ...end(),
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 7,
        toolUsePromptTokenCount: 2,
      },
    };
    const events = decode(first, last);
    expect(events[0]).toEqual({ type: 'message-start', usage: { input: 100 } });
    expect(events.at(-1)).toMatchObject({ usage: { input: 102, cacheRead: 60, output: 12, reasoning: 7 } });
  });

  test('U07: zeros are no report, and protobuf spelling is read', () => {
    const zero = { ...end(), usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 } };
    const real = { ...parts({ text: 'a' }), usage_metadata: { prompt_token_count: 3, candidates_token_count: 4 } };
    expect(decode(real, zero).at(-1)).toMatchObject({ usage: { input: 3, output: 4 } });
    expect(decode(zero).at(-1)).not.toHaveProperty('usage');
  });
});

describe('errors', () => {
  test('in a chunk or a list end the stream', () => {
    const error = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };
    for (const chunk of [error, [error]]) {
      const events = decode(parts({ text: 'a' }), chunk, parts({ text: 'b' }), end());
      expect(events.at(-1)).toMatchObject({
        type: 'stream-error',
        error: { kind: 'overloaded', message: 'The model is overloaded.' },
      });
      expect(textOf(events)).toBe('a');
    }
  });

  const odd: readonly string[] = [
    '',
    '[DONE]',
    'null',
    '3',
    '"x"',
    '{',
    '{"candidates":3}',
    '{"candidates":[null,4]}',
    '{"candidates":[{"content":null}]}',
    '{"candidates":[{"content":{"parts":[null,5,{}]}}]}',
    '{"candidates":[{"content":{"parts":[{"functionCall":null},{"inlineData":{}},{"text":null}]}}]}',
    '{"usageMetadata":{"promptTokenCount":"x"}}',
  ];

  test.each(odd)('%p is skipped', (data) => {
    const events = runAll(decodeStream(context), [{ data }, ...frames(parts({ text: 'a' }), end())]);
    expect(textOf(events)).toBe('a');
    expect(events.at(-1)).toEqual(stop);
  });
});

test('S12, S16: the events do not depend on where the bytes were cut', () => {
  const chunks = [
    parts({ text: 'grüße 😀 ' }),
    parts({ functionCall: { name: 'f', args: { q: 'é"\\' } }, thoughtSignature: 'A'.repeat(200) }),
    { ...end(), usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 } },
  ];
  const bytes = new TextEncoder().encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(''));
  const read = (pieces: readonly Uint8Array[]) => runAll(chain(parseSse, decodeStream(context)), pieces);
  const whole = read([bytes]);
  expect(whole).toHaveLength(8);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  }
});
