import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import type { Usage } from '../../../../src/base/usage.ts';
import {
  decodeCacheMark,
  decodeUsage,
  encodeCacheMark,
  encodeTier,
  encodeUsage,
} from '../../../../src/translate/openai-responses/vocabulary.ts';

describe('usage', () => {
  const cases: [Json | undefined, Usage | undefined][] = [
    [undefined, undefined],
    [null, undefined],
    [{}, undefined],
    [{ input_tokens: 5, output_tokens: null, input_tokens_details: { cached_tokens: null } }, { input: 5 }],
    [
      { input_tokens: 5, input_tokens_details: { cached_tokens: 3 }, output_tokens: 2 },
      { input: 5, cacheRead: 3, output: 2 },
    ],
  ];
  test.each(cases)('S39: %j is read without the figures nobody gave', (wire, usage) => {
    expect(decodeUsage(wire)).toEqual(usage as Usage);
  });
  test('comes back as it went', () => {
    const usage = { input: 9, cacheRead: 4, cacheWrite: 2, output: 5, reasoning: 1 };
    expect(decodeUsage(encodeUsage(usage))).toEqual(usage);
  });
});

test.each([
  [{ mode: 'explicit' }, {}],
  [{ mode: 'explicit', ttl: '30m' }, { ttl: '5m' }],
  [{ mode: 'explicit', ttl: '12h' }, { ttl: '1h' }],
] as const)('the breakpoint %j is the mark %j, both ways', (wire, mark) => {
  expect(decodeCacheMark(wire)).toEqual(mark);
  expect(encodeCacheMark(mark)).toEqual(wire);
});

test.each([
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['auto', undefined],
  ['default', undefined],
  ['standard_only', undefined],
  [undefined, undefined],
])('the tier %s is sent as %s', (tier, sent) => {
  expect(encodeTier(tier)).toBe(sent as string);
});
