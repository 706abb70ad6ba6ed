import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountItem } from '../../src/admin/account-item.ts';
import type { ImportResult } from '../../src/admin/import-accounts.ts';
import type { SignInItem } from '../../src/admin/sign-ins.ts';
import { type Gateway, runToEnd, startGateway } from '../support/executable.ts';
import { keyFile, OWN_CLIENT, refreshName } from '../support/fake-authorization.ts';
import { type FakeGoogle, startFakeGoogle } from '../support/fake-google.ts';
import { withFolder } from '../support/temporary-store.ts';

const CONTENT = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
const ask = (gateway: Gateway, model = 'gemini-3-flash') =>
  gateway.api(`/v1beta/models/${model}:generateContent`, { body: CONTENT });

const credentialAt = (google: FakeGoogle, number = 1) => ({
  type: 'oauth',
  client_id: OWN_CLIENT.clientId,
  client_secret: OWN_CLIENT.clientSecret,
  refresh_token: refreshName(number),
  token_url: google.tokenUrl,
});
const accountAt = (google: FakeGoogle, more: object = {}) => ({
  name: 'google',
  provider: 'gemini',
  base_url: google.url,
  credential: credentialAt(google),
  ...more,
});

describe('an account with a refresh token', () => {
  test('is tested at once, and answers', async () => {
    await using google = await startFakeGoogle();
    await using gateway = await startGateway();
    const added = await gateway.addAccount(accountAt(google));
    expect(added).toMatchObject({ models: ['gemini-3-flash'], test: { ok: true, models: ['gemini-3-flash'] } });
    expect(added.credential as object).toMatchObject({ type: 'oauth', client_id: OWN_CLIENT.clientId });
    expect((await ask(gateway)).status).toBe(200);
    expect(google.asked).toHaveLength(1);
  });

  test('says at once what is wrong with it', async () => {
    await using google = await startFakeGoogle();
    await using gateway = await startGateway();
    const added = await gateway.addAccount(accountAt(google, { credential: credentialAt(google, 9) }));
    expect(added).toMatchObject({ test: { ok: false, error: { kind: 'credential-rejected' } } });
    expect(JSON.stringify(added)).toContain('Sign in again');
    expect(JSON.stringify(added)).not.toContain(refreshName(9));
  });

  test('renews a token that was revoked before its time, once for twenty requests, and none fails', async () => {
    await using google = await startFakeGoogle({ rotates: true });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(google));
    google.valid.clear();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(gateway)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(google.asked).toHaveLength(2);
    expect(google.refreshToken()).toBe(refreshName(3));
  });

  test('keeps a rotated token although the program is killed between its arrival and its use', async () => {
    const used = Promise.withResolvers<void>();
    let onGeneration = (): Promise<void> => {
      used.resolve();
      return new Promise(() => {});
    };
    // a token that has run out when it comes makes every use of it wait for a new one
    await using google = await startFakeGoogle({ rotates: true, expiresIn: 1, onGeneration: () => onGeneration() });
    await withFolder(async (folder) => {
      const before = await startGateway({ folder });
      await before.addAccount(accountAt(google));
      const broken = ask(before).catch(() => undefined);
      await used.promise;
      const shown = google.refreshToken();
      expect(shown).toBe(refreshName(3));
      await before.kill();
      await broken;
      onGeneration = async () => {};
      await using after = await startGateway({ folder });
      expect(google.refreshToken()).toBe(shown);
      expect((await ask(after)).status).toBe(200);
      expect(google.asked.at(-1)).toMatchObject({ refresh_token: shown });
    });
  });

  test('does not keep the start waiting, and is not called invalid, when the token server is gone', async () => {
    await using google = await startFakeGoogle({ expiresIn: 1 });
    await withFolder(async (folder) => {
      const before = await startGateway({ folder });
      await before.addAccount(accountAt(google));
      await before.kill();
      await google[Symbol.asyncDispose]();
      const startedAt = performance.now();
      await using after = await startGateway({ folder });
      expect(performance.now() - startedAt).toBeLessThan(3000);
      const { status, headers } = await ask(after);
      expect([status, headers.get('x-trivium-verdict')]).toEqual([502, 'network']);
      const { body } = await after.api<{ items: AccountItem[] }>('/api/accounts');
      expect(body.items.find(({ name }) => name === 'google')?.status.state).not.toBe('invalid');
    });
  });
});

