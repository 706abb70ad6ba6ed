import { describe, expect, test } from 'bun:test';
import { readProtection, writeAccountFile } from '../../../src/admin/account-file.ts';
import { importAccounts, offeredAccounts } from '../../../src/admin/import-accounts.ts';
import { environmentAccounts } from '../../../src/config/environment-accounts.ts';
import { keyFile, refreshName } from '../../support/fake-authorization.ts';
import { openOwner } from '../../support/owner.ts';

const ENVIRONMENT = environmentAccounts({ OPENAI_API_KEY: 'sk-environment-0123' });
const KEY = { name: 'key', provider: 'openai', credential: { type: 'api_key', api_key: 'sk-KEYSECRET-0123' } };
const SIGNED_IN = {
  name: 'google',
  provider: 'gemini',
  credential: { type: 'oauth', client_id: 'c', client_secret: 'CLIENTSECRET', refresh_token: refreshName(1) },
  models: ['gemini-3-flash'],
  priority: 3,
  budget: { requests_per_day: 5 },
  proxy_url: 'socks5://127.0.0.1:1080',
  note: 'mine',
};
const ROBOT = { name: 'robot', provider: 'vertex', credential: { type: 'service_account', json: keyFile() } };

function open() {
  const owner = openOwner();
  const tested: string[] = [];
  const parts = {
    admin: owner.admin,
    store: owner.store,
    environment: () => ENVIRONMENT,
    test: async (id: string) => {
      tested.push(owner.admin.get(id).name);
      return { ok: true, duration_ms: 1, models: ['m'] };
    },
  };
  const take = async (body: unknown) => (await importAccounts(parts, body)).items;
  return { ...owner, take, tested };
}

async function exportOf(accounts: readonly object[], passphrase?: string) {
  const { admin, store } = open();
  for (const one of accounts) admin.create(one);
  return writeAccountFile(store.list(), readProtection(passphrase, passphrase === undefined), '2026-01-01T00:00:00Z');
}

const byName = (accounts: unknown) =>
  [...(accounts as readonly { readonly name: string }[])].sort((one, other) => one.name.localeCompare(other.name));

const outcomes = (items: readonly { readonly name: string; readonly outcome: string }[]) =>
  items.map(({ name, outcome }) => `${name} ${outcome}`).sort();

describe('an exported file', () => {
  test('brings every account back as it was, sealed or in clear', async () => {
    const [sealed, clear] = [
      await exportOf([KEY, SIGNED_IN, ROBOT], 'correct horse'),
      await exportOf([KEY, SIGNED_IN, ROBOT]),
    ];
    expect(JSON.stringify(sealed)).not.toMatch(/SECRET|refresh-token|PRIVATE KEY/);
    expect(String(clear.warning)).toContain('in clear');
    for (const file of [sealed, clear]) {
      const { take, store, tested } = open();
      expect(outcomes(await take({ file, passphrase: 'correct horse' }))).toEqual([
        'google added',
        'key added',
        'robot added',
      ]);
      expect(tested.sort()).toEqual(['google', 'key', 'robot']);
      const again = await writeAccountFile(store.list(), { clear: true }, '2026-01-01T00:00:00Z');
      expect(byName(again.accounts)).toEqual(byName(clear.accounts));
    }
  });

  test('adds nothing the second time', async () => {
    const { take, store, tested } = open();
    const file = await exportOf([KEY, SIGNED_IN, ROBOT]);
    await take(file);
    const before = JSON.stringify(store.list());
    expect(outcomes(await take(file))).toEqual(['google unchanged', 'key unchanged', 'robot unchanged']);
    expect(JSON.stringify(store.list())).toBe(before);
    expect(tested).toHaveLength(3);
  });

  test('leaves an account with another credential as it is, unless it is to be replaced', async () => {
    const { take, admin, store } = open();
    const file = await exportOf([SIGNED_IN]);
    const { id } = admin.create({
      ...SIGNED_IN,
      credential: { ...SIGNED_IN.credential, refresh_token: refreshName(2) },
    });
    const newer = JSON.stringify(await writeAccountFile(store.list(), { clear: true }, ''));
    expect(outcomes(await take(file))).toEqual(['google skipped']);
    expect(JSON.stringify(await writeAccountFile(store.list(), { clear: true }, ''))).toBe(newer);
    expect(outcomes(await take({ file, replace: true }))).toEqual(['google replaced']);
    const { credential } = store.get(id)!;
    expect(credential.type === 'oauth' && credential.refreshToken.reveal()).toBe(refreshName(1));
  });

  test('with one bad account brings the others', async () => {
    const { take } = open();
    const items = await take({ accounts: [{ ...KEY, provider: 'bedrock' }, KEY] });
    expect(outcomes(items)).toEqual(['key added', 'key refused']);
    expect(items[0]!.message).toContain('provider must be one of');
  });

  test.each([
    ['without its passphrase', {}, 'missing_field'],
    ['with a wrong one', { passphrase: 'something else' }, 'wrong_passphrase'],
  ])('that is sealed is refused %s', async (_what, more, code) => {
    const file = await exportOf([KEY], 'correct horse');
    const refused = await open()
      .take({ file, ...more })
      .catch((error) => error);
    expect(refused.code).toBe(code);
  });

  test('is sealed unless clear text was asked for', () => {
    expect(() => readProtection(undefined, false)).toThrow('An export is sealed');
    expect(() => readProtection('short', false)).toThrow('at least 8 characters');
    // a passphrase is stronger than the wish for none
    expect(readProtection('long enough', true)).toEqual({ passphrase: 'long enough' });
  });
});

describe('other sources', () => {
  test('the environment is added once, and offered until then', async () => {
    const { take, store } = open();
    expect(offeredAccounts(store.list(), ENVIRONMENT)).toEqual([
      { variable: 'OPENAI_API_KEY', provider: 'openai', name: 'openai (environment)' },
    ]);
    expect(outcomes(await take({ env: true }))).toEqual(['openai (environment) added']);
    expect(outcomes(await take({ env: true }))).toEqual(['openai (environment) unchanged']);
    expect(offeredAccounts(store.list(), ENVIRONMENT)).toEqual([]);
  });

  test('refresh tokens in a text become accounts of one client, each with a name of its own', async () => {
    const { take, admin, store } = open();
    admin.create({ ...SIGNED_IN, name: 'gemini 1' });
    const text = `first ${refreshName(1)}, then "${refreshName(2)}"\n${refreshName(3)}`;
    const items = await take({ text, client_id: 'c', client_secret: 's' });
    expect(items.map(({ outcome }) => outcome)).toEqual(['unchanged', 'added', 'added']);
    expect(new Set(store.list().map(({ name }) => name)).size).toBe(3);
    expect(store.list().map(({ provider }) => provider)).toEqual(['gemini', 'gemini', 'gemini']);
  });

  test.each([
    [{ text: 'nothing here', client_id: 'c' }, 'refresh tokens'],
    [{}, 'exported file'],
    [[], 'JSON object'],
  ])('%j is told what is missing', async (body, words) => {
    const refused = await open()
      .take(body)
      .catch((error) => error);
    expect(refused.message).toContain(words);
  });
});
