import { expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { silentLog } from '../../../src/base/log.ts';
import type { StoreDatabase } from '../../../src/store/database.ts';
import { createSealStore } from '../../../src/store/seals.ts';
import { createVault } from '../../../src/store/vault.ts';
import { handClock, openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

const HOUR = 3_600_000;
const vault = createVault(randomBytes(32));
const open = (database: StoreDatabase, clock = handClock(), limitBytes?: number) =>
  createSealStore({ database, vault, clock, log: silentLog, ...(limitBytes === undefined ? {} : { limitBytes }) });
const rows = (database: StoreDatabase) =>
  database.tables.all<{ key: string; value: string }>('SELECT key, value FROM seals ORDER BY used_at');

test('what was kept is found at once, and after a reopening', () =>
  withFolder((folder) => {
    const first = openIn(folder);
    const clock = handClock();
    const store = open(first, clock);
    expect(store.isEmpty()).toBe(true);
    store.keep('k', 'a thought');
    expect([store.isEmpty(), store.find('k'), store.find('other'), rows(first)]).toEqual([
      false,
      'a thought',
      undefined,
      [],
    ]);
    clock.advance(250);
    expect(rows(first)[0]!.value).not.toContain('thought');
    first.close();
    const second = openIn(folder);
    const again = open(second, clock);
    expect([again.isEmpty(), again.find('k')]).toEqual([false, 'a thought']);
    second.close();
  }));

test('what is used lives on; what is not is gone after three hours, on the disk too', () => {
  const database = openInMemory();
  const clock = handClock();
  const store = open(database, clock);
  store.keep('used', '1');
  store.keep('unused', '2');
  store.flush();
  clock.advance(2 * HOUR);
  expect(store.find('used')).toBe('1');
  clock.advance(2 * HOUR);
  expect([store.find('used'), store.find('unused')]).toEqual(['1', undefined]);
  store.removeExpired();
  store.flush();
  expect(rows(database).map(({ key }) => key)).toEqual(['used']);
  expect(open(database, clock).find('used')).toBe('1');
});

test('what has expired while nothing ran is not found again', () => {
  const database = openInMemory();
  const clock = handClock();
  open(database, clock).keep('k', '1');
  clock.advance(250);
  clock.advance(4 * HOUR);
  const store = open(database, clock);
  expect([store.isEmpty(), rows(database)]).toEqual([true, []]);
});

test('the longest unused makes room', () => {
  const database = openInMemory();
  const clock = handClock();
  const store = open(database, clock, 3000);
  for (const key of ['a', 'b', 'c', 'd']) store.keep(key, key.repeat(500));
  store.flush();
  clock.advance(1);
  store.find('a');
  store.keep('e', 'e'.repeat(500));
  store.flush();
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => store.find(key) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
  expect(
    rows(database)
      .map(({ key }) => key)
      .sort(),
  ).toEqual(['a', 'c', 'd', 'e']);
});

test('a value that another key wrote is lost, and nothing else', () => {
  const database = openInMemory();
  const clock = handClock();
  const store = open(database, clock);
  store.keep('k', '1');
  store.flush();
  const other = createSealStore({ database, vault: createVault(randomBytes(32)), clock, log: silentLog });
  expect(other.find('k')).toBeUndefined();
});
