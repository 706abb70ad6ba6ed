import { describe, expect, test } from 'bun:test';
import { createPool } from '../../../src/pool/pool.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { anAccount, anAsk, aPolicy, T0 } from '../../support/pool-builders.ts';
import { FOREVER, failureOf, LIMITED, setUpPool, stateOf } from '../../support/pool-harness.ts';

describe('a lease', () => {
  test('counts as in flight until it is settled, and is settled once', async () => {
    const { pool, lease, clock } = setUpPool();
    const first = await lease();
    expect(first).toMatchObject({ account: { id: 'a' }, target: { model: 'gpt-5' }, why: 'its turn by weight' });
    expect(stateOf(pool, 'a')).toMatchObject({ inFlight: 1, lastUsedAt: clock.now() });
    const second = await lease({ target: { model: 'gpt-5', account: 'a' } });
    first.settle({ type: 'served' });
    first.settle(LIMITED);
    first.settle({ type: 'canceled' });
    expect(stateOf(pool, 'a')).toMatchObject({ inFlight: 1, cooldowns: [] });
    second.settle({ type: 'canceled' });
    expect(stateOf(pool, 'a').inFlight).toBe(0);
  });

  test('that began before a rest does not end it, and is no further strike', async () => {
    const { pool, lease, clock } = setUpPool();
    const onA = { target: { model: 'gpt-5', account: 'a' } };
    const [first, second, third] = [await lease(onA), await lease(onA), await lease(onA)];
    await clock.advance(10);
    first.settle(LIMITED);
    await clock.advance(10);
    second.settle({ type: 'served' });
    third.settle(LIMITED);
    expect(stateOf(pool, 'a')).toMatchObject({
      modelStrikes: { 'gpt-5': 1 },
      cooldowns: [{ since: T0 + 10, until: T0 + 20 + 30_000 }],
    });
  });

  test('takes turns', async () => {
    const { lease } = setUpPool();
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push((await lease()).account.id);
    expect(ids.join('')).toBe('abab');
  });

  test('is refused to a request that was given up before', async () => {
    const { pool } = setUpPool();
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(pool.lease(anAsk(), gone)).rejects.toThrow('gone');
    expect(pool.snapshot().every((state) => state.inFlight === 0)).toBe(true);
  });
});

describe('refusals', () => {
  test('nothing is set up', async () => {
    const { pool } = setUpPool();
    pool.setAccounts([]);
    expect((await failureOf(pool.lease(anAsk(), FOREVER))).kind).toBe('no-account');
  });

  test('all are switched off', async () => {
    const { pool, lease } = setUpPool();
    pool.setAccounts([anAccount('a', { enabled: false })]);
    expect(await failureOf(lease())).toMatchObject({ kind: 'no-account' });
  });

  test('nobody serves the model', async () => {
    const { lease } = setUpPool();
    const error = await failureOf(lease({ target: { model: 'x' } }));
    expect(error).toMatchObject({ kind: 'no-account', message: 'No account serves the model "x".' });
  });

  test('P07: all rest: 429 at once with the time of the earliest, when patience is too short', async () => {
    const { pool, lease, clock } = setUpPool();
    for (const [id, retryAfterMs] of [
      ['a', 60_000],
      ['b', 40_000],
    ] as const) {
      (await lease({ target: { model: 'gpt-5', account: id } })).settle({ ...LIMITED, retryAfterMs });
    }
    const error = await failureOf(lease());
    expect(error).toMatchObject({ kind: 'pool-cooling', detail: { retryAfterMs: 40_000 } });
    expect(error.traits.status).toBe(429);
    expect(error.message).toContain('"a" rests for 1 min more (its rate limit is reached); "b" rests for 40 s');
    expect(clock.pending).toBe(0);
    expect(pool.snapshot().map((state) => state.inFlight)).toEqual([0, 0]);
  });
});

describe('explain', () => {
  test('tells what would be chosen and why the others not, and takes nothing', async () => {
    const { pool, lease } = setUpPool();
    (await lease({ target: { model: 'gpt-5', account: 'a' } })).settle({ ...LIMITED, retryAfterMs: 60_000 });
    const before = pool.snapshot();
    expect(pool.explain(anAsk())).toMatchObject({
      type: 'use',
      account: 'b',
      refusals: [{ account: 'a', reason: 'cooling', until: T0 + 60_000, detail: 'slow down' }],
    });
    expect(pool.snapshot()).toEqual(before);
  });
});

describe('accounts', () => {
  test('keep their state when the set changes; leases of those that are gone end quietly', async () => {
    const { pool, lease } = setUpPool();
    const [first, second] = [await lease(), await lease()];
    (await lease()).settle({ ...LIMITED, retryAfterMs: 60_000 });
    pool.setAccounts([anAccount('c'), anAccount('a')]);
    second.settle(LIMITED);
    expect(pool.snapshot()).toMatchObject([
      { account: { id: 'c' }, inFlight: 0 },
      { account: { id: 'a' }, inFlight: 1, cooldowns: [{}] },
    ]);
    first.settle({ type: 'served' });
    expect(stateOf(pool, 'a').inFlight).toBe(0);
  });

  test('a snapshot does not change afterwards', async () => {
    const { pool, lease } = setUpPool();
    const before = pool.snapshot();
    await lease();
    expect(before[0]!.inFlight).toBe(0);
  });
});

describe('what outlives a restart', () => {
  test('is told when it changes, and only then', async () => {
    const { pool, lease, saved } = setUpPool();
    (await lease()).settle({ type: 'served' });
    (await lease()).settle({ type: 'failed', kind: 'invalid-request', message: 'x' });
    expect(saved).toEqual([]);
    (await lease({ target: { model: 'gpt-5', account: 'a' } })).settle(LIMITED);
    expect(saved).toMatchObject([{ account: { id: 'a' }, inFlight: 0, cooldowns: [{ model: 'gpt-5' }] }]);
    pool.clearCooldown('a');
    expect(saved).toMatchObject([{}, { account: { id: 'a' }, cooldowns: [] }]);
    expect(saved.length).toBe(2);
  });

  test('P06: is taken up again', async () => {
    const cooldowns = [{ since: T0, until: T0 + 60_000, kind: 'rate-limited', reason: 'x' }] as const;
    const restored = [{ account: 'a', strikes: 1, modelStrikes: {}, cooldowns, quota: [] }];
    const { pool, lease } = setUpPool({ restored });
    expect(stateOf(pool, 'a')).toMatchObject({ strikes: 1, cooldowns });
    expect((await lease()).account.id).toBe('b');
  });

  test('counts stay right when the store fails', async () => {
    const clock = createFakeClock(T0);
    const pool = createPool({
      clock,
      policy: () => aPolicy(),
      onChange: () => {
        throw new Error('disk full');
      },
    });
    pool.setAccounts([anAccount('a')]);
    const lease = await pool.lease(anAsk(), FOREVER);
    expect(() => lease.settle(LIMITED)).toThrow('disk full');
    expect(stateOf(pool, 'a')).toMatchObject({ inFlight: 0, cooldowns: [{}] });
  });
});
