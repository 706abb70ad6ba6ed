import { describe, expect, test } from 'bun:test';
import { endOf, fill, spentSince, startOf, usedUp, waitFor } from '../../../src/routes/key-limits.ts';

const NOON = Date.UTC(2026, 1, 28, 12);
const SPENT = { start: 0, requests: 5, tokens: 100, cost: 2_000_000_000 };

describe('a bucket', () => {
  test('fills evenly and never over its rim', () => {
    expect(fill({ level: 0, at: 0 }, 60, 1000)).toEqual({ level: 1, at: 1000 });
    expect(fill({ level: 50, at: 0 }, 60, 60_000)).toEqual({ level: 60, at: 60_000 });
    expect(fill({ level: -30, at: 0 }, 60, 10_000)).toEqual({ level: -20, at: 10_000 });
  });

  test('does not empty when the clock goes back', () => {
    expect(fill({ level: 5, at: 9000 }, 60, 1000)).toEqual({ level: 5, at: 1000 });
  });

  test('tells how long it takes to hold so much', () => {
    expect(waitFor({ level: 0, at: 0 }, 60, 1)).toBe(1000);
    expect(waitFor({ level: -59, at: 0 }, 60, 1)).toBe(60_000);
    expect(waitFor({ level: 1, at: 0 }, 60, 1)).toBe(0);
  });
});

test('days and months begin at midnight in UTC', () => {
  expect(startOf('day', NOON)).toBe(Date.UTC(2026, 1, 28));
  expect(endOf('day', NOON)).toBe(Date.UTC(2026, 2, 1));
  expect(startOf('month', NOON)).toBe(Date.UTC(2026, 1, 1));
  expect(endOf('month', NOON)).toBe(Date.UTC(2026, 2, 1));
  expect(endOf('month', Date.UTC(2026, 11, 31))).toBe(Date.UTC(2027, 0, 1));
});

test('what was spent yesterday does not count', () => {
  expect(spentSince(SPENT, 0)).toBe(SPENT);
  expect(spentSince(SPENT, 1)).toEqual({ start: 1, requests: 0, tokens: 0, cost: 0 });
});

test.each([
  [{ requestsPerDay: 6, tokensPerDay: 101, costPerDay: 2_000_000_001 }, undefined],
  [{ requestsPerDay: 5 }, '5 requests a day'],
  [{ tokensPerDay: 0 }, '0 tokens a day'],
  [{ costPerDay: 1_500_000_000 }, '1.5 US dollars a day'],
  [{ requestsPerMonth: 1 }, undefined],
])('the budget %j is used up: %p', (budget, words) => {
  expect(usedUp(budget, 'day', SPENT)).toBe(words as string);
});