describe('a sign-in with a browser', () => {
  const begin = async (gateway: Gateway, google: FakeGoogle) => {
    const { refresh_token: _, ...credential } = credentialAt(google);
    const { body } = await gateway.api<SignInItem>('/api/accounts/sign-ins', {
      body: accountAt(google, { credential }),
    });
    return body;
  };

  test('comes back to the gateway, whatever password guards it, and adds an account that answers', async () => {
    await using google = await startFakeGoogle();
    await using gateway = await startGateway();
    const begun = await begin(gateway, google);
    expect(begun.redirect_uri).toBe(`http://127.0.0.1:${gateway.port}/oauth/callback`);
    const headers = { authorization: 'Bearer open sesame' };
    await gateway.api('/api/settings', { method: 'PATCH', body: { admin_password: 'open sesame' } });
    const stranger = await fetch(`${begun.redirect_uri}?code=x&state=guessed`);
    expect(stranger.status).toBe(400);
    const page = await fetch(google.signIn(begun.url), { headers: { 'sec-fetch-site': 'cross-site' } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('The account was added.')]);
    const { body: done } = await gateway.api<SignInItem>(`/api/accounts/sign-ins/${begun.id}`, { headers });
    expect(done).toMatchObject({ state: 'done', account: { name: 'google', test: { ok: true } } });
    expect(JSON.stringify(done)).not.toContain(refreshName(1));
    expect((await ask(gateway)).status).toBe(200);
  });

  test('on another machine ends with the pasted address', async () => {
    await using google = await startFakeGoogle();
    await using gateway = await startGateway();
    const url = google.signIn((await begin(gateway, google)).url);
    const { body } = await gateway.api('/api/accounts/sign-ins/callback', { body: { url } });
    expect(body).toMatchObject({ state: 'done', account: { models: ['gemini-3-flash'] } });
  });
});

