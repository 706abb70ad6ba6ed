import { describe, expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import { createOriginStore } from '../../../src/store/response-origins.ts';
import { responseOrigins } from '../../../src/store/schema.ts';
import { handClock, openInMemory } from '../../support/temporary-store.ts';

const DAY = 24 * 60 * 60 * 1000;
const here = { account: 'acc_1', model: 'gpt-5.5' };

function setUp() {
  const database = openInMemory();
  const clock = handClock();
  const open = () => createOriginStore({ database, clock, log: silentLog });
  return { database, clock, open, store: open() };
}

describe('the origin of a response', () => {
  test('is known at once, and after a restart', () => {
    const { store, open } = setUp();
    store.noteOrigin('resp_1', here);
    expect(store.origin('resp_1')).toEqual(here);
    expect(open().origin('resp_1')).toBeUndefined();
    store.flush();
    expect(open().origin('resp_1')).toEqual(here);
  });

  test('may be noted twice, and forgotten before it is written', () => {
    const { store, open } = setUp();
    store.noteOrigin('resp_1', here);
    store.noteOrigin('resp_1', here);
    store.noteOrigin('resp_2', here);
    store.forgetOrigin('resp_2');
    store.flush();
    expect(open().origin('resp_1')).toEqual(here);
    expect(open().origin('resp_2')).toBeUndefined();
    store.forgetOrigin('resp_1');
    expect(open().origin('resp_1')).toBeUndefined();
  });

  test('is kept for thirty days', () => {
    const { store, open, clock, database } = setUp();
    store.noteOrigin('old', here);
    store.flush();
    clock.advance(DAY);
    store.noteOrigin('new', here);
    store.flush();
    clock.advance(29 * DAY + 1);
    const later = open();
    expect(later.origin('old')).toBeUndefined();
    expect(later.origin('new')).toEqual(here);
    expect(database.tables.select().from(responseOrigins).all()).toHaveLength(1);
  });

  test('goes when ten thousand others came after it', () => {
    const { store, open } = setUp();
    for (let count = 0; count <= 10_000; count++) store.noteOrigin(`resp_${count}`, here);
    store.flush();
    for (const one of [store, open()]) expect(one.origin('resp_10000')).toEqual(here);
    expect(store.origin('resp_0')).toBeUndefined();
    expect(store.origin('resp_1')).toEqual(here);
  });
});
