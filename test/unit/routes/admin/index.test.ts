import { describe, expect, test } from 'bun:test';
import { AdminError } from '../../../../src/admin/admin-error.ts';
import { silentLog } from '../../../../src/base/log.ts';
import { type AdminParts, createAdminRoutes } from '../../../../src/routes/admin/index.ts';
import { OPENAPI_PAGE } from '../../../../src/routes/admin/openapi-page.ts';

/** Parts whose every operation answers its own name and what it was given. */
function echoParts(change: Partial<AdminParts> = {}): AdminParts {
  const echo = (group: string) =>
    new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...given: unknown[]) => ({ did: `${group}.${String(name)}`, given }),
      },
    );
  const groups = ['accounts', 'checks', 'settings', 'aliases', 'service', 'exchanges'];
  const single = ['addAccount', 'explain', 'translate', 'stats', 'backup'];
  return {
    ...Object.fromEntries(groups.map((group) => [group, echo(group)])),
    ...Object.fromEntries(single.map((name) => [name, (...given: unknown[]) => ({ did: name, given })])),
    gate: { check: async () => {} },
    log: silentLog,
    ...change,
  } as unknown as AdminParts;
}

async function ask(route: string, body?: string, parts = echoParts()) {
  const [method, path] = route.split(' ') as [string, string];
  const request = new Request(`http://localhost/api${path}`, { method, ...(body === undefined ? {} : { body }) });
  const response = await createAdminRoutes(parts).handle(request);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('a route of the admin API', () => {
  test.each<[string, string | undefined, string, number]>([
    ['GET /accounts', undefined, 'accounts.list', 200],
    ['POST /accounts', '{"name":"x"}', 'addAccount', 201],
    ['GET /accounts/acc_1', undefined, 'accounts.get', 200],
    ['PATCH /accounts/acc_1', '{}', 'accounts.patch', 200],
    ['DELETE /accounts/acc_1', undefined, 'accounts.remove', 200],
    ['POST /accounts/acc_1/test', undefined, 'checks.test', 200],
    ['POST /accounts/acc_1/refresh', undefined, 'checks.refresh', 200],
    ['POST /accounts/acc_1/clear-cooldown', undefined, 'accounts.clearCooldown', 200],
    ['GET /settings', undefined, 'settings.list', 200],
    ['PATCH /settings', '{}', 'settings.patch', 200],
    ['GET /aliases', undefined, 'aliases.list', 200],
    ['PUT /aliases', '[]', 'aliases.replace', 200],
    ['POST /resolve', '{}', 'explain', 200],
    ['POST /translate', '{}', 'translate', 200],
    ['GET /service', undefined, 'service.get', 200],
    ['POST /service/start', undefined, 'service.start', 200],
    ['POST /service/stop', undefined, 'service.stop', 200],
    ['GET /requests', undefined, 'exchanges.list', 200],
    ['GET /requests/x1', undefined, 'exchanges.get', 200],
    ['GET /stats', undefined, 'stats', 200],
    ['POST /backup', undefined, 'backup', 200],
  ])('%s', async (route, body, did, status) => {
    const answer = await ask(route, body);
    expect(answer.status).toBe(status);
    expect(answer.body.did).toBe(did);
  });

  test('gets the id, the query and the body of its request', async () => {
    expect((await ask('PATCH /accounts/acc_1', '{"name":"x"}')).body.given).toEqual(['acc_1', { name: 'x' }]);
    expect((await ask('GET /requests?status=500&limit=2')).body.given).toEqual([{ status: '500', limit: '2' }]);
    expect((await ask('PUT /aliases', '[1]')).body.given).toEqual([[1]]);
    expect((await ask('POST /accounts')).body.given).toEqual([{}]);
  });

  test('refuses a body that is no JSON', async () => {
    const { status, body } = await ask('POST /accounts', '{"name":');
    expect([status, body.error.code]).toEqual([400, 'not_json']);
  });

  test('refuses a body beyond all measure', async () => {
    expect((await ask('POST /accounts', `"${'x'.repeat(5 * 1024 * 1024)}"`)).status).toBe(413);
  });

  test('tells what is not there in JSON', async () => {
    for (const route of ['GET /nothing', 'DELETE /settings', 'GET /accounts/a/b/c']) {
      const { status, body } = await ask(route);
      expect([status, body.error.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('the gate', () => {
  const closed = echoParts({
    gate: {
      check: async () => {
        throw new AdminError('unauthenticated', 'Send the admin password.', { status: 401 });
      },
    } as unknown as AdminParts['gate'],
    addAccount: () => {
      throw new Error('somebody came in');
    },
  });

  test.each(['GET /accounts', 'POST /accounts', 'GET /openapi.json', 'GET /requests/live', 'GET /nothing'])(
    'stands before %s',
    async (route) => {
      const { status, body } = await ask(route, undefined, closed);
      expect([status, body.error.code]).toEqual([401, 'unauthenticated']);
    },
  );
});

describe('the page that describes it', () => {
  test('is served, and names every path that is', async () => {
    const { body } = await ask('GET /openapi.json');
    expect(body).toEqual(JSON.parse(JSON.stringify(OPENAPI_PAGE)));
    for (const path of ['/accounts', '/accounts/{id}', '/settings', '/aliases', '/resolve', '/requests', '/stats']) {
      expect(Object.keys(body.paths).some((known) => known.endsWith(path))).toBe(true);
    }
  });
});
