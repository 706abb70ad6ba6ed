import { describe, expect, test } from 'bun:test';
import type { Alias } from '../../../src/pool/alias.ts';
import { createAliasStore } from '../../../src/store/aliases.ts';
import { openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

const list: readonly Alias[] = [
  { name: 'z', targets: [{ model: 'm1' }, { model: 'm2', provider: 'zai' }] },
  { name: 'a*', targets: [{ model: 'm3', account: 'acc_1' }], strict: true },
];

describe('createAliasStore', () => {
  test('keeps list and order over a reopening', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      createAliasStore(first).replace([{ name: 'old', targets: [{ model: 'x' }] }]);
      createAliasStore(first).replace(list);
      first.close();
      const second = openIn(folder);
      expect(createAliasStore(second).list()).toEqual(list);
      second.close();
    }));

  test('a list that cannot be kept changes nothing', () => {
    const store = createAliasStore(openInMemory());
    store.replace(list);
    expect(() => store.replace([list[0]!, list[0]!])).toThrow();
    expect(store.list()).toEqual(list);
  });

  test('damaged aliases and targets are left out', () => {
    const database = openInMemory();
    const store = createAliasStore(database);
    store.replace(list);
    database.tables.run(
      `UPDATE aliases SET targets = '[{"model":"m1"},{"model":"m2","provider":"gone"}]' WHERE name = 'z'`,
    );
    database.tables.run("UPDATE aliases SET targets = 'x' WHERE name = 'a*'");
    expect(store.list()).toEqual([{ name: 'z', targets: [{ model: 'm1' }] }]);
  });
});
