import { describe, expect, test } from 'bun:test';
import { createAccountChecks } from '../../../src/admin/account-checks.ts';
import { AdminError } from '../../../src/admin/admin-error.ts';
import type { UpstreamRequest } from '../../../src/upstream/provider.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';
import { openOwner } from '../../support/owner.ts';

const OPENAI = { name: 'o', provider: 'openai', credential: { type: 'api_key', api_key: 'sk-0123456789' } } as const;
const signal = new AbortController().signal;

function open(answer: () => Response) {
  const owner = openOwner();
  const sent: UpstreamRequest[] = [];
  const checks = createAccountChecks({
    admin: owner.admin,
    accounts: owner.store.list,
    providers: PROVIDERS,
    send: async (request) => {
      sent.push(request);
      return answer();
    },
    credentials: { fresh: async (account) => account, renewed: async () => undefined },
    now: owner.clock.now,
  });
  return { ...owner, checks, sent };
}

const models = () => Response.json({ object: 'list', data: [{ id: 'm1' }, { id: 'm2' }] });
const denied = () =>
  Response.json({ error: { message: 'Incorrect API key', code: 'invalid_api_key' } }, { status: 401 });

describe('test', () => {
  test('good news names the models and ends the trouble', async () => {
    const { checks, admin, pool, sent } = open(models);
    const { id } = admin.create(OPENAI);
    admin.keepModels(id, [{ id: 'm1' }]);
    const lease = await pool.lease({ target: { model: 'm1' }, tried: new Set() }, signal);
    lease.settle({ type: 'failed', kind: 'credential-rejected', message: 'no' });
    expect(admin.get(id).status.state).not.toBe('ready');
    expect(await checks.test(id, signal)).toMatchObject({ ok: true, models: ['m1', 'm2'] });
    expect(admin.get(id)).toMatchObject({ models: ['m1', 'm2'], status: { state: 'ready' } });
    expect(sent[0]?.headers.authorization).toBe('Bearer sk-0123456789');
  });

  test('bad news is told, not thrown', async () => {
    const { checks, admin } = open(denied);
    const { id } = admin.create(OPENAI);
    expect(await checks.test(id, signal)).toMatchObject({ ok: false, error: { kind: 'credential-rejected' } });
  });

  test('echo needs nobody', async () => {
    const { checks, admin, sent } = open(denied);
    const { id } = admin.create({ name: 'demo', provider: 'echo' });
    expect(await checks.test(id, signal)).toMatchObject({ ok: true, models: ['trivium-echo'] });
    expect(sent).toEqual([]);
  });

  test('an account that is not there is a 404', async () => {
    await expect(open(models).checks.test('acc_none', signal)).rejects.toThrow(AdminError);
  });
});

describe('refresh', () => {
  test('keeps what the provider names, but not over the owner’s list', async () => {
    const { checks, admin } = open(models);
    const { id } = admin.create(OPENAI);
    expect(await checks.refresh(id, signal)).toMatchObject({ models: ['m1', 'm2'], models_fixed: false });
    admin.patch(id, { models: ['mine'] });
    expect(await checks.refresh(id, signal)).toMatchObject({ models: ['mine'], models_fixed: true });
  });

  test('a provider that does not tell leaves all as it was', async () => {
    const { checks, admin } = open(denied);
    const { id } = admin.create(OPENAI);
    admin.keepModels(id, [{ id: 'old' }]);
    const error = await checks.refresh(id, signal).catch((thrown) => thrown);
    expect([error.code, error.status]).toEqual(['upstream_failed', 502]);
    expect(admin.get(id).models).toEqual(['old']);
  });
});
