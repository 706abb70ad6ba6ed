import { describe, expect, test } from 'bun:test';
import type { Choice, Lease } from '../../../src/pool/account-state.ts';
import { createWaitingQueue } from '../../../src/pool/waiting.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { anAccount, anAsk, T0 } from '../../support/pool-builders.ts';
import { FOREVER, LIMITED, setUpPool, stateOf, watch } from '../../support/pool-harness.ts';

const LEASE: Lease = { account: anAccount('a'), target: { model: 'gpt-5' }, why: '', settle: () => {} };
const WAIT: Choice = { type: 'wait', until: T0 + 1_000, refusals: [] };
const USE: Choice = { type: 'use', account: 'a', why: '', refusals: [] };

function setUp() {
  const clock = createFakeClock(T0);
  const decisions: Choice[] = [];
  let looks = 0;
  const queue = createWaitingQueue({
    clock,
    refresh: (ask) => ask,
    choose: () => {
      looks++;
      return decisions.shift() ?? { ...WAIT, until: clock.now() + 1_000 };
    },
    take: () => LEASE,
    refusal: () => new Error('refused'),
  });
  return { clock, queue, decisions, looks: () => looks };
}

test('a thousand requests that wait for the same cost one look and one timer', async () => {
  const { clock, queue, looks } = setUp();
  for (let i = 0; i < 1_000; i++) queue.enter(anAsk(), T0 + 1_000, FOREVER).catch(() => {});
  expect(clock.pending).toBe(1);
  queue.wakeAll();
  expect(looks()).toBe(1);
  await clock.advance(1_000);
  expect(looks()).toBe(2);
  expect(clock.pending).toBe(1);
});

test('requests for different things are looked at one by one', () => {
  const { queue, looks } = setUp();
  const asks = [anAsk(), anAsk({ target: { model: 'x' } }), anAsk({ bound: 'a' }), anAsk({ tried: new Set(['b']) })];
  for (const ask of asks) queue.enter(ask, T0 + 1_000, FOREVER).catch(() => {});
  queue.wakeAll();
  expect(looks()).toBe(4);
});

test('the first in the queue is served first, and nobody twice', async () => {
  const { clock, queue, decisions } = setUp();
  const order: number[] = [];
  for (const at of [1, 2, 3]) queue.enter(anAsk(), T0 + 1_000, FOREVER).then(() => order.push(at));
  decisions.push(USE, WAIT);
  queue.wakeAll();
  await clock.advance(0);
  expect(order).toEqual([1]);
  decisions.push(USE, USE);
  queue.wakeAll();
  await clock.advance(0);
  expect(order).toEqual([1, 2, 3]);
  expect([queue.size, clock.pending]).toEqual([0, 0]);
});

test('the alarm is set for the earliest', async () => {
  const { clock, queue, looks } = setUp();
  for (const at of [9_000, 300, 5_000]) queue.enter(anAsk(), T0 + at, FOREVER).catch(() => {});
  await clock.advance(299);
  expect(looks()).toBe(0);
  await clock.advance(1);
  expect(looks()).toBe(1);
});

test('a refusal ends the waiting', async () => {
  const { queue, decisions } = setUp();
  const waiting = queue.enter(anAsk(), T0 + 1_000, FOREVER);
  decisions.push({ type: 'refuse', refusals: [] });
  queue.wakeAll();
  await expect(waiting).rejects.toThrow('refused');
  expect(queue.size).toBe(0);
});

test('who goes away leaves the others in their places', async () => {
  const { clock, queue, decisions } = setUp();
  const client = new AbortController();
  const gone = queue.enter(anAsk(), T0 + 1_000, client.signal);
  const stays = queue.enter(anAsk(), T0 + 1_000, FOREVER);
  client.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  expect([queue.size, clock.pending]).toEqual([1, 1]);
  decisions.push(USE);
  queue.wakeAll();
  expect(await stays).toBe(LEASE);
});

