import { describe, expect, test } from 'bun:test';
import { ENDPOINTS, endpointOf } from '../support/endpoints.ts';
import { type Gateway, startGateway } from '../support/executable.ts';

const KEY = 'sk-right-0123456789';
const KEY_FORMS: readonly { readonly name: string; readonly headers: HeadersInit; readonly query?: string }[] = [
  { name: 'authorization: Bearer', headers: { authorization: `Bearer ${KEY}` } },
  { name: 'authorization: bearer', headers: { authorization: `bearer ${KEY}` } },
  { name: 'authorization, bare', headers: { authorization: KEY } },
  { name: 'x-api-key', headers: { 'x-api-key': KEY } },
  { name: 'x-goog-api-key', headers: { 'x-goog-api-key': KEY } },
  { name: '?key=', headers: {}, query: `key=${KEY}` },
  { name: 'one right among two', headers: { authorization: 'Bearer sk-other', 'x-api-key': KEY } },
];
const WRONG_KEYS: readonly HeadersInit[] = [
  {},
  { authorization: 'Bearer sk-wrong-0123456789' },
  { authorization: `Bearer ${KEY}x` },
  { 'x-api-key': KEY.slice(0, -1) },
  { 'x-api-key': '' },
  { cookie: `key=${KEY}` },
];

const MODES = [
  { mode: 'off', lan: 'false', asks: false, asksHealth: false },
  { mode: 'strict', lan: 'false', asks: true, asksHealth: true },
  { mode: 'all_except_health', lan: 'false', asks: true, asksHealth: false },
  { mode: 'auto', lan: 'false', asks: false, asksHealth: false },
  { mode: 'auto', lan: 'true', asks: true, asksHealth: false },
] as const;

const start = (flags: { readonly [flag: string]: string }, environment: { readonly [name: string]: string } = {}) =>
  startGateway({ flags, environment: { TRIVIUM_API_KEY: KEY, ...environment } });

/** Asks the echo in a dialect. */
function ask(gateway: Gateway, path: string, body: unknown, headers: HeadersInit = {}): Promise<Response> {
  return fetch(gateway.url + path, { method: 'POST', body: JSON.stringify(body), headers });
}

describe.each(MODES)('auth mode $mode, LAN $lan', ({ mode, lan, asks, asksHealth }) => {
  const flags = { 'auth-mode': mode, 'allow-lan-access': lan };

  test('asks for a key where it should', async () => {
    await using gateway = await start(flags);
    for (const headers of WRONG_KEYS) {
      expect((await fetch(`${gateway.url}/healthz`, { headers })).status).toBe(asksHealth ? 401 : 200);
      expect((await fetch(`${gateway.url}/v1/models`, { headers })).status).toBe(asks ? 401 : 200);
      expect((await fetch(`${gateway.url}/nowhere`, { headers })).status).toBe(asks ? 401 : 404);
    }
    expect((await fetch(`${gateway.url}/healthz`, { headers: { 'x-api-key': KEY } })).status).toBe(200);
  });

  for (const { dialect, path, body, readError } of ENDPOINTS) {
    test(`${dialect} is told in its own words`, async () => {
      await using gateway = await start(flags);
      const [at, request] = [path('trivium-echo'), body('trivium-echo', 'Hello')];
      for (const { name, headers, query } of KEY_FORMS) {
        const target = query === undefined ? at : `${at}?${query}`;
        const response = await ask(gateway, target, request, headers);
        expect({ name, status: response.status }).toEqual({ name, status: 200 });
        expect(await response.text()).toContain('Hello');
      }
      for (const headers of WRONG_KEYS) {
        const response = await ask(gateway, at, request, headers);
        expect(response.status).toBe(asks ? 401 : 200);
        if (!asks) continue;
        expect(readError(await response.json())).toMatch(/Bearer.*x-api-key.*x-goog-api-key.*\?key=/);
        expect(response.headers.get('x-trivium-verdict')).toBe('client-error');
      }
      const options = await fetch(gateway.url + at, { method: 'OPTIONS' });
      expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
    });
  }
});

