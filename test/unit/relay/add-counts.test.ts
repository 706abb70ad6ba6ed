import { expect, test } from 'bun:test';
import { addCounts } from '../../../src/relay/add-counts.ts';

test('figures are added, also those that only one has', () => {
  const a = { prompt: 1, details: { cached: 2 }, note: 'x' };
  const b = { prompt: 10, extra: 3, details: { cached: 20, written: 5 }, note: 'y' };
  expect(addCounts(a, b)).toEqual({ prompt: 11, extra: 3, details: { cached: 22, written: 5 }, note: 'x' });
  expect(addCounts(undefined, b)).toBe(b);
  expect(addCounts(a, undefined)).toBe(a);
});