describe('waiting at the pool', () => {
  const one = { account: 'a', model: 'gpt-5' };

  test('ends when the rest does', async () => {
    const { lease, clock } = setUpPool();
    (await lease({ target: one })).settle({ ...LIMITED, retryAfterMs: 4_000 });
    const fate = watch(lease({ target: one }));
    await clock.advance(3_999);
    expect(fate).toEqual({});
    await clock.advance(1);
    expect(fate.lease?.account.id).toBe('a');
    expect(clock.pending).toBe(0);
  });

  test('ends when an account frees', async () => {
    const { pool, lease, clock } = setUpPool();
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 })]);
    const first = await lease();
    const fate = watch(lease());
    await clock.advance(5_000);
    expect(fate).toEqual({});
    first.settle({ type: 'served' });
    await clock.advance(0);
    expect(fate.lease?.account.id).toBe('a');
    expect(stateOf(pool, 'a').inFlight).toBe(1);
  });

  test('ends with the patience', async () => {
    const { pool, lease, clock } = setUpPool();
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 })]);
    await lease();
    const fate = watch(lease());
    await clock.advance(9_999);
    expect(fate).toEqual({});
    await clock.advance(1);
    expect(fate.error).toMatchObject({ kind: 'pool-cooling', detail: { retryAfterMs: 1_000 } });
    expect(clock.pending).toBe(0);
  });

  test('P13: ends when the client goes, and leaves nothing behind', async () => {
    const { pool, lease, clock } = setUpPool();
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 })]);
    const first = await lease();
    const client = new AbortController();
    const fate = watch(pool.lease(anAsk(), client.signal));
    client.abort(new Error('the client went away'));
    await clock.advance(0);
    expect(fate.error).toMatchObject({ message: 'the client went away' });
    expect(clock.pending).toBe(0);
    first.settle({ type: 'served' });
    await clock.advance(20_000);
    expect(fate.lease).toBeUndefined();
    expect(stateOf(pool, 'a').inFlight).toBe(0);
  });

  test('ends when the owner ends the rest, adds or enables an account', async () => {
    const { pool, lease, clock } = setUpPool();
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 })]);
    (await lease()).settle({ ...LIMITED, retryAfterMs: 8_000 });
    const first = watch(lease());
    const second = watch(lease());
    await clock.advance(10);
    pool.clearCooldown('a');
    await clock.advance(0);
    expect(first.lease?.account.id).toBe('a');
    expect(second).toEqual({});
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 }), anAccount('new')]);
    await clock.advance(0);
    expect(second.lease?.account.id).toBe('new');
  });

  test('ends at once when the last hope is gone', async () => {
    const { pool, lease, clock } = setUpPool();
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 })]);
    const first = await lease();
    const fate = watch(lease());
    first.settle({ ...LIMITED, retryAfterMs: 60_000 });
    await clock.advance(0);
    expect(fate.error).toMatchObject({ kind: 'pool-cooling', detail: { retryAfterMs: 60_000 } });
  });

  test('is served in the order of coming, also before who comes when the rest has just ended', async () => {
    const { pool, lease, clock } = setUpPool();
    pool.setAccounts([anAccount('a', { maxConcurrent: 1 })]);
    (await lease()).settle({ ...LIMITED, retryAfterMs: 4_000 });
    const early = watch(lease());
    const later = watch(lease());
    clock.jump(4_000);
    const last = watch(lease());
    await clock.advance(0);
    expect([early.lease !== undefined, later.lease, last.lease]).toEqual([true, undefined, undefined]);
    early.lease!.settle({ type: 'served' });
    await clock.advance(0);
    expect([later.lease !== undefined, last.lease]).toEqual([true, undefined]);
  });
});

describe('after a rest', () => {
  const target = { model: 'gpt-5', account: 'a' };

  async function rested() {
    const parts = setUpPool();
    (await parts.lease({ target })).settle({ ...LIMITED, retryAfterMs: 2_000 });
    await parts.clock.advance(2_000);
    return parts;
  }

  test('P05: one request at a time goes there, until one was served', async () => {
    const { lease, clock } = await rested();
    const probe = await lease({ target });
    const [second, third] = [watch(lease({ target })), watch(lease({ target }))];
    await clock.advance(100);
    expect([second, third]).toEqual([{}, {}]);
    probe.settle({ type: 'canceled' });
    await clock.advance(0);
    expect([second.lease !== undefined, third]).toEqual([true, {}]);
    second.lease!.settle({ type: 'served' });
    await clock.advance(0);
    expect(third.lease?.account.id).toBe('a');
  });

  test('the others need not wait for the end of a long answer, once it has begun', async () => {
    const { pool, lease, clock } = await rested();
    const probe = await lease({ target });
    const fate = watch(lease({ target }));
    probe.answered?.();
    await clock.advance(0);
    expect(fate.lease?.account.id).toBe('a');
    expect(stateOf(pool, 'a')).toMatchObject({ inFlight: 2, cooldowns: [], modelStrikes: {} });
    probe.settle({ type: 'served' });
    probe.answered?.();
    expect(stateOf(pool, 'a').inFlight).toBe(1);
  });

  test('a try that hangs does not keep the others away for ever', async () => {
    const { lease, clock } = await rested();
    await lease({ target });
    const fate = watch(lease({ target }));
    await clock.advance(9_999);
    expect(fate).toEqual({});
    await clock.advance(1);
    expect(fate.lease?.account.id).toBe('a');
  });

  test('requests for other models are not held up', async () => {
    const { pool, lease } = await rested();
    pool.setAccounts([anAccount('a', { models: ['gpt-5', 'gpt-4'] })]);
    await lease({ target });
    expect((await lease({ target: { ...target, model: 'gpt-4' } })).account.id).toBe('a');
  });
});