describe('hosts and origins', () => {
  const chat = endpointOf('openai-chat');
  const question = chat.body('trivium-echo', 'Hello');
  const corsHeaders = (response: Response) =>
    [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));

  test('a name that is not ours is refused on every route', async () => {
    await using gateway = await start({ 'allowed-hosts': 'nas.local,*.home.arpa' });
    for (const path of ['/healthz', '/v1/models', '/api/accounts', '/ui', '/static/app.css', '/nowhere']) {
      for (const host of ['evil.example', 'localhost.evil.example', `nas.local.evil.example:${gateway.port}`]) {
        const response = await fetch(gateway.url + path, { headers: { host } });
        expect({ path, host, status: response.status }).toEqual({ path, host, status: 403 });
        expect(await response.text()).toContain('allowed_hosts');
      }
    }
    for (const host of ['localhost', `127.0.0.1:${gateway.port}`, '[::1]:8045', 'NAS.local:80', 'box.home.arpa']) {
      const response = await fetch(`${gateway.url}/healthz`, { headers: { host } });
      expect({ host, status: response.status }).toEqual({ host, status: 200 });
    }
  });

  test('a page of another site can neither ask nor read', async () => {
    await using gateway = await start({});
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1', 'file://']) {
      const response = await ask(gateway, chat.path('m'), question, { origin });
      expect({ origin, status: response.status }).toEqual({ origin, status: 403 });
      expect(corsHeaders(response)).toEqual([]);
      const admin = await gateway.api('/api/accounts', { headers: { origin } });
      expect(admin.status).toBe(403);
      const preflight = await fetch(gateway.url + chat.path('m'), { method: 'OPTIONS', headers: { origin } });
      expect(corsHeaders(preflight)).toEqual([]);
    }
    const own = await ask(gateway, chat.path('m'), question, { origin: gateway.url });
    expect(own.status).toBe(200);
  });

  test('a page that the owner trusts can do both, with any header a library sends', async () => {
    const origin = 'https://chat.example';
    await using gateway = await start({ 'allowed-origins': origin });
    const preflight = await fetch(gateway.url + chat.path('m'), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-os',
      },
    });
    expect(preflight.status).toBeLessThan(300);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    const allowed = preflight.headers.get('access-control-allow-headers')!.toLowerCase();
    for (const header of ['authorization', 'content-type', 'x-stainless-os']) {
      expect(allowed === '*' || allowed.includes('*') || allowed.includes(header)).toBe(true);
    }
    expect(allowed).toContain('authorization');

    const answer = await ask(gateway, chat.path('m'), question, { origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-trivium-request-id');
    const refused = await ask(gateway, chat.path('m'), {}, { origin });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, origin]);
    const other = await ask(gateway, chat.path('m'), question, { origin: 'https://evil.example' });
    expect([other.status, corsHeaders(other)]).toEqual([403, []]);
  });
});

describe('the admin API', () => {
  test('without a password this machine may come in, and nobody asks for the client key', async () => {
    await using gateway = await start({ 'auth-mode': 'strict' });
    expect((await gateway.api('/api/accounts')).status).toBe(200);
    expect((await fetch(`${gateway.url}/ui`)).status).toBe(200);
  });

  test('with a password it is needed, from this machine too', async () => {
    await using gateway = await start({}, { TRIVIUM_ADMIN_PASSWORD: 'open sesame' });
    const status = async (headers: HeadersInit) => (await gateway.api('/api/settings', { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer open sesam' })).toBe(401);
    expect(await status({ authorization: `Bearer ${KEY}` })).toBe(401);
    expect(await status({ authorization: 'Bearer open sesame' })).toBe(200);
    const refused = await gateway.api('/api/settings');
    expect(refused.body).toEqual({ error: { code: 'unauthenticated', message: expect.stringContaining('password') } });
    for (const path of ['/api/openapi.json', '/api/requests/live', '/api/nothing']) {
      expect({ path, status: (await gateway.api(path)).status }).toEqual({ path, status: 401 });
    }
    // the client API is not the owner's
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(200);
  });

  test('a browser signs in with it, and out again', async () => {
    await using gateway = await start({}, { TRIVIUM_ADMIN_PASSWORD: 'open sesame' });
    const page = await fetch(`${gateway.url}/ui`, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/ui/sign-in']);
    const signIn = (password: string) =>
      fetch(`${gateway.url}/ui/sign-in`, {
        method: 'POST',
        body: new URLSearchParams({ password }),
        redirect: 'manual',
      });
    const wrong = await signIn('wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('set-cookie')).toBeNull();
    const right = await signIn('open sesame');
    const [cookie, ...attributes] = right.headers.get('set-cookie')!.split('; ');
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/']));
    const within = await fetch(`${gateway.url}/ui`, { headers: { cookie: cookie! }, redirect: 'manual' });
    expect(within.status).toBe(200);
    const out = await fetch(`${gateway.url}/ui/sign-out`, {
      method: 'POST',
      headers: { cookie: cookie! },
      redirect: 'manual',
    });
    expect(out.status).toBe(303);
    const after = await fetch(`${gateway.url}/ui`, { headers: { cookie: cookie! }, redirect: 'manual' });
    expect(after.status).toBe(303);
  });
});
