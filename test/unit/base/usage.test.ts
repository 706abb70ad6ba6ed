import { describe, expect, test } from 'bun:test';
import { addUsage, mergeUsage, type Usage } from '../../../src/base/usage.ts';

describe('a later report of the same answer', () => {
  test.each<[Usage | undefined, Usage | undefined, Usage | undefined]>([
    [undefined, undefined, undefined],
    [{ input: 1 }, undefined, { input: 1 }],
    [undefined, { output: 2 }, { output: 2 }],
    [{ input: 10, output: 1 }, { output: 7 }, { input: 10, output: 7 }],
    [{ input: 10, cacheRead: 4 }, { input: 12 }, { input: 12, cacheRead: 4 }],
    [{ output: 5 }, { output: 0 }, { output: 0 }],
  ])('%j, then %j: %j', (earlier, later, merged) => {
    expect(mergeUsage(earlier, later)).toEqual(merged);
  });
});

describe('the sum of several answers', () => {
  test('adds figure by figure', () => {
    const a = { input: 1, cacheRead: 2, cacheWrite: 3, cacheWriteHour: 4, output: 5, reasoning: 6 };
    expect(addUsage(a, a)).toEqual({
      input: 2,
      cacheRead: 4,
      cacheWrite: 6,
      cacheWriteHour: 8,
      output: 10,
      reasoning: 12,
    });
  });

  test('has no figure that nobody gave', () => {
    expect(addUsage({ input: 1 }, { output: 2 })).toEqual({ input: 1, output: 2 });
    expect(addUsage({}, {})).toEqual({});
  });

  test.each<[Usage, Usage, boolean | undefined]>([
    [{ estimated: true }, {}, true],
    [{}, { estimated: true }, true],
    [{ estimated: false }, {}, undefined],
  ])('of %j and %j is estimated: %j', (a, b, estimated) => {
    expect(addUsage(a, b).estimated).toBe(estimated as boolean);
  });
});
