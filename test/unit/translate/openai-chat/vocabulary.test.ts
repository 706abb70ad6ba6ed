import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { readFinish, readUsage, writeFinish } from '../../../../src/translate/openai-chat/vocabulary.ts';

describe('usage', () => {
  const cases: readonly (readonly [string, JsonObject | null, unknown])[] = [
    ['null', null, undefined],
    ['nothing', {}, undefined],
    [
      'OpenAI',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
      { input: 10, cacheRead: 4, cacheWrite: 2, output: 5, reasoning: 3 },
    ],
    [
      'xAI counts reasoning beside the completion',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 22, completion_tokens_details: { reasoning_tokens: 7 } },
      { input: 10, output: 12, reasoning: 7 },
    ],
    [
      'DeepSeek',
      { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 },
      { input: 10, cacheRead: 8, output: 5 },
    ],
    ['Moonshot', { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 8 }, { input: 10, cacheRead: 8, output: 5 }],
    [
      'more cached than there is',
      { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 80 } },
      { input: 10, cacheRead: 10, output: 5 },
    ],
    [
      'S39: details that are null',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: null },
        completion_tokens_details: null,
      },
      { input: 10, output: 5 },
    ],
    ['U09: a count that is missing', { prompt_tokens: 10 }, { input: 10 }],
  ];
  for (const [name, wire, expected] of cases) test(name, () => expect(readUsage(wire)).toEqual(expected as never));
});

describe('finish', () => {
  test('a word nobody knows is a stop, and is kept', () =>
    expect(readFinish('eos')).toEqual({ reason: 'stop', wireReason: 'eos' }));
  test('no word is a stop', () => expect(readFinish(undefined)).toEqual({ reason: 'stop' }));
  test('a full window is told', () =>
    expect(readFinish('model_length')).toMatchObject({ reason: 'length', contextWindow: true }));
  test('a stop token by number is no sequence', () =>
    expect(readFinish('stop', 128009)).not.toHaveProperty('stopSequence'));
  test('each reason has a word', () => {
    const reasons = ['stop', 'length', 'tool-calls', 'content-filter', 'pause'] as const;
    expect(reasons.map((reason) => writeFinish({ reason }))).toEqual([
      'stop',
      'length',
      'tool_calls',
      'content_filter',
      'stop',
    ]);
  });
});
