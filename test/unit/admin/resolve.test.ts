import { describe, expect, test } from 'bun:test';
import type { AdminError } from '../../../src/admin/admin-error.ts';
import { explainModel, type ResolveParts } from '../../../src/admin/resolve.ts';
import type { Alias } from '../../../src/pool/alias.ts';
import { buildCatalog } from '../../../src/pool/model-catalog.ts';
import { resolveModel } from '../../../src/pool/resolve-model.ts';
import { chooseEndpoint } from '../../../src/upstream/endpoint.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';
import { openOwner } from '../../support/owner.ts';

const CREDENTIAL = { type: 'api_key', api_key: 'sk-0123456789abcdef' } as const;

function open(aliases: readonly Alias[] = []) {
  const owner = openOwner();
  const parts: ResolveParts = {
    resolve: (model) => resolveModel(model, aliases, buildCatalog(owner.store.list())),
    pool: owner.pool,
    chooseDialect: (account, dialect, model) => {
      const provider = PROVIDERS[account.provider];
      return provider && chooseEndpoint(provider, account, { dialect, model })?.dialect;
    },
  };
  return { ...owner, explain: (body: unknown) => explainModel(parts, body) };
}

describe('explainModel', () => {
  test('tells which accounts could serve, and why the others cannot', async () => {
    const { explain, admin, pool } = open();
    const models = ['claude-x'];
    const ready = admin.create({ name: 'ready', provider: 'anthropic', credential: CREDENTIAL, models });
    const off = admin.create({ name: 'off', provider: 'anthropic', credential: CREDENTIAL, models, enabled: false });
    const tired = admin.create({ name: 'tired', provider: 'anthropic', credential: CREDENTIAL, models, priority: 5 });
    admin.create({ name: 'demo', provider: 'echo' });
    const lease = await pool.lease({ target: { model: 'claude-x' }, tried: new Set() }, new AbortController().signal);
    lease.settle({ type: 'failed', kind: 'rate-limited', message: 'slow down', retryAfterMs: 60_000 });
    const answer = explain({ model: 'claude-x', dialect: 'openai-chat' });
    expect(answer).toMatchObject({
      model: 'claude-x',
      dialect: 'openai-chat',
      alias: null,
      strict: false,
      nearest: [],
    });
    expect(answer.steps.length).toBeGreaterThan(0);
    expect(answer.targets.length).toBe(1);
    const accounts = answer.targets[0]?.accounts ?? [];
    expect(accounts.map((one) => one.account).sort()).toEqual([ready.id, off.id, tired.id].sort());
    expect(accounts[0]).toMatchObject({
      account: ready.id,
      serves: true,
      next: true,
      upstream_dialect: 'anthropic-messages',
      translated: true,
    });
    expect(accounts.find((one) => one.account === off.id)).toMatchObject({ serves: false, reason: 'disabled' });
    expect(accounts.find((one) => one.account === tired.id)).toMatchObject({
      serves: false,
      reason: 'cooling',
      until: expect.stringMatching(/Z$/),
    });
  });

  test('shows the alias and each of its targets', () => {
    const { explain, admin } = open([
      { name: 'fast', targets: [{ model: 'trivium-echo' }, { model: 'x', provider: 'zai' }], strict: true },
    ]);
    admin.create({ name: 'demo', provider: 'echo' });
    const answer = explain({ model: 'fast' });
    expect(answer).toMatchObject({ alias: 'fast', strict: true, dialect: null });
    expect(answer.targets.map(({ model, provider }) => [model, provider])).toEqual([
      ['trivium-echo', null],
      ['x', 'zai'],
    ]);
    expect(answer.targets[0]?.accounts[0]).toMatchObject({ serves: true, translated: false, upstream_dialect: null });
  });

  test('names what is near an unknown model', () => {
    const { explain, admin } = open();
    admin.create({ name: 'demo', provider: 'echo' });
    expect(explain({ model: 'trivium-ecco' })).toMatchObject({ targets: [], nearest: ['trivium-echo'] });
  });

  test.each([
    [{}, 'model'],
    [{ model: 7 }, 'model'],
    [{ model: 'm', dialect: 'cohere' }, 'dialect'],
  ])('refuses %j', (body, field) => {
    try {
      open().explain(body);
      expect.unreachable();
    } catch (thrown) {
      expect((thrown as AdminError).field).toBe(field);
    }
  });
});
