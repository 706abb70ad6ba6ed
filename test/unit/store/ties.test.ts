import { expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import { createTieStore } from '../../../src/store/ties.ts';
import { handClock, openInMemory } from '../../support/temporary-store.ts';

test('P06: ties are taken up again after a restart, the last account of each, but not those that have ended', () => {
  const database = openInMemory();
  const clock = handClock(1_000);
  const parts = { database, clock, log: silentLog };
  const before = createTieStore(parts);
  before.keep('s', { account: 'a', expiresAt: 5_000 });
  before.keep('s', { account: 'b', expiresAt: 6_000 });
  before.keep('old', { account: 'a', expiresAt: 1_500 });
  before.flush();
  expect([...createTieStore(parts).restored]).toEqual([
    ['old', { account: 'a', expiresAt: 1_500 }],
    ['s', { account: 'b', expiresAt: 6_000 }],
  ]);
  const later = createTieStore({ ...parts, clock: handClock(2_000) });
  expect([...later.restored]).toEqual([['s', { account: 'b', expiresAt: 6_000 }]]);
});
