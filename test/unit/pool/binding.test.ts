import { describe, expect, test } from 'bun:test';
import { createBindings } from '../../../src/pool/binding.ts';
import { anAccount } from '../../support/pool-builders.ts';
import { LIMITED, setUpPool, watch } from '../../support/pool-harness.ts';

const at = (now: number) => ({ now, ttlMs: 100 });

describe('ties', () => {
  test('last as long as the conversation goes on, and no longer', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'm', 'a', at(0));
    expect(bindings.find('talk', 'm', 99)).toBe('a');
    bindings.tie('talk', 'm', 'a', at(90));
    expect(bindings.find('talk', 'm', 189)).toBe('a');
    expect(bindings.find('talk', 'm', 190)).toBeUndefined();
  });

  test('follow the account that served last', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'm', 'a', at(0));
    bindings.tie('talk', 'm', 'b', at(1));
    expect(bindings.find('talk', 'm', 2)).toBe('b');
  });

  test('of one model are not undone by requests for another', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'large', 'a', at(0));
    bindings.tie('talk', 'small', 'b', at(1));
    expect(bindings.find('talk', 'large', 2)).toBe('a');
    expect(bindings.find('talk', 'small', 2)).toBe('b');
  });

  test('suggest the account of the conversation for a model that it has not asked for yet', () => {
    const bindings = createBindings();
    bindings.tie('talk', 'large', 'a', at(0));
    expect(bindings.find('talk', 'new', 1)).toBe('a');
    expect(bindings.find('other talk', 'large', 1)).toBeUndefined();
  });

  test('are forgotten oldest first when there are too many', () => {
    const bindings = createBindings(undefined, 4);
    bindings.tie('one', 'm', 'a', at(0));
    bindings.tie('two', 'm', 'a', at(0));
    bindings.tie('one', 'm', 'a', at(10));
    bindings.tie('three', 'm', 'a', at(11));
    expect(bindings.size).toBe(4);
    expect(bindings.find('two', 'm', 12)).toBeUndefined();
    expect(bindings.find('one', 'm', 12)).toBe('a');
  });
});

describe('a conversation', () => {
  const talk = { sessionKey: 'talk' };

  test('stays on the account that served it', async () => {
    const { lease } = setUpPool();
    const first = await lease(talk);
    first.settle({ type: 'served' });
    for (let i = 0; i < 3; i++) {
      const next = await lease(talk);
      expect(next).toMatchObject({ account: { id: first.account.id }, why: 'the conversation is tied to it' });
      next.settle({ type: 'served' });
    }
  });

  test('P10: moves on when its account can not, and stays where it was served', async () => {
    const { lease, clock } = setUpPool();
    (await lease(talk)).settle({ type: 'served' });
    (await lease(talk)).settle({ ...LIMITED, retryAfterMs: 60_000 });
    const moved = await lease(talk);
    expect(moved.account.id).toBe('b');
    moved.settle({ type: 'served' });
    await clock.advance(61_000);
    expect((await lease(talk)).account.id).toBe('b');
  });

  test('waits a moment for its own account in cache_first, not in balance', async () => {
    for (const mode of ['cache_first', 'balance'] as const) {
      const { lease, clock } = setUpPool({ policy: { mode } });
      (await lease(talk)).settle({ type: 'served' });
      (await lease(talk)).settle({ ...LIMITED, retryAfterMs: 1_500 });
      const fate = watch(lease(talk));
      await clock.advance(0);
      expect(fate.lease?.account.id).toBe(mode === 'balance' ? 'b' : undefined);
      await clock.advance(1_500);
      expect(fate.lease?.account.id).toBe(mode === 'balance' ? 'b' : 'a');
    }
  });

  test('P11: is free again after a while without a request', async () => {
    const { lease, clock } = setUpPool();
    (await lease(talk)).settle({ type: 'served' });
    await clock.advance(300_000);
    expect((await lease(talk)).account.id).toBe('b');
  });

  test('a request keeps the tie, even one that takes long', async () => {
    const { lease, clock } = setUpPool();
    (await lease(talk)).settle({ type: 'served' });
    await clock.advance(200_000);
    await lease(talk);
    await clock.advance(200_000);
    expect((await lease(talk)).account.id).toBe('a');
  });

  test('that only begins with the same words follows the rotation; its next request follows it', async () => {
    const { lease } = setUpPool();
    const opening = { ...talk, opens: true };
    (await lease(opening)).settle({ type: 'served' });
    const second = await lease(opening);
    expect(second.account.id).toBe('b');
    second.settle({ type: 'served' });
    expect((await lease(talk)).account.id).toBe('b');
  });

  test('is not tied by a failure', async () => {
    const { lease } = setUpPool();
    (await lease(talk)).settle({ type: 'failed', kind: 'upstream-failed', message: 'x' });
    expect((await lease(talk)).account.id).toBe('b');
  });

  test('P17: is untied from an account that is gone', async () => {
    const { pool, lease } = setUpPool();
    (await lease(talk)).settle({ type: 'served' });
    pool.setAccounts([anAccount('b')]);
    expect((await lease(talk)).account.id).toBe('b');
  });
});
