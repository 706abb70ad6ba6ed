import { describe, expect, test } from 'bun:test';
import { readDollars, writeDollars } from '../../../src/base/money.ts';

describe('amounts of money', () => {
  test.each([
    [0, '0'],
    [1, '0.000000001'],
    [42_500, '0.0000425'],
    [1_000_000_000, '1'],
    [12_340_000_000, '12.34'],
    [-5, '-0.000000005'],
  ])('%p billionths are written %p', (nanos, text) => {
    expect(writeDollars(nanos)).toBe(text);
    if (nanos >= 0) expect(readDollars(text)).toBe(nanos);
  });

  test.each(['', '-1', '1e3', '1,5', '.5', '1.0000000001', 'NaN', '10000000'])('%p is none', (text) => {
    expect(readDollars(text)).toBeUndefined();
  });
});
