import { describe, expect, test } from 'bun:test';
import { costOf, createCostOf, findPrice, type Price, type PriceCatalog } from '../../../src/base/prices.ts';

const PRICE: Price = {
  providers: ['anthropic'],
  models: ['claude-one', 'claude-one-*'],
  input: 3,
  output: 15,
  cacheRead: 0.3,
  cacheWrite: 3.75,
  cacheWriteHour: 6,
  above: { inputTokens: 200_000, input: 6, output: 22.5, cacheRead: 0.6 },
};
const CATALOG: PriceCatalog = {
  date: '2026-01-31',
  prices: [PRICE, { providers: ['openai'], models: ['gpt-*-mini'], input: 1, output: 2 }],
};

describe('the cost of an exchange', () => {
  test('counts plain, read, written and hour-long input apart, and reasoning as the output that it is in', () => {
    const usage = { input: 1000, cacheRead: 600, cacheWrite: 200, cacheWriteHour: 50, output: 100, reasoning: 80 };
    // 200 × 3 + 600 × 0.3 + 150 × 3.75 + 50 × 6 + 100 × 15, in millionths of a dollar
    expect(costOf(PRICE, usage)).toBe((600 + 180 + 562.5 + 300 + 1500) * 1000);
  });

  test('is that of long requests for the whole of a long one', () => {
    expect(costOf(PRICE, { input: 200_000, output: 0 })).toBe(600_000_000);
    expect(costOf(PRICE, { input: 200_001, output: 10 })).toBe((200_001 * 6 + 10 * 22.5) * 1000);
  });

  test('takes cached input for plain input where the catalogue has no figure', () => {
    expect(costOf(CATALOG.prices[1]!, { input: 10, cacheRead: 5, cacheWrite: 5, output: 1 })).toBe(12_000);
  });

  test('is never negative, whatever an upstream counts', () => {
    expect(costOf(PRICE, { input: 10, cacheRead: 100, output: 0 })).toBe(30_000);
  });

  test('is unknown for an unknown model, another provider and uncounted tokens', () => {
    const cost = createCostOf(CATALOG);
    const usage = { input: 1, output: 1 };
    expect(cost('anthropic', 'claude-one', usage)).toBe(18_000);
    expect(cost('anthropic', 'claude-two', usage)).toBeUndefined();
    expect(cost('openai-compatible', 'claude-one', usage)).toBeUndefined();
    expect(cost('anthropic', 'claude-one', { output: 5 })).toBeUndefined();
    expect(cost('anthropic', 'claude-one', undefined)).toBeUndefined();
    expect(cost(undefined, 'claude-one', usage)).toBeUndefined();
  });

  test('is found for more names than are kept', () => {
    const cost = createCostOf(CATALOG);
    for (let at = 0; at < 1200; at++) expect(cost('anthropic', `claude-one-${at}`, { input: 1 })).toBe(3000);
  });
});

test.each([
  ['gpt-5-mini', true],
  ['gpt--mini', true],
  ['gpt-mini', false],
  ['gpt-5-mini-x', false],
])('a star stands for anything: %s', (model, fits) => {
  expect(findPrice(CATALOG, 'openai', model) !== undefined).toBe(fits);
});
