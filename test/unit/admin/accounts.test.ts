import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { AdminError } from '../../../src/admin/admin-error.ts';
import { createVault } from '../../../src/store/vault.ts';
import { openOwner } from '../../support/owner.ts';
import { openIn, withFolder } from '../../support/temporary-store.ts';

const KEY = 'sk-0123456789abcdef';
const OPENAI = { name: 'one', provider: 'openai', credential: { type: 'api_key', api_key: KEY } } as const;

function refused(action: () => unknown): AdminError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof AdminError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('create', () => {
  test('answers the account with every field, secrets masked', () => {
    const { admin, clock } = openOwner();
    const item = admin.create(OPENAI);
    expect(item).toEqual({
      id: expect.stringMatching(/^acc_[0-9A-Za-z]{10}$/),
      name: 'one',
      provider: 'openai',
      dialects: ['openai-chat', 'openai-responses'],
      base_url: expect.stringMatching(/^https:\/\//),
      credential: { type: 'api_key', api_key: 'sk-…cdef' },
      models: [],
      models_fixed: false,
      enabled: true,
      priority: 0,
      weight: 1,
      max_concurrent: null,
      reserve_percent: null,
      budget: null,
      proxy_url: null,
      note: null,
      created_at: new Date(clock.now()).toISOString(),
      status: { state: 'ready', reason: null, since: null, until: null, advice: null, models: [] },
      quota: [],
      usage_today: { requests: 0, errors: 0, input: 0, output: 0, cached: 0, reasoning: 0, cost: null },
      last_used_at: null,
      last_error: null,
    } as never);
    expect(JSON.stringify(admin.list())).not.toContain(KEY);
  });

  test('takes every field of the contract, and a reopened database has them', () =>
    withFolder((folder) => {
      const vault = createVault(randomBytes(32));
      const first = openOwner(openIn(folder), vault);
      const item = first.admin.create({
        ...OPENAI,
        base_url: 'http://127.0.0.1:9000/openai/v1/',
        models: ['a', 'b', 'a'],
        dialects: ['openai-chat'],
        priority: 5,
        weight: 2,
        max_concurrent: 3,
        enabled: false,
        reserve_percent: 10,
        budget: { requests_per_day: 100, tokens_per_day: null },
        proxy_url: 'http://user:word@proxy:8080',
        note: 'line one\nline two',
      });
      expect(item).toMatchObject({
        base_url: 'http://127.0.0.1:9000/openai/v1',
        models: ['a', 'b'],
        models_fixed: true,
        dialects: ['openai-chat'],
        priority: 5,
        weight: 2,
        max_concurrent: 3,
        enabled: false,
        reserve_percent: 10,
        budget: { requests_per_day: 100 },
        proxy_url: 'http://user:…@proxy:8080',
        note: 'line one\nline two',
        status: { state: 'disabled' },
      });
      // No closing: what was answered must be on the disk by now.
      const second = openOwner(openIn(folder), vault);
      expect(second.admin.get(item.id)).toEqual(item);
      expect(second.store.list()[0]?.proxyUrl).toBe('http://user:word@proxy:8080');
      second.database.close();
      first.database.close();
    }));

  test('the pool knows it at once', () => {
    const { admin, pool } = openOwner();
    const { id } = admin.create(OPENAI);
    expect(pool.snapshot().map((state) => state.account.id)).toEqual([id]);
  });

  test('a key loses the blanks that copying adds', () => {
    const { admin, store } = openOwner();
    admin.create({ ...OPENAI, credential: { type: 'api_key', api_key: ` ${KEY}\n` } });
    const [account] = store.list();
    expect(account?.credential.type === 'api_key' && account.credential.apiKey.reveal()).toBe(KEY);
  });

  test('null is as good as absent', () => {
    const { admin } = openOwner();
    const item = admin.create({ ...OPENAI, base_url: null, models: null, priority: null, note: '' });
    expect(item).toMatchObject({ models: [], priority: 0, note: null });
  });

  test('a name stands once, however it is written', () => {
    const { admin } = openOwner();
    const { id } = admin.create(OPENAI);
    const error = refused(() => admin.create({ ...OPENAI, name: 'ONE' }));
    expect([error.code, error.field, error.status]).toEqual(['name_taken', 'name', 409]);
    expect(admin.patch(id, { name: 'One' }).name).toBe('One');
  });

  test('echo needs nothing and serves its own model only', () => {
    const { admin } = openOwner();
    expect(admin.create({ name: 'e', provider: 'echo' })).toMatchObject({
      models: ['trivium-echo'],
      credential: { type: 'none' },
      status: { state: 'ready' },
    });
    expect(refused(() => admin.create({ name: 'f', provider: 'echo', models: ['gpt'] })).field).toBe('models');
  });
});

describe('patch', () => {
  test('changes what it names and leaves the rest', () => {
    const { admin, changed } = openOwner();
    const before = admin.create({ ...OPENAI, note: 'n', max_concurrent: 2 });
    expect(admin.patch(before.id, { priority: 3 })).toEqual({ ...before, priority: 3 });
    expect(admin.patch(before.id, { max_concurrent: null, note: '' })).toEqual({
      ...before,
      priority: 3,
      max_concurrent: null,
      note: null,
    });
    expect(changed.filter((id) => id === before.id).length).toBe(3);
  });

  test('an item sent back whole changes nothing, secrets included', () => {
    const { admin, store } = openOwner();
    const item = admin.create({
      ...OPENAI,
      proxy_url: 'http://u:secret@p:1',
      models: ['a'],
      budget: { tokens_per_day: 1 },
    });
    const before = store.list();
    expect(admin.patch(item.id, item)).toEqual(item);
    expect(store.list()).toEqual(before);
    expect(store.list()[0]?.proxyUrl).toBe('http://u:secret@p:1');
  });

  test('a masked key leaves the key, another one replaces it, a foreign mask is refused', () => {
    const { admin, store } = openOwner();
    const { id } = admin.create(OPENAI);
    const key = () => {
      const credential = store.list()[0]?.credential;
      return credential?.type === 'api_key' ? credential.apiKey.reveal() : undefined;
    };
    admin.patch(id, { credential: { type: 'api_key', api_key: 'sk-…cdef' } });
    expect(key()).toBe(KEY);
    expect(refused(() => admin.patch(id, { credential: { type: 'api_key', api_key: 'sk-…zzzz' } })).field).toBe(
      'credential.api_key',
    );
    expect(refused(() => admin.patch(id, { proxy_url: 'http://u:…@p:1' })).field).toBe('proxy_url');
    admin.patch(id, { credential: { type: 'api_key', api_key: 'sk-another-key' } });
    expect(key()).toBe('sk-another-key');
  });

  test('a wrong field changes nothing at all', () => {
    const { admin } = openOwner();
    const before = admin.create(OPENAI);
    expect(refused(() => admin.patch(before.id, { priority: 3, weight: 'x' })).field).toBe('weight');
    expect(admin.get(before.id)).toEqual(before);
  });

  test('what cannot be empty cannot be emptied, nor the provider changed', () => {
    const { admin } = openOwner();
    const { id } = admin.create(OPENAI);
    expect(refused(() => admin.patch(id, { name: null })).field).toBe('name');
    expect(refused(() => admin.patch(id, { weight: null })).field).toBe('weight');
    expect(refused(() => admin.patch(id, { provider: 'zai' })).field).toBe('provider');
    expect(refused(() => admin.patch(id, { credential: { type: 'none' } })).field).toBe('credential');
  });

  test('what the provider says of its models is kept, over the owner’s list too, until it says otherwise', () => {
    const { admin, store } = openOwner();
    const { id } = admin.create({ ...OPENAI, models: ['x'] });
    const factsOf = () => store.list().find((account) => account.id === id)!.modelFacts;
    admin.keepModels(id, [{ id: 'x', facts: { maxOutput: 5 } }, { id: 'y' }]);
    expect(admin.get(id).models).toEqual(['x']);
    expect(factsOf()).toEqual({ x: { maxOutput: 5 } });
    admin.keepModels(id, [{ id: 'x' }]);
    expect(factsOf()).toBeUndefined();
  });

  test('models become the owner’s when he lists them, and the provider’s again when he empties the list', () => {
    const { admin } = openOwner();
    const { id } = admin.create(OPENAI);
    expect(admin.keepModels(id, [{ id: 'x' }, { id: 'y' }])).toMatchObject({ models: ['x', 'y'], models_fixed: false });
    expect(admin.patch(id, { models: ['x', 'y'] }).models_fixed).toBe(false);
    expect(admin.patch(id, { models: ['x'] })).toMatchObject({ models: ['x'], models_fixed: true });
    expect(admin.keepModels(id, [{ id: 'z' }])).toMatchObject({ models: ['x'] });
    expect(admin.patch(id, { models: [] })).toMatchObject({ models: [], models_fixed: false });
  });

  test('a new credential ends the trouble of the old one', async () => {
    const { admin, pool } = openOwner();
    const { id } = admin.create({ ...OPENAI, models: ['m'] });
    const lease = await pool.lease({ target: { model: 'm' }, tried: new Set() }, new AbortController().signal);
    lease.settle({ type: 'failed', kind: 'credential-rejected', message: 'wrong key' });
    expect(admin.get(id).status.state).not.toBe('ready');
    expect(admin.get(id).last_error).toMatchObject({ kind: 'credential-rejected', message: 'wrong key' });
    expect(admin.patch(id, { credential: { type: 'api_key', api_key: 'sk-new-key-1234' } }).status.state).toBe('ready');
  });
});

describe('the rest', () => {
  test('remove takes it out of store and pool', () => {
    const { admin, pool } = openOwner();
    const { id } = admin.create(OPENAI);
    admin.remove(id);
    expect(admin.list().items).toEqual([]);
    expect(pool.snapshot()).toEqual([]);
    expect(refused(() => admin.remove(id)).status).toBe(404);
    expect(refused(() => admin.get(id)).code).toBe('not_found');
    expect(refused(() => admin.patch(id, {})).status).toBe(404);
    expect(refused(() => admin.clearCooldown(id)).status).toBe(404);
  });

  test('clear-cooldown makes it ready', async () => {
    const { admin, pool } = openOwner();
    const { id } = admin.create({ ...OPENAI, models: ['m'] });
    const lease = await pool.lease({ target: { model: 'm' }, tried: new Set() }, new AbortController().signal);
    lease.settle({ type: 'failed', kind: 'rate-limited', message: 'slow down', retryAfterMs: 60_000 });
    expect(admin.get(id).status).toMatchObject({ state: 'cooling', until: expect.stringMatching(/Z$/) });
    expect(admin.clearCooldown(id).status.state).toBe('ready');
  });

  test('usage of today is that of today and of this account', () => {
    const { admin, exchanges, clock } = openOwner();
    const { id } = admin.create(OPENAI);
    const exchange = {
      dialect: 'gemini',
      path: '/',
      client: 'c',
      modelAsked: 'm',
      status: 200,
      streamed: false,
      attempts: [],
      durationMs: 1,
      losses: [],
      usage: { input: 100, cacheRead: 60, output: 20, reasoning: 5 },
    } as const;
    exchanges.record({ ...exchange, id: 'a', at: clock.now(), account: id });
    exchanges.record({ ...exchange, id: 'b', at: clock.now() - 86_400_000, account: id });
    exchanges.record({ ...exchange, id: 'c', at: clock.now(), account: 'acc_other' });
    expect(admin.get(id).usage_today).toEqual({
      requests: 1,
      errors: 0,
      input: 100,
      output: 20,
      cached: 60,
      reasoning: 5,
      cost: null,
    });
  });

  test('an unreadable account is named, keeps its name and can be removed', () => {
    const { admin, database } = openOwner();
    const { id } = admin.create(OPENAI);
    database.tables.run("UPDATE accounts SET provider = 'from-the-future'");
    expect(admin.list().items).toEqual([]);
    expect(admin.unreadable().map((one) => one.name)).toEqual(['one']);
    expect(refused(() => admin.create(OPENAI)).code).toBe('name_taken');
    admin.remove(id);
    expect(admin.unreadable()).toEqual([]);
  });
});
