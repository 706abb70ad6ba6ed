import { describe, expect, test } from 'bun:test';
import type { ExchangeRecord } from '../../../src/relay/exchange.ts';
import { createUsageStore, usageOf } from '../../../src/store/usage-hours.ts';
import { openInMemory } from '../../support/temporary-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function exchange(at: number, more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id: String(at),
    at,
    dialect: 'gemini',
    path: '/',
    client: 'c',
    modelAsked: 'asked',
    modelServed: 'served',
    account: 'acc_1',
    status: 200,
    streamed: false,
    attempts: [],
    durationMs: 10,
    losses: [],
    usage: { input: 100, cacheRead: 40, cacheWrite: 7, output: 20, reasoning: 5 },
    ...more,
  };
}

function filled() {
  const usage = createUsageStore(openInMemory());
  usage.add([usageOf(exchange(5 * DAY))]);
  usage.add([usageOf(exchange(5 * DAY + HOUR - 1))]);
  usage.add([usageOf(exchange(5 * DAY + HOUR, { account: 'acc_2', clientKey: 'k' }))]);
  usage.add([usageOf(exchange(6 * DAY, { status: 429, verdict: 'rate-limited', usage: {} }))]);
  return usage;
}

const ONE = {
  requests: 1,
  errors: 0,
  input: 100,
  cacheRead: 40,
  cacheWrite: 7,
  output: 20,
  reasoning: 5,
  durationMs: 10,
  cost: 0,
  priced: 0,
  estimated: 0,
};
const TWO = {
  requests: 2,
  errors: 0,
  input: 200,
  cacheRead: 80,
  cacheWrite: 14,
  output: 40,
  reasoning: 10,
  durationMs: 20,
  cost: 0,
  priced: 0,
  estimated: 0,
};
const FAILED = {
  requests: 1,
  errors: 1,
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  durationMs: 10,
  cost: 0,
  priced: 0,
  estimated: 0,
};

describe('createUsageStore', () => {
  test('sums by hour', () => {
    expect(filled().read({ bucketMs: HOUR })).toEqual([
      { bucket: 5 * DAY, group: '', ...TWO },
      { bucket: 5 * DAY + HOUR, group: '', ...ONE },
      { bucket: 6 * DAY, group: '', ...FAILED },
    ]);
  });

  test('sums by day and account', () => {
    expect(filled().read({ bucketMs: DAY, by: 'account' })).toEqual([
      { bucket: 5 * DAY, group: 'acc_1', ...TWO },
      { bucket: 5 * DAY, group: 'acc_2', ...ONE },
      { bucket: 6 * DAY, group: 'acc_1', ...FAILED },
    ]);
  });

  test('sums over the whole time, within bounds and of one account', () => {
    const usage = filled();
    expect(usage.read({ by: 'client_key', to: 6 * DAY })).toEqual([
      { bucket: 0, group: '', ...TWO },
      { bucket: 0, group: 'k', ...ONE },
    ]);
    expect(usage.read({ from: 6 * DAY + 5, by: 'model' })).toEqual([{ bucket: 0, group: 'served', ...FAILED }]);
    expect(usage.read({ account: 'acc_2', by: 'dialect' })).toEqual([{ bucket: 0, group: 'gemini', ...ONE }]);
    expect(usage.read({ from: 9 * DAY, by: 'model' })).toEqual([]);
  });

  test('forgets what is older than asked', () => {
    const usage = filled();
    usage.removeBefore(6 * DAY);
    expect(usage.read({ bucketMs: DAY })).toEqual([{ bucket: 6 * DAY, group: '', ...FAILED }]);
  });
});
