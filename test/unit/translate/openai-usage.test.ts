import { expect, test } from 'bun:test';
import { writeOpenaiUsage } from '../../../src/translate/openai-usage.ts';

test('every figure is there, unknown ones zero; what was written to a cache only when it is known', () => {
  expect(writeOpenaiUsage({})).toEqual({
    prompt_tokens: 0,
    completion_tokens: 0,
    total_tokens: 0,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  });
  expect(writeOpenaiUsage({ input: 120, cacheRead: 90, cacheWrite: 20, output: 5, reasoning: 3 })).toEqual({
    prompt_tokens: 120,
    completion_tokens: 5,
    total_tokens: 125,
    prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 20 },
    completion_tokens_details: { reasoning_tokens: 3 },
  });
});
