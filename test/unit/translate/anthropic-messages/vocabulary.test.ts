import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { Usage } from '../../../../src/base/usage.ts';
import { decodeUsage, encodeFinish, encodeUsage } from '../../../../src/translate/anthropic-messages/vocabulary.ts';
import type { Finish } from '../../../../src/translate/canonical/response.ts';

describe('usage', () => {
  test.each<[string, Usage | undefined, number[]]>([
    ['nothing', undefined, [0, 0, 0, 0]],
    ['U01: input with cached tokens', { input: 1000, cacheRead: 900, output: 5 }, [100, 0, 900, 5]],
    ['U01: input with written tokens', { input: 120, cacheRead: 90, cacheWrite: 20, output: 5 }, [10, 20, 90, 5]],
    ['figures that contradict each other', { input: 10, cacheRead: 90 }, [0, 0, 90, 0]],
  ])('%s', (_name, usage, [input, written, read, output]) => {
    expect(encodeUsage(usage)).toEqual({
      input_tokens: input,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
      output_tokens: output,
    });
  });

  test('comes back from the wire as it went', () => {
    const usage = { input: 120, cacheRead: 70, cacheWrite: 30, cacheWriteHour: 10, output: 9, reasoning: 4 };
    expect(decodeUsage(encodeUsage(usage))).toEqual(usage);
  });

  test('is unknown when nothing was said', () => {
    expect(decodeUsage(undefined)).toBeUndefined();
    expect(decodeUsage({ service_tier: 'standard' })).toBeUndefined();
  });
});

test.each<[Finish, boolean, object]>([
  [{ reason: 'stop' }, false, { stop_reason: 'end_turn', stop_sequence: null }],
  [{ reason: 'stop', stopSequence: 'X' }, false, { stop_reason: 'stop_sequence', stop_sequence: 'X' }],
  [{ reason: 'length' }, true, { stop_reason: 'max_tokens', stop_sequence: null }],
  [
    { reason: 'length', contextWindow: true },
    false,
    { stop_reason: 'model_context_window_exceeded', stop_sequence: null },
  ],
  [{ reason: 'tool-calls' }, true, { stop_reason: 'tool_use', stop_sequence: null }],
  [{ reason: 'tool-calls' }, false, { stop_reason: 'end_turn', stop_sequence: null }],
  [{ reason: 'pause' }, false, { stop_reason: 'pause_turn', stop_sequence: null }],
])('%j with calls: %p', (finish, hasCalls, expected) => {
  expect(encodeFinish(finish, hasCalls)).toEqual(expected as JsonObject);
});
