import { describe, expect, test } from 'bun:test';
import type { AdminError } from '../../../src/admin/admin-error.ts';
import { createClientKeysAdmin } from '../../../src/admin/client-keys.ts';
import { type ClientKey, hashKey } from '../../../src/base/client-key.ts';
import { createClientKeyStore } from '../../../src/store/client-keys.ts';
import { handClock, openInMemory } from '../../support/temporary-store.ts';

const WISHES = {
  name: 'ci',
  models: ['gpt-*'],
  requests_per_minute: 10,
  tokens_per_minute: 1000,
  budget: { requests_per_day: 5, usd_per_month: '2.50' },
  expires_at: '2027-01-01T00:00:00.000Z',
  note: 'build server',
};
const NO_USAGE = { requests: 0, errors: 0, input: 0, output: 0, cached: 0, reasoning: 0, cost: null };

function open() {
  const store = createClientKeyStore(openInMemory());
  const clock = handClock();
  const told: (readonly ClientKey[])[] = [];
  const admin = createClientKeysAdmin({ store, sums: () => [], now: clock.now, onChange: (keys) => told.push(keys) });
  return { admin, store, clock, told };
}

function fault(act: () => unknown): AdminError {
  try {
    act();
  } catch (thrown) {
    return thrown as AdminError;
  }
  throw new Error('nothing was thrown');
}

describe('client keys', () => {
  test('are shown once, and kept as a hash', () => {
    const { admin, store, told } = open();
    const made = admin.create(WISHES);
    expect(made.key).toMatch(/^sk-[0-9a-f]{48}$/);
    expect(store.list()[0]?.hash).toBe(hashKey(made.key));
    expect(JSON.stringify(store.list())).not.toContain(made.key);
    const shown = admin.get(made.id);
    expect(shown).toEqual({
      ...WISHES,
      id: made.id,
      key: `sk-…${made.key.slice(-4)}`,
      state: 'ready',
      budget: { requests_per_day: 5, usd_per_month: '2.5' },
      enabled: true,
      created_at: '2026-01-02T12:00:00.000Z',
      usage_today: NO_USAGE,
      usage_month: NO_USAGE,
    });
    expect(admin.list()).toEqual({ items: [shown], next: null });
    expect(told).toEqual([store.list()]);
  });

  test('need only a name', () => {
    const { key: _, ...bare } = open().admin.create({ name: 'bare' });
    expect(bare).toMatchObject({ models: [], requests_per_minute: null, budget: null, expires_at: null, note: null });
  });

  test('change field by field, and an item may be sent back as it came', () => {
    const { admin, store } = open();
    const { id } = admin.create(WISHES);
    const before = store.list();
    admin.patch(id, admin.get(id));
    expect(store.list()).toEqual(before);
    const changed = admin.patch(id, { name: 'other', budget: null, tokens_per_minute: null, enabled: false });
    expect(changed).toMatchObject({ name: 'other', budget: null, tokens_per_minute: null, state: 'disabled' });
    expect(store.list()[0]).not.toHaveProperty('budget');
    expect(store.list()[0]?.hash).toBe(before[0]!.hash);
  });

  test('expire, and are removed', () => {
    const { admin, clock, told } = open();
    const { id } = admin.create({ ...WISHES, expires_at: new Date(clock.now() + 1000).toISOString() });
    clock.advance(1000);
    expect(admin.get(id).state).toBe('expired');
    admin.remove(id);
    expect(told.at(-1)).toEqual([]);
    expect(fault(() => admin.get(id)).status).toBe(404);
  });

  test('have names of their own', () => {
    const { admin } = open();
    admin.create({ name: 'one' });
    const { id } = admin.create({ name: 'two' });
    expect(fault(() => admin.create({ name: 'one' })).code).toBe('name_taken');
    expect(fault(() => admin.patch(id, { name: 'one' })).code).toBe('name_taken');
    expect(admin.patch(id, { name: 'two' }).name).toBe('two');
  });

  test.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x', models: 'gpt' }, 'models'],
    [{ name: 'x', requests_per_minute: 0 }, 'requests_per_minute'],
    [{ name: 'x', tokens_per_minute: 1.5 }, 'tokens_per_minute'],
    [{ name: 'x', budget: 5 }, 'budget'],
    [{ name: 'x', budget: { usd_per_day: '-1' } }, 'budget.usd_per_day'],
    [{ name: 'x', budget: { per_day: 1 } }, 'budget.per_day'],
    [{ name: 'x', expires_at: 'soon' }, 'expires_at'],
    [{ name: 'x', key: 'sk-mine' }, 'key'],
    [{ name: 'x', hash: 'h' }, 'hash'],
  ])('%j is refused for its field %s', (body, field) => {
    expect(fault(() => open().admin.create(body)).field).toBe(field);
  });
});
