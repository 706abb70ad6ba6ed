import { describe, expect, test } from 'bun:test';
import { AdminError } from '../../../src/admin/admin-error.ts';
import { createAliasesAdmin } from '../../../src/admin/aliases.ts';
import type { Alias } from '../../../src/pool/alias.ts';
import { createAliasStore } from '../../../src/store/aliases.ts';
import { openOwner } from '../../support/owner.ts';

function open() {
  const owner = openOwner();
  const { id } = owner.admin.create({ name: 'demo', provider: 'echo' });
  const store = createAliasStore(owner.database);
  const told: (readonly Alias[])[] = [];
  const aliases = createAliasesAdmin({ store, accounts: owner.store.list, onChange: (list) => told.push(list) });
  return { ...owner, id, aliases, told };
}

describe('createAliasesAdmin', () => {
  test('replaces the list, keeps its order, names accounts by id', () => {
    const { aliases, id, told } = open();
    const body = [
      {
        name: 'gpt-*',
        targets: [
          { model: 'm', provider: 'zai' },
          { model: 'n', account: 'demo' },
        ],
        strict: true,
      },
      { name: 'fast', targets: [{ model: 'm', account: id, provider: null }], strict: false },
    ];
    const expected = [
      {
        name: 'gpt-*',
        targets: [
          { model: 'm', provider: 'zai' },
          { model: 'n', account: id },
        ],
        strict: true,
      },
      { name: 'fast', targets: [{ model: 'm', account: id }] },
    ] as const;
    expect(aliases.replace(body)).toEqual({ items: expected, next: null });
    expect(aliases.list().items).toEqual(expected);
    expect(told).toEqual([expected]);
    expect(aliases.replace(aliases.list()).items).toEqual(expected);
    expect(aliases.replace([]).items).toEqual([]);
  });

  test('a removed account may stay where it was, but goes nowhere else', () => {
    const { aliases, id, admin } = open();
    aliases.replace([{ name: 'a', targets: [{ model: 'm', account: id }] }]);
    admin.remove(id);
    expect(aliases.replace([{ name: 'b', targets: [{ model: 'm', account: id }] }]).items[0]?.name).toBe('b');
    expect(() => aliases.replace([{ name: 'b', targets: [{ model: 'm', account: 'demo' }] }])).toThrow(AdminError);
  });

  test.each([
    [{}, 'items'],
    ['x', 'items'],
    [['x'], 'items[0]'],
    [[{ targets: [{ model: 'm' }] }], 'items[0].name'],
    [[{ name: '', targets: [{ model: 'm' }] }], 'items[0].name'],
    [[{ name: 'a', targets: [] }], 'items[0].targets'],
    [[{ name: 'a', targets: [{}] }], 'items[0].targets[0].model'],
    [[{ name: 'a', targets: [{ model: 'm', provider: 'x' }] }], 'items[0].targets[0].provider'],
    [[{ name: 'a', targets: [{ model: 'm', account: 'x' }] }], 'items[0].targets[0].account'],
    [[{ name: 'a', targets: [{ model: 'm', models: 'x' }] }], 'items[0].targets[0].models'],
    [[{ name: 'a', targets: [{ model: 'm' }], strict: 1 }], 'items[0].strict'],
    [[{ name: 'a', target: 'm' }], 'items[0].target'],
    [
      [
        { name: 'a', targets: [{ model: 'm' }] },
        { name: 'a', targets: [{ model: 'n' }] },
      ],
      'items[1].name',
    ],
  ] as const)('refuses %j at %s and keeps the list', (body, field) => {
    const { aliases } = open();
    aliases.replace([{ name: 'kept', targets: [{ model: 'm' }] }]);
    try {
      aliases.replace(body);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AdminError);
      expect((thrown as AdminError).field).toBe(field);
    }
    expect(aliases.list().items.map((one) => one.name)).toEqual(['kept']);
  });
});
