import { expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareFirstRun } from '../../../src/admin/first-run.ts';
import { createAccountStore } from '../../../src/store/accounts.ts';
import type { StoreDatabase } from '../../../src/store/database.ts';
import { createFactStore } from '../../../src/store/facts.ts';
import { createSettingStore } from '../../../src/store/settings.ts';
import { createVault, type Vault } from '../../../src/store/vault.ts';
import { openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

function run(database: StoreDatabase, vault: Vault) {
  const parts = {
    accounts: createAccountStore(database, vault),
    settings: createSettingStore(database, vault),
    facts: createFactStore(database),
    echoModels: ['trivium-echo'],
    now: 1,
  };
  prepareFirstRun(parts);
  return parts;
}

test('a first start makes a key and the demo account; later ones change nothing', () =>
  withFolder((folder) => {
    const vault = createVault(randomBytes(32));
    const first = openIn(folder);
    const made = run(first, vault);
    const key = made.settings.read().api_key;
    expect(key).toMatch(/^sk-[0-9a-f]{48}$/);
    expect(made.accounts.list()).toMatchObject([
      { name: 'demo', provider: 'echo', models: ['trivium-echo'], enabled: true, credential: { type: 'none' } },
    ]);
    first.close();
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(bytes.join('')).not.toContain(String(key).slice(3));
    const second = openIn(folder);
    const again = run(second, vault);
    expect(again.settings.read().api_key).toBe(key as string);
    expect(again.accounts.list().length).toBe(1);
    second.close();
  }));

test('a deleted demo account stays deleted', () => {
  const database = openInMemory();
  const vault = createVault(randomBytes(32));
  const { accounts } = run(database, vault);
  accounts.remove(accounts.list()[0]!.id);
  expect(run(database, vault).accounts.list()).toEqual([]);
});

test('a start that was cut off in between makes no second one', () => {
  const database = openInMemory();
  const vault = createVault(randomBytes(32));
  run(database, vault);
  database.tables.run("DELETE FROM facts WHERE name = 'demo-account-made'");
  expect(run(database, vault).accounts.list().length).toBe(1);
});
