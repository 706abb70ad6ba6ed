import { describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { silentLog } from '../../../src/base/log.ts';
import { runAccounts } from '../../../src/cli/accounts.ts';
import { readAccountsOptions } from '../../../src/cli/accounts-options.ts';
import { createGate } from '../../../src/routes/admin/access.ts';
import { type AdminParts, createAdminRoutes } from '../../../src/routes/admin/index.ts';
import { handTerminal } from '../../support/hand-terminal.ts';
import { openOwner } from '../../support/owner.ts';

const PASSWORD = 'open-sesame';

/** The real admin API over a real store; only the checks, which would call a provider, are played. */
function openGateway() {
  const owner = openOwner();
  const gate = createGate(
    () => ({ apiKey: '', passwordHash: 'hash', isPassword: async (shown) => shown === PASSWORD }),
    owner.clock.now,
  );
  const test = async (id: string) =>
    owner.admin.get(id).name === 'broken'
      ? { ok: false, duration_ms: 3, error: { kind: 'credential-rejected', message: 'bad key' } }
      : { ok: true, duration_ms: 5, models: ['a', 'b'] };
  const addAccount = async (body: unknown) => {
    const { test: _, ...account } = body as { readonly test?: boolean };
    return owner.admin.create(account);
  };
  const parts = { gate, accounts: owner.admin, addAccount, checks: { test }, log: silentLog };
  const missing = new Proxy({}, { get: () => undefined });
  const rest = { settings: missing, aliases: missing, service: missing, exchanges: missing };
  const app = new Elysia().use(createAdminRoutes({ ...rest, ...parts } as unknown as AdminParts));
  const run = async (line: string, input = '') => {
    const terminal = handTerminal(input);
    const words = line.split(' ');
    const options = readAccountsOptions(words.includes('--password') ? words : [...words, '--password', PASSWORD]);
    const call = async (url: string, init: RequestInit) => app.handle(new Request(url, init));
    const code = await runAccounts(options, { url: 'http://localhost', terminal, call: call as never });
    return { code, out: terminal.written(), told: terminal.told.join('\n') };
  };
  return { ...owner, run };
}

const ADD = 'add --name work --provider openai --api-key sk-0123456789abcdef';

describe('trivium accounts', () => {
  test('adds an account and lists it', async () => {
    const { run, store } = openGateway();
    const added = await run(`${ADD} --models gpt-5,gpt-5-mini --base-url http://x/v1`);
    expect([added.code, added.told]).toEqual([0, '']);
    expect(added.out).toMatch(/^acc_\w+ {2}work {2}openai {2}ready {2}2 models\n$/);
    expect(store.list()).toMatchObject([{ models: ['gpt-5', 'gpt-5-mini'], baseUrl: 'http://x/v1' }]);
    expect((await run('list')).out).toBe(added.out);
  });

  test('reads the key from standard input, so that no shell remembers it', async () => {
    const { run, store } = openGateway();
    expect((await run('add --name work --provider openai', 'sk-0123456789abcdef\n')).code).toBe(0);
    const { credential } = store.list()[0]!;
    expect(credential.type === 'api_key' && credential.apiKey.reveal()).toBe('sk-0123456789abcdef');
    expect((await run('add --name local --provider ollama', '')).code).toBe(0);
  });

  test('lists as JSON, with secrets masked', async () => {
    const { run } = openGateway();
    await run(ADD);
    const { out } = await run('list --json');
    expect(JSON.parse(out)).toMatchObject([{ name: 'work', provider: 'openai' }]);
    expect(out).not.toContain('0123456789');
  });

  test('lists nothing when there is nothing', async () => {
    expect(await openGateway().run('list')).toEqual({ code: 0, out: '', told: '' });
  });

  test('disables, enables and removes by name or id', async () => {
    const { run, store } = openGateway();
    await run(ADD);
    expect((await run('disable work')).out).toContain('disabled');
    expect(store.list()[0]!.enabled).toBe(false);
    expect((await run(`enable ${store.list()[0]!.id}`)).out).toContain('ready');
    expect((await run('remove work')).told).toContain('was removed');
    expect(store.list()).toEqual([]);
  });

  test('tests an account, and ends with 1 when it does not work', async () => {
    const { run } = openGateway();
    await run(ADD);
    await run(ADD.replace('work', 'broken'));
    expect(await run('test work')).toEqual({ code: 0, out: '', told: 'The account "work" works (5 ms, 2 models).' });
    expect(await run('test broken')).toMatchObject({ code: 1, told: expect.stringContaining('bad key') });
  });

  test('says in one sentence what did not go', async () => {
    const { run } = openGateway();
    await run(ADD);
    for (const [line, words] of [
      ['remove other', 'There is no account "other". There are: work.'],
      [ADD, 'There is an account with the name "work" already.'],
      ['add --name x --provider nobody --api-key k', 'provider must be'],
      ['list --password wrong', '--password'],
    ] as const) {
      expect(await run(line)).toMatchObject({ code: 1, out: '', told: expect.stringContaining(words) });
    }
  });

  test('says that the gateway does not answer', async () => {
    const terminal = handTerminal();
    const call = () => Promise.reject(new Error('connection refused'));
    const code = await runAccounts({ action: 'list', json: false }, { url: 'http://127.0.0.1:1', terminal, call });
    expect(code).toBe(1);
    expect(terminal.told).toEqual(['http://127.0.0.1:1 does not answer: connection refused']);
  });
});

describe('a wrong use', () => {
  test.each([
    ['', 'needs one of'],
    ['forget', 'needs one of'],
    ['add --name x', 'needs --name and --provider'],
    ['remove', 'needs the name or id'],
    ['remove a b', 'one word too many'],
    ['list --loud', '--loud'],
  ])('%j is told', (line, words) => {
    expect(() => readAccountsOptions(line.split(' '))).toThrow(words);
  });
});
