import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { accountAt, SERVICES, UPSTREAM_DIALECTS } from '../support/accounts-at.ts';
import { endpointOf } from '../support/endpoints.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { status } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';

const SECRETS = {
  upstreamKey: 'sk-proj-UPSTREAMSECRET0123456789abcdef',
  laterKey: 'sk-proj-LATERSECRET9876543210fedcba',
  gatewayKey: 'sk-GATEWAYSECRET0123456789',
  password: 'ADMINSECRET open sesame',
  proxyPassword: 'PROXYSECRET123',
  clientKey: 'sk-CLIENTSECRET0123456789',
};
const ADMIN = { authorization: `Bearer ${SECRETS.password}` };

describe('secrets', () => {
  test('stand in no answer, no log line, no backup and no file', async () => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway({
      flags: { 'log-level': 'debug', 'log-bodies': 'all', 'patience-s': '0' },
    });
    const accounts = await fill(gateway, (key) =>
      UPSTREAM_DIALECTS.map((dialect) => ({
        ...accountAt(upstream, dialect, { name: dialect, models: [SERVICES[dialect].model] }),
        credential: { type: 'api_key', api_key: key },
      })),
    );
    // a service that repeats the key it refuses, in the words of the one that does
    upstream.play(
      status(401, { message: `Incorrect API key provided: ${SECRETS.upstreamKey}. See your account page.` }),
    );
    for (const dialect of UPSTREAM_DIALECTS) {
      const endpoint = endpointOf(dialect);
      const { model } = SERVICES[dialect];
      const answer = await fetch(`${gateway.url}${endpoint.path(model)}?key=${SECRETS.clientKey}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRETS.clientKey}`, cookie: `session=${SECRETS.clientKey}` },
        body: JSON.stringify(endpoint.body(model, 'Hello')),
      });
      expect(findSecrets(await answer.text())).toEqual([]);
      expect(findSecrets(JSON.stringify([...answer.headers]))).toEqual([]);
    }

    const { items: requests } = (await gateway.api<{ items: { id: string }[] }>('/api/requests', { headers: ADMIN }))
      .body;
    expect(requests.length).toBe(UPSTREAM_DIALECTS.length);
    const answers = [
      ...accounts.flatMap((id) => [
        ['GET', `/api/accounts/${id}`],
        ['POST', `/api/accounts/${id}/test`],
        ['POST', `/api/accounts/${id}/refresh`],
        ['PATCH', `/api/accounts/${id}`, { credential: { type: 'api_key', api_key: SECRETS.laterKey } }],
      ]),
      ...requests.map(({ id }) => ['GET', `/api/requests/${id}`]),
      ...['accounts', 'settings', 'aliases', 'service', 'requests', 'stats', 'openapi.json'].map((name) => [
        'GET',
        `/api/${name}`,
      ]),
      ['POST', '/api/resolve', { model: SERVICES.gemini.model, dialect: 'gemini' }],
      ['PATCH', '/api/settings', { api_key: SECRETS.gatewayKey }],
      ['PATCH', '/api/settings', { api_key: 'SECRET-without-prefix' }],
      ['POST', '/api/backup'],
    ] as const;
    for (const [method, path, body] of answers) {
      const answer = await gateway.api(path as string, { method: method as string, body, headers: ADMIN });
      expect({ path, found: findSecrets(JSON.stringify(answer.body)) }).toEqual({ path, found: [] });
    }
    for (const path of ['/ui', '/ui/sign-in']) {
      const page = await fetch(gateway.url + path, { headers: ADMIN });
      expect(findSecrets(await page.text())).toEqual([]);
    }

    expect(await gateway.stop()).toBe(0);
    expect(gateway.stderr()).toContain('attempt failed');
    expect(findSecrets(gateway.stderr())).toEqual([]);
    const files = filesIn(gateway.folder);
    expect(files.some((file) => file.includes('backup'))).toBe(true);
    for (const file of files) {
      expect({ file, found: findSecrets(readFileSync(file, 'latin1')) }).toEqual({ file, found: [] });
      // nobody else on the machine may read what could be opened with the key beside it
      expect({ file, mode: statSync(file).mode & 0o077 }).toEqual({ file, mode: 0 });
    }
    expect(statSync(gateway.folder).mode & 0o077).toBe(0);
  });

  test('another machine needs the client key until there is a password', async () => {
    await using gateway = await startGateway({
      flags: { 'allow-lan-access': 'true', 'auth-mode': 'auto' },
      environment: { TRIVIUM_API_KEY: SECRETS.gatewayKey },
    });
    const address = Object.values(networkInterfaces())
      .flatMap((one) => one ?? [])
      .find((one) => one.family === 'IPv4' && !one.internal)?.address;
    const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    expect((await gateway.api('/api/accounts')).status).toBe(200);
    // a machine that is in no network cannot be asked from outside
    if (address === undefined) return;
    expect(gateway.stderr()).toContain(`http://${address}:${gateway.port}`);
    const status = async (init: RequestInit = {}) =>
      (await fetch(`http://${address}:${gateway.port}/api/accounts`, init)).status;
    expect(await status()).toBe(401);
    expect(await status(bearer('sk-wrong'))).toBe(401);
    expect(await status(bearer(SECRETS.gatewayKey))).toBe(200);
    await gateway.api('/api/settings', { method: 'PATCH', body: { admin_password: SECRETS.password } });
    expect(await status(bearer(SECRETS.gatewayKey))).toBe(401);
    expect(await status(bearer(SECRETS.password))).toBe(200);
  });

  test('an open gateway in a network must be wanted twice', async () => {
    const open = { 'allow-lan-access': 'true', 'auth-mode': 'off' };
    await expect(startGateway({ flags: open })).rejects.toThrow(/allow_open_lan/);
    await using gateway = await startGateway({ flags: { ...open, 'allow-open-lan': 'true' } });
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(200);
  });
});

/** Sets a password and a key, and adds the accounts; answers their ids. */
async function fill(
  gateway: Gateway,
  accounts: (key: string) => readonly { readonly [field: string]: unknown }[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const account of accounts(SECRETS.upstreamKey)) ids.push((await gateway.addAccount(account)).id);
  // an account that can reach nobody: its proxy is not there
  const proxy_url = `http://user:${SECRETS.proxyPassword}@127.0.0.1:9`;
  const proxied = { ...accounts(SECRETS.upstreamKey)[0]!, name: 'proxied', proxy_url, models: ['proxied-model'] };
  ids.push((await gateway.addAccount(proxied)).id);
  const upstream_proxy = proxy_url.replace(':9', ':10');
  await gateway.api('/api/settings', { method: 'PATCH', body: { api_key: SECRETS.gatewayKey, upstream_proxy } });
  await gateway.api('/api/settings', { method: 'PATCH', body: { upstream_proxy: null } });
  await gateway.api('/api/settings', { method: 'PATCH', body: { admin_password: SECRETS.password } });
  return ids;
}

function findSecrets(text: string): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
}

function filesIn(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
