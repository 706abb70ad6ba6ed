import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account, Credential } from '../../../src/base/account.ts';
import { Secret } from '../../../src/base/secret.ts';
import { createAccountStore } from '../../../src/store/accounts.ts';
import { createVault } from '../../../src/store/vault.ts';
import { openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

const SECRET = 'sk-this-must-not-be-on-the-disk';

function account(id: string, more: Partial<Account> = {}): Account {
  return {
    id,
    name: `name of ${id}`,
    provider: 'openai',
    credential: { type: 'api_key', apiKey: new Secret(SECRET) },
    models: [],
    modelsFixed: false,
    dialects: [],
    enabled: true,
    priority: 0,
    weight: 1,
    createdAt: 1,
    ...more,
  };
}

const revealed = (credential: Credential) =>
  Object.entries(credential).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]);

describe('createAccountStore', () => {
  test('keeps every field over a reopening', () =>
    withFolder((folder) => {
      const key = randomBytes(32);
      const whole = account('acc_1', {
        baseUrl: 'http://127.0.0.1:9000/v1',
        models: ['m1', 'vendor/m2'],
        modelsFixed: true,
        modelFacts: { m1: { maxOutput: 64000, thinkingTypes: ['enabled'], title: 'M 1' } },
        dialects: ['openai-chat'],
        enabled: false,
        priority: -2.5,
        weight: 3,
        maxConcurrent: 4,
        reservePercent: 12.5,
        budget: { requestsPerDay: 5, tokensPerDay: 600 },
        proxyUrl: 'socks5://user:word@127.0.0.1:1080',
        note: 'a note',
        createdAt: 5,
      });
      const first = openIn(folder);
      createAccountStore(first, createVault(key)).put(whole);
      first.close();
      const second = openIn(folder);
      const [read] = createAccountStore(second, createVault(key)).list();
      second.close();
      expect({ ...read, credential: undefined }).toEqual({ ...whole, credential: undefined } as never);
      expect(revealed(read!.credential)).toEqual(revealed(whole.credential));
    }));

  test('keeps absent fields absent', () => {
    const database = openInMemory();
    const store = createAccountStore(database, createVault(randomBytes(32)));
    store.put(account('acc_1'));
    expect(Object.keys(store.list()[0]!).sort()).toEqual(Object.keys(account('acc_1')).sort());
  });

  test('writes no secret in the clear', () =>
    withFolder((folder) => {
      const database = openIn(folder);
      const store = createAccountStore(database, createVault(randomBytes(32)));
      store.put(account('acc_1', { proxyUrl: 'http://user:proxy-password@127.0.0.1:1' }));
      const withoutClosing = allBytes(folder);
      database.close();
      for (const bytes of [withoutClosing, allBytes(folder)]) {
        expect(bytes).toContain('name of acc_1');
        expect(bytes).not.toContain(SECRET);
        expect(bytes).not.toContain('proxy-password');
      }
    }));

  test('keeps every type of credential', () => {
    const database = openInMemory();
    const store = createAccountStore(database, createVault(randomBytes(32)));
    const credentials: readonly Credential[] = [
      { type: 'none' },
      { type: 'api_key', apiKey: new Secret('k') },
      { type: 'service_account', json: new Secret('{}') },
      { type: 'oauth', clientId: 'c', refreshToken: new Secret('r') },
      {
        type: 'oauth',
        clientId: 'c',
        clientSecret: new Secret('s'),
        refreshToken: new Secret('r'),
        accessToken: new Secret('a'),
        expiresAt: 7,
      },
    ];
    for (const [at, credential] of credentials.entries())
      store.put(account(`acc_${at}`, { credential, createdAt: at }));
    expect(store.list().map((one) => revealed(one.credential).sort())).toEqual(
      credentials.map((one) => revealed(one).sort()),
    );
  });

  test('replaces by id, orders by age, removes', () => {
    const store = createAccountStore(openInMemory(), createVault(randomBytes(32)));
    store.put(account('acc_b', { createdAt: 2 }));
    store.put(account('acc_a', { createdAt: 1 }));
    store.put(account('acc_b', { createdAt: 2, name: 'renamed', note: 'x' }));
    store.put(account('acc_b', { createdAt: 2, name: 'renamed' }));
    expect(store.list().map((one) => [one.id, one.name, one.note])).toEqual([
      ['acc_a', 'name of acc_a', undefined],
      ['acc_b', 'renamed', undefined],
    ]);
    expect(store.remove('acc_a')).toBe(true);
    expect(store.remove('acc_a')).toBe(false);
    expect(store.list().map((one) => one.id)).toEqual(['acc_b']);
  });

  test('rows it cannot read are named and harm no other', () => {
    const database = openInMemory();
    const vault = createVault(randomBytes(32));
    const store = createAccountStore(database, vault);
    for (const id of ['good', 'provider', 'seal', 'lists']) store.put(account(id));
    database.tables.run("UPDATE accounts SET provider = 'from-the-future' WHERE id = 'provider'");
    database.tables.run("UPDATE accounts SET sealed = 'v1.AAAA' WHERE id = 'seal'");
    database.tables.run("UPDATE accounts SET models = 'not json', weight = 'x', priority = 'y' WHERE id = 'lists'");
    expect(store.list().map((one) => one.id)).toEqual(['good', 'lists']);
    expect(store.list()[1]).toMatchObject({ models: [], weight: 1, priority: 0 });
    expect(store.unreadable().map((one) => one.id)).toEqual(['provider', 'seal']);
    expect(store.unreadable()[0]?.reason).toContain('from-the-future');
    expect(store.remove('seal')).toBe(true);
  });

  test('a sealed credential does not open in another row', () => {
    const database = openInMemory();
    const store = createAccountStore(database, createVault(randomBytes(32)));
    store.put(account('a'));
    store.put(account('b'));
    database.tables.run("UPDATE accounts SET sealed = (SELECT sealed FROM accounts WHERE id = 'a') WHERE id = 'b'");
    expect(store.list().map((one) => one.id)).toEqual(['a']);
  });
});

function allBytes(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
}
