import { expect, test } from 'bun:test';
import { createExchangeCounters } from '../../../src/admin/exchange-counters.ts';

const EXCHANGE = {
  id: 'a',
  at: 0,
  dialect: 'gemini',
  path: '/',
  client: 'c',
  modelAsked: 'm',
  status: 200,
  streamed: false,
  attempts: [],
  durationMs: 1,
  losses: [],
} as const;

test('names that clients make up do not become series, and served models only up to a bound', () => {
  const counters = createExchangeCounters(() => undefined);
  for (let n = 0; n < 50; n++) counters.count({ ...EXCHANGE, modelAsked: `made-up-${n}`, status: 404 });
  expect([...counters.series].map(({ model, requests }) => [model, requests])).toEqual([['', 50]]);
  for (let n = 0; n < 3000; n++) counters.count({ ...EXCHANGE, modelServed: `model-${n}` });
  const series = [...counters.series];
  expect(series.length).toBeLessThanOrEqual(1001);
  expect(series.find(({ model }) => model === 'other')?.requests).toBe(3000 - 999);
});
