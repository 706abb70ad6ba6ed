import { describe, expect, test } from 'bun:test';
import type { ClientKeyItem } from '../../src/admin/client-keys.ts';
import type { ExchangeItem } from '../../src/admin/exchange-item.ts';
import type { Page } from '../../src/admin/read-fields.ts';
import type { StatsItem } from '../../src/admin/stats.ts';
import { ENDPOINTS, endpointOf } from '../support/endpoints.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../support/executable.ts';

const OWN_KEY = 'sk-right-0123456789';
const CHAT = endpointOf('openai-chat');

const start = (options: GatewayOptions = {}) =>
  startGateway({ flags: { 'auth-mode': 'strict' }, environment: { TRIVIUM_API_KEY: OWN_KEY }, ...options });

async function makeKey(gateway: Gateway, wishes: object): Promise<ClientKeyItem> {
  const { status, body } = await gateway.api<ClientKeyItem>('/api/client-keys', { body: wishes });
  expect(status).toBe(201);
  return body;
}

function ask(gateway: Gateway, key: string, model = 'trivium-echo', endpoint = CHAT): Promise<Response> {
  return fetch(gateway.url + endpoint.path(model), {
    method: 'POST',
    body: JSON.stringify(endpoint.body(model, 'Hello')),
    headers: { authorization: `Bearer ${key}` },
  });
}

const shownOf = async (response: Response) => ({ status: response.status, body: await response.json() });

describe('client keys', () => {
  test('let in beside the one of the settings, and stand in the record and in the sums', async () => {
    await using gateway = await start();
    const { id, key } = await makeKey(gateway, { name: 'ci' });
    for (const shown of [key, OWN_KEY]) expect((await ask(gateway, shown)).status).toBe(200);
    expect((await ask(gateway, `${key}0`)).status).toBe(401);
    const { items } = (await gateway.api<Page<ExchangeItem>>('/api/requests')).body;
    expect(items.map((item) => [item.client_key, item.client_key_name])).toEqual([
      [null, null],
      [id, 'ci'],
    ]);
    const stats = (await gateway.api<Page<StatsItem>>('/api/stats?by=client_key')).body.items;
    expect(stats.map(({ group, label, requests, cost }) => [group, label, requests, cost])).toEqual([
      [null, null, 1, '0'],
      [id, 'ci', 1, '0'],
    ]);
    expect((await gateway.api<ClientKeyItem>(`/api/client-keys/${id}`)).body.usage_today.requests).toBe(1);
  });

  test('are nowhere in the data folder or in later answers, and outlive a restart with what they have used', async () => {
    await using first = await start();
    const { key, id } = await makeKey(first, { name: 'ci', budget: { requests_per_day: 1 } });
    expect((await ask(first, key)).status).toBe(200);
    expect(JSON.stringify((await first.api('/api/client-keys')).body)).not.toContain(key);
    await first.kill();
    const files = [...new Bun.Glob('**/*').scanSync({ cwd: first.folder, dot: true })];
    for (const file of files) {
      expect(Buffer.from(await Bun.file(`${first.folder}/${file}`).arrayBuffer()).includes(key)).toBe(false);
    }
    await using again = await start({ folder: first.folder });
    expect((await again.api<ClientKeyItem>(`/api/client-keys/${id}`)).body.name).toBe('ci');
    expect((await ask(again, key)).status).toBe(429);
  });

  test('do not open the admin API', async () => {
    await using gateway = await start({ environment: { TRIVIUM_API_KEY: OWN_KEY, TRIVIUM_ADMIN_PASSWORD: 'owner' } });
    const owner = { authorization: 'Bearer owner' };
    const made = await gateway.api<ClientKeyItem>('/api/client-keys', { body: { name: 'ci' }, headers: owner });
    const headers = { authorization: `Bearer ${made.body.key}` };
    expect((await gateway.api('/api/client-keys', { headers })).status).toBe(401);
  });

  test('are not looked at where no key is asked', async () => {
    await using gateway = await start({ flags: { 'auth-mode': 'off' } });
    const { key } = await makeKey(gateway, { name: 'ci', enabled: false });
    expect((await ask(gateway, key)).status).toBe(200);
    expect((await gateway.api<Page<ExchangeItem>>('/api/requests')).body.items[0]?.client_key).toBeNull();
  });

  test('list only their own models', async () => {
    await using gateway = await start();
    const { key } = await makeKey(gateway, { name: 'ci', models: ['gpt-*'] });
    const headers = { authorization: `Bearer ${key}` };
    expect((await gateway.api('/v1/models', { headers })).body).toEqual({ object: 'list', data: [] });
    expect((await gateway.api('/v1/models/trivium-echo', { headers })).status).toBe(404);
  });
});

describe.each(ENDPOINTS)('a client of $dialect', (endpoint) => {
  test('is told in its own words that its key is switched off, forbids the model or is used up', async () => {
    await using gateway = await start();
    const { id, key } = await makeKey(gateway, { name: 'ci', models: ['trivium-*'], requests_per_minute: 1 });
    const refused = await shownOf(await ask(gateway, key, 'gpt-5', endpoint));
    expect(refused.status).toBe(403);
    expect(endpoint.readError(refused.body)).toContain('may not ask for the model "gpt-5"');
    expect((await ask(gateway, key, 'trivium-echo', endpoint)).status).toBe(200);
    const response = await ask(gateway, key, 'trivium-echo', endpoint);
    expect(Number(response.headers.get('retry-after'))).toBeWithin(50, 61);
    expect(response.headers.get('x-trivium-verdict')).toBe('rate-limited');
    const limited = await shownOf(response);
    expect(limited.status).toBe(429);
    expect(endpoint.readError(limited.body)).toContain('requests_per_minute is 1');
    await gateway.api(`/api/client-keys/${id}`, { method: 'PATCH', body: { enabled: false } });
    const off = await shownOf(await ask(gateway, key, 'trivium-echo', endpoint));
    expect(off.status).toBe(401);
    expect(endpoint.readError(off.body)).toContain('switched off');
  });
});
