import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { watchResponse, watchStream } from '../../../../src/translate/gemini/watch-stream.ts';

function watch(...chunks: Json[]) {
  const watcher = watchStream();
  for (const chunk of chunks) watcher.see({ data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) });
  return watcher.report();
}

const parts = (...list: JsonObject[]): JsonObject => ({ candidates: [{ content: { parts: list }, index: 0 }] });
const end = {
  candidates: [{ finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4 },
};

test('a stream that is seen to its end', () => {
  const first = { ...parts({ text: 'a' }), modelVersion: 'v', usageMetadata: { promptTokenCount: 3 } };
  expect(watch(first, parts({ text: 'b' }), end)).toEqual({
    contentSeen: true,
    ended: true,
    usage: { input: 3, output: 4 },
    finish: { reason: 'stop', wireReason: 'STOP' },
    model: 'v',
  });
});

describe('content', () => {
  const rows: readonly (readonly [chunk: Json, seen: boolean])[] = [
    [parts({ text: '' }), false],
    [parts({ text: '', thoughtSignature: 'x' }), false],
    [parts({ text: 'a' }), true],
    ['{ "candidates": [ { "content": { "parts": [ { "text" : "a" } ] } } ] }', true],
    [parts({ text: '"' }), true],
    [parts({ text: 'hm', thought: true }), true],
    [parts({ functionCall: { name: 'f' } }), true],
    [parts({ inlineData: { data: 'AA' } }), true],
    [{ usageMetadata: { promptTokenCount: 1 } }, false],
    [{ promptFeedback: { blockReason: 'SAFETY' } }, false],
    [parts({ thoughtSignature: '"text":"x"' }), false],
  ];

  test.each(rows)('%j is content: %p', (chunk, seen) => {
    expect(watch(chunk).contentSeen).toBe(seen);
  });
});

test('calls make an end of their own kind', () => {
  expect(watch(parts({ functionCall: { name: 'f' } }), end).finish?.reason).toBe('tool-calls');
});

test('a blocked prompt is an end', () => {
  expect(watch({ promptFeedback: { blockReason: 'SAFETY' } })).toMatchObject({
    ended: true,
    finish: { reason: 'content-filter' },
  });
});

test('a stream without a finish reason has not ended', () => {
  expect(watch(parts({ text: 'a' })).ended).toBe(false);
  expect(watch({ candidates: [{ finishReason: 'FINISH_REASON_UNSPECIFIED' }] }).ended).toBe(false);
});

test('errors are told, also in a list; a word in an answer is none', () => {
  const error = { error: { code: 429, message: 'Slow.', status: 'RESOURCE_EXHAUSTED' } };
  for (const chunk of [error, [error]]) {
    expect(watch(parts({ text: 'a' }), chunk)).toMatchObject({
      ended: true,
      contentSeen: true,
      error: { kind: 'rate-limited' },
    });
  }
  expect(watch(parts({ functionCall: { name: 'f', args: { error: 'x' } } }))).not.toHaveProperty('error');
});

test('reports may be asked for on the way', () => {
  const watcher = watchStream();
  watcher.see({ data: JSON.stringify(parts({ text: '' })) });
  expect(watcher.report()).toEqual({ contentSeen: false, ended: false });
  watcher.see({ data: JSON.stringify(parts({ text: 'a' })) });
  expect(watcher.report().contentSeen).toBe(true);
});

test.each(['', '[DONE]', '{"usageMetadata"', '{"finishReason":3}', '"error"'])('%p is no trouble', (data) => {
  expect(watch(data)).toEqual({ contentSeen: false, ended: false });
});

test('a whole answer is reported alike', () => {
  const body = { ...parts({ text: 'a' }, { functionCall: { name: 'f' } }), modelVersion: 'v' };
  const whole = {
    ...body,
    candidates: [{ ...(body as JsonObject as { candidates: JsonObject[] }).candidates[0], finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 },
  };
  expect(watchResponse(whole)).toEqual(watch(whole));
  expect(watchResponse({ error: { code: 500, message: 'x' } })).toMatchObject({
    ended: true,
    error: { kind: 'upstream-failed' },
  });
  expect(watchResponse(parts({ text: '' })).contentSeen).toBe(false);
});
