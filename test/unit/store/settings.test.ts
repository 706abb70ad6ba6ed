import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { createSettingStore } from '../../../src/store/settings.ts';
import { createVault } from '../../../src/store/vault.ts';
import { openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

describe('createSettingStore', () => {
  test('keeps values over a reopening, secrets sealed', () =>
    withFolder((folder) => {
      const vault = createVault(randomBytes(32));
      const first = openIn(folder);
      const values = {
        port: 9000,
        api_key: 'sk-0123456789',
        allowed_hosts: ['a', 'b'],
        allow_lan_access: true,
      } as const;
      createSettingStore(first, vault).change({ ...values, allowed_hosts: [...values.allowed_hosts] });
      const rows = first.tables.all<{ key: string; value: string }>("SELECT value FROM settings WHERE key = 'api_key'");
      expect(JSON.stringify(rows)).not.toContain('0123456789');
      first.close();
      const second = openIn(folder);
      expect(createSettingStore(second, vault).read()).toEqual({ ...values, allowed_hosts: [...values.allowed_hosts] });
      second.close();
    }));

  test('changes, removes, and leaves the rest', () => {
    const store = createSettingStore(openInMemory(), createVault(randomBytes(32)));
    store.change({ port: 1, auth_mode: 'auto' });
    store.change({ port: 2, auth_mode: undefined });
    expect(store.read()).toEqual({ port: 2 });
  });

  test('rows of other versions and damaged ones are left out', () => {
    const database = openInMemory();
    const store = createSettingStore(database, createVault(randomBytes(32)));
    store.change({ port: 1 });
    database.tables.run("INSERT INTO settings VALUES ('from_the_future', '1', 0), ('auth_mode', 'not json', 0)");
    database.tables.run("INSERT INTO settings VALUES ('api_key', 'v1.AAAA', 1)");
    expect(store.read()).toEqual({ port: 1 });
  });
});
