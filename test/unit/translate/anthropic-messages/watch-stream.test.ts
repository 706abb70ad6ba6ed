import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { watchResponse, watchStream } from '../../../../src/translate/anthropic-messages/watch-stream.ts';
import type { SseFrame } from '../../../../src/translate/stream/sse.ts';

const frame = (type: string, fields: JsonObject = {}): SseFrame => ({
  event: type,
  data: JSON.stringify({ type, ...fields }),
});
function watch(...frames: readonly SseFrame[]) {
  const watcher = watchStream();
  for (const each of frames) watcher.see(each);
  return watcher.report();
}

const START = frame('message_start', { message: { model: 'claude-x', usage: { input_tokens: 5, output_tokens: 1 } } });
const TEXT = frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const DELTA: SseFrame = { event: 'content_block_delta', data: 'never read' };
const END = frame('message_delta', { delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 9 } });

describe('watchStream', () => {
  test('tells everything of a whole stream', () => {
    expect(watch(START, frame('ping'), TEXT, DELTA, frame('content_block_stop'), END, frame('message_stop'))).toEqual({
      contentSeen: true,
      ended: true,
      usage: { input: 5, output: 9 },
      finish: { reason: 'length', wireReason: 'max_tokens' },
      model: 'claude-x',
    });
  });

  test.each<[string, SseFrame[], boolean]>([
    ['a start', [START], false],
    ['a block of text that is empty', [START, TEXT], false],
    ['a delta', [START, TEXT, DELTA], true],
    ['a call', [START, frame('content_block_start', { content_block: { type: 'tool_use', id: 't' } })], true],
    ['a delta without a name', [{ data: '{"type":"content_block_delta","delta":{}}' }], true],
  ])('content after %s', (_name, frames, seen) => {
    expect(watch(...frames).contentSeen).toBe(seen);
  });

  test('knows an error and no end', () => {
    const report = watch(START, frame('error', { error: { type: 'overloaded_error', message: 'busy' } }));
    expect(report).toMatchObject({ ended: false, error: { kind: 'overloaded', message: 'busy' } });
  });

  test('passes over what it cannot read', () => {
    const odd = ['', '{', 'null', '[DONE]', '{"type":"__proto__"}'].map((data): SseFrame => ({ data }));
    expect(watch(...odd)).toEqual({ contentSeen: false, ended: false });
  });
});

test('watchResponse tells the same of a whole answer', () => {
  const usage = { input_tokens: 5, output_tokens: 9 };
  const body = { model: 'claude-x', content: [{ type: 'text', text: 'a' }], stop_reason: 'end_turn', usage };
  expect(watchResponse(body)).toEqual({
    contentSeen: true,
    ended: true,
    usage: { input: 5, output: 9 },
    finish: { reason: 'stop', wireReason: 'end_turn' },
    model: 'claude-x',
  });
  expect(watchResponse({ type: 'error', error: { type: 'api_error', message: 'x' } })).toMatchObject({
    contentSeen: false,
    error: { kind: 'upstream-failed' },
  });
});
