import { describe, expect, test } from 'bun:test';
import { type ClientKey, hashKey } from '../../../src/base/client-key.ts';
import { createClientKeyStore } from '../../../src/store/client-keys.ts';
import { openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

const BARE: ClientKey = {
  id: 'key_1',
  name: 'bare',
  hash: hashKey('sk-one'),
  hint: 'sk-…one',
  models: [],
  enabled: true,
  createdAt: 1,
};
const WHOLE: ClientKey = {
  ...BARE,
  id: 'key_2',
  name: 'whole',
  hash: hashKey('sk-two'),
  models: ['gpt-*', 'claude-sonnet-4-5'],
  requestsPerMinute: 10,
  tokensPerMinute: 1000,
  budget: { requestsPerDay: 5, costPerMonth: 2_500_000_000 },
  expiresAt: 99,
  note: 'of the build server',
  createdAt: 2,
};

describe('the table of client keys', () => {
  test('keeps every field over a reopening, and absent ones absent', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      for (const key of [WHOLE, BARE]) createClientKeyStore(first).put(key);
      first.close();
      const again = openIn(folder);
      expect(createClientKeyStore(again).list()).toEqual([BARE, WHOLE]);
      again.close();
    }));

  test('replaces and removes by the id', () => {
    const store = createClientKeyStore(openInMemory());
    store.put(WHOLE);
    const { budget: _budget, ...rest } = WHOLE;
    store.put({ ...rest, name: 'renamed' });
    expect(store.list()).toEqual([{ ...rest, name: 'renamed' }]);
    store.remove(WHOLE.id);
    expect(store.list()).toEqual([]);
  });

  test.each(['models', 'budget'])('a key whose %s are damaged is switched off, not without limits', (column) => {
    const database = openInMemory();
    const store = createClientKeyStore(database);
    store.put(WHOLE);
    database.tables.run(`UPDATE client_keys SET ${column} = '{'`);
    expect(store.list()[0]?.enabled).toBe(false);
  });
});
