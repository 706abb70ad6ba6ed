import { describe, expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import type { StoreDatabase } from '../../../src/store/database.ts';
import { createResponseStore } from '../../../src/store/responses.ts';
import { responses } from '../../../src/store/schema.ts';
import type { StoredResponse } from '../../../src/translate/stored-response.ts';
import { handClock, openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

const HOUR = 60 * 60 * 1000;
const MEBIBYTE = 1024 * 1024;

function stored(id: string, bytes = 0): StoredResponse {
  const output = [{ type: 'message', id: `msg_${id}`, text: 'x'.repeat(bytes) }];
  return { id, input: [{ type: 'message', id: `in_${id}`, role: 'user' }], response: { id, output } };
}

function setUp(database: StoreDatabase = openInMemory()) {
  const clock = handClock();
  const open = () => createResponseStore({ database, clock, log: silentLog });
  return { database, clock, open, store: open() };
}

const rowsIn = ({ tables }: StoreDatabase) => tables.select({ id: responses.id }).from(responses).all();

describe('a kept response', () => {
  test('is found at once, and after a crash', () =>
    withFolder((folder) => {
      const { store } = setUp(openIn(folder));
      expect(store.isEmpty()).toBe(true);
      store.keep(stored('a'));
      expect(store.response('a')).toEqual(stored('a'));
      // nothing was flushed or closed
      const second = openIn(folder);
      const again = setUp(second).store;
      expect(again.isEmpty()).toBe(false);
      expect(again.response('a')).toEqual(stored('a'));
      expect([...again.items(new Set(['msg_a', 'in_a', 'other'])).keys()].sort()).toEqual(['in_a', 'msg_a']);
      second.close();
    }));

  test('is gone when it was removed, with its items, for good', () => {
    const { store, database, open } = setUp();
    store.keep(stored('a'));
    store.keep(stored('b'));
    expect(store.remove('a')).toBe(true);
    expect(store.remove('a')).toBe(false);
    for (const one of [store, open()]) {
      expect(one.response('a')).toBeUndefined();
      expect(one.items(new Set(['msg_a', 'msg_b'])).size).toBe(1);
    }
    expect(rowsIn(database)).toEqual([{ id: 'b' }]);
  });

  test('lives an hour from its last use', () => {
    const { store, clock, database } = setUp();
    for (const id of ['a', 'b', 'c']) store.keep(stored(id));
    clock.advance(HOUR - 1);
    expect(store.response('a')).toEqual(stored('a'));
    expect(store.items(new Set(['msg_b'])).size).toBe(1);
    clock.advance(1);
    expect(store.response('a')).toEqual(stored('a'));
    expect(store.response('b')).toEqual(stored('b'));
    expect(store.response('c')).toBeUndefined();
    expect(store.items(new Set(['msg_c'])).size).toBe(0);
    expect(store.remove('c')).toBe(false);
    store.removeExpired();
    expect(rowsIn(database).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('is not taken up again when its hour has passed while nothing ran', () => {
    const { store, clock, open, database } = setUp();
    store.keep(stored('a'));
    clock.advance(HOUR);
    expect(open().isEmpty()).toBe(true);
    expect(rowsIn(database)).toEqual([]);
  });

  test('makes room for more than 256: the one longest unused goes first', () => {
    const { store, database } = setUp();
    for (let count = 0; count < 256; count++) store.keep(stored(`r${count}`));
    store.response('r0');
    store.keep(stored('new'));
    expect(store.response('r0')).toEqual(stored('r0'));
    expect(store.response('r1')).toBeUndefined();
    expect(store.response('r2')).toEqual(stored('r2'));
    expect(rowsIn(database)).toHaveLength(256);
  });

  test('makes room for more than 64 MiB in all', () => {
    const { store } = setUp();
    for (const id of ['a', 'b', 'c']) store.keep(stored(id, 21 * MEBIBYTE));
    expect(['a', 'b', 'c'].map((id) => store.response(id) !== undefined)).toEqual([true, true, true]);
    store.keep(stored('d', 21 * MEBIBYTE));
    expect(['a', 'b', 'c', 'd'].map((id) => store.response(id) !== undefined)).toEqual([false, true, true, true]);
    store.keep(stored('huge', 65 * MEBIBYTE));
    expect(['b', 'd', 'huge'].map((id) => store.response(id) !== undefined)).toEqual([false, false, true]);
  });

  test('whose item was told again by a later one is found in that', () => {
    const { store } = setUp();
    store.keep(stored('a'));
    const [item] = stored('a').response.output as { id: string }[];
    store.keep({ id: 'b', input: [item as never], response: { id: 'b', output: [] } });
    store.remove('a');
    expect(store.items(new Set(['msg_a'])).get('msg_a')).toEqual(item as never);
  });

  test('that cannot be written costs nothing but itself', () => {
    const { store, database } = setUp();
    database.tables.run('DROP TABLE responses');
    store.keep(stored('a'));
    expect(store.response('a')).toBeUndefined();
    expect(store.remove('a')).toBe(false);
  });
});