test('a service account reaches Gemini and Claude at Vertex AI', async () => {
  await using google = await startFakeGoogle();
  await using gateway = await startGateway();
  const added = await gateway.addAccount({
    name: 'vertex',
    provider: 'vertex',
    base_url: google.url,
    credential: { type: 'service_account', json: keyFile(google.tokenUrl) },
  });
  expect(added.models).toEqual(['gemini-3-flash', 'claude-sonnet-4-5']);
  expect((await ask(gateway)).status).toBe(200);
  const body = { model: 'claude-sonnet-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };
  expect((await gateway.api('/v1/messages', { body })).status).toBe(200);
  expect((await gateway.api('/v1/chat/completions', { body })).status).toBe(200);
  const root = '/v1/projects/own-project/locations/global/publishers';
  expect(google.generations.map(({ path }) => path)).toEqual([
    `${root}/google/models/gemini-3-flash:generateContent`,
    `${root}/anthropic/models/claude-sonnet-4-5:rawPredict`,
    `${root}/anthropic/models/claude-sonnet-4-5:rawPredict`,
  ]);
  for (const { body: sent } of google.generations.slice(1)) {
    expect(sent).toMatchObject({ anthropic_version: 'vertex-2023-10-16', max_tokens: 9 });
    expect(sent).not.toHaveProperty('model');
  }
  expect(google.asked).toHaveLength(1);
});

describe('accounts move', () => {
  test('by one sealed file, from one gateway to another, on the terminal', async () => {
    await using google = await startFakeGoogle();
    await using one = await startGateway();
    await one.addAccount(accountAt(google));
    const exported = await runToEnd(['accounts', 'export', '--url', one.url], { input: 'correct horse battery\n' });
    expect([exported.code, exported.stdout.includes(refreshName(1))]).toEqual([0, false]);
    const clear = await runToEnd(['accounts', 'export', '--clear', '--url', one.url]);
    expect(clear.stderr).toContain('in clear');
    expect(clear.stdout).toContain(refreshName(1));

    await using other = await startGateway();
    const words = ['accounts', 'import', '--passphrase', 'correct horse battery', '--url', other.url];
    const taken = await runToEnd(words, { input: exported.stdout });
    expect(taken.stdout).toContain('added  google: The account was added. It works: 1 models.');
    expect((await runToEnd(words, { input: exported.stdout })).stdout).toContain('unchanged  google');
    expect((await ask(other)).status).toBe(200);
    const refused = await one.api('/api/accounts/export');
    expect(refused.status).toBe(400);
    const sealed = await one.api('/api/accounts/export', {
      headers: { 'x-trivium-passphrase': 'correct horse battery' },
    });
    expect(JSON.stringify(sealed.body)).toContain('"sealed"');
  });

  test('as refresh tokens in any text, and from the environment', async () => {
    await using google = await startFakeGoogle();
    await using gateway = await startGateway({ environment: { ZAI_API_KEY: 'zai-0123456789' } });
    const text = `old,${refreshName(8)}\nnew,${refreshName(1)}`;
    const { clientId: client_id, clientSecret: client_secret } = OWN_CLIENT;
    const body = { text, client_id, client_secret, token_url: google.tokenUrl, base_url: google.url };
    const { items } = (await gateway.api<ImportResult>('/api/accounts/import', { body })).body;
    expect(items.map(({ outcome, test: found }) => [outcome, found?.ok])).toEqual([
      ['added', false],
      ['added', true],
    ]);
    const offered = await gateway.api('/api/accounts/environment');
    expect(offered.body).toMatchObject({ items: [{ variable: 'ZAI_API_KEY', provider: 'zai' }] });
    const page = await (await fetch(`${gateway.url}/ui/accounts`)).text();
    expect([page.includes('ZAI_API_KEY'), page.includes('zai-0123456789')]).toEqual([true, false]);
    const words = ['accounts', 'import', '--env', '--url', gateway.url];
    const environment = { OPENROUTER_API_KEY: 'sk-or-0123456789', HTTPS_PROXY: 'http://127.0.0.1:9' };
    expect((await runToEnd(words, { environment })).stdout).toContain('added  openrouter (environment)');
  });
});

test('tokens and key files stand in no answer, no log line and no file', async () => {
  await using google = await startFakeGoogle({ rotates: true });
  await using gateway = await startGateway({ flags: { 'log-level': 'debug', 'log-bodies': 'all' } });
  const key = keyFile(google.tokenUrl);
  const added = await gateway.addAccount(accountAt(google));
  const robot = await gateway.addAccount({
    name: 'robot',
    provider: 'vertex',
    base_url: google.url,
    credential: { type: 'service_account', json: key },
  });
  google.valid.clear();
  await ask(gateway);
  google.valid.clear();
  await ask(gateway);
  const secrets = [OWN_CLIENT.clientSecret, '1//0fake', 'access-', JSON.parse(key).private_key.slice(60, 100)];
  const find = (text: string) => secrets.filter((secret) => text.includes(secret));
  const paths = [
    `accounts/${added.id}`,
    `accounts/${robot.id}`,
    'accounts',
    'requests',
    'settings',
    'accounts/environment',
  ];
  for (const path of paths) {
    const { body } = await gateway.api(`/api/${path}`);
    expect({ path, found: find(JSON.stringify(body)) }).toEqual({ path, found: [] });
  }
  const { body: sealed } = await gateway.api('/api/accounts/export', { body: { passphrase: 'correct horse' } });
  expect(find(JSON.stringify(sealed))).toEqual([]);
  expect(find(await (await fetch(`${gateway.url}/ui/accounts`)).text())).toEqual([]);
  await gateway.stop();
  expect(find(gateway.stderr())).toEqual([]);
  for (const name of readdirSync(gateway.folder, { recursive: true }) as string[]) {
    const file = join(gateway.folder, name);
    const text = name.includes('.') ? readFileSync(file, 'latin1') : '';
    expect({ file, found: find(text) }).toEqual({ file, found: [] });
  }
});
