import { expect, test } from 'bun:test';
import { readClientKeyFields } from '../../../src/admin/client-key-fields.ts';

test('amounts of a budget are read as billionths of a dollar, and absent figures stay absent', () => {
  const { set } = readClientKeyFields(
    { budget: { usd_per_day: '0.000000001', usd_per_month: 12, tokens_per_day: null } },
    { isPatch: true },
  );
  expect(set.budget).toEqual({ costPerDay: 1, costPerMonth: 12_000_000_000 });
});

test('empty fields are cleared where they may be', () => {
  const { set, cleared } = readClientKeyFields({ note: '', budget: null, models: [] }, { isPatch: true });
  expect({ set, cleared }).toEqual({ set: { models: [] }, cleared: ['note', 'budget'] });
});
