import { expect, test } from 'bun:test';
import type { AdminError } from '../../../src/admin/admin-error.ts';
import { readStats } from '../../../src/admin/stats.ts';
import { openOwner } from '../../support/owner.ts';

function filled() {
  const { admin, exchanges, store, clock } = openOwner();
  const { id } = admin.create({ name: 'demo', provider: 'echo' });
  for (const [n, age] of [0, 0, 1, 40].entries()) {
    exchanges.record({
      id: String(n),
      at: clock.now() - age * 86_400_000,
      dialect: 'gemini',
      path: '/',
      client: 'c',
      modelAsked: 'm',
      status: n === 1 ? 500 : 200,
      streamed: false,
      attempts: [],
      durationMs: 10 * (n + 1),
      losses: [],
      account: id,
      usage: { input: 10, output: 1 },
    });
  }
  return { id, parts: { sums: exchanges.sums, accounts: store.list, clientKeys: () => [], now: clock.now } };
}

test('sums the last week by day and account, with names', () => {
  const { id, parts } = filled();
  expect(readStats(parts, { by: 'account' }).items).toMatchObject([
    { at: '2026-01-01T00:00:00.000Z', group: id, label: 'demo', requests: 1, input: 10, mean_duration_ms: 30 },
    { at: '2026-01-02T00:00:00.000Z', group: id, label: 'demo', requests: 2, errors: 1, mean_duration_ms: 15 },
  ]);
});

test('sums by the hour between two times, over all', () => {
  const { parts } = filled();
  const page = readStats(parts, { from: '2025-01-01', to: '2026-01-02', bucket: 'hour' });
  expect(page.items.map(({ at, group, requests }) => [at, group, requests])).toEqual([
    ['2025-11-23T12:00:00.000Z', null, 1],
    ['2026-01-01T12:00:00.000Z', null, 1],
  ]);
});

test.each([
  [{ by: 'colour' }, 'by'],
  [{ bucket: 'year' }, 'bucket'],
  [{ from: 'x' }, 'from'],
])('refuses %j', (words, field) => {
  try {
    readStats(filled().parts, words);
    expect.unreachable();
  } catch (thrown) {
    expect((thrown as AdminError).field).toBe(field);
  }
});
