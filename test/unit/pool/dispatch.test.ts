import { describe, expect, test } from 'bun:test';
import { dispatched, exclusiveTargets, readDispatch } from '../../../src/pool/dispatch.ts';
import { choose } from '../../../src/pool/schedule.ts';
import { anAccount, anAsk, aPolicy, aState, T0 } from '../../support/pool-builders.ts';
import { setUpPool } from '../../support/pool-harness.ts';

describe('dispatch of a provider', () => {
  test('is read from choices; what is none is left out', () => {
    const dispatch = readDispatch(['zai=fallback', 'openai=off', 'nobody=off', 'gemini=sometimes']);
    expect([...dispatch]).toEqual([
      ['zai', 'fallback'],
      ['openai', 'off'],
    ]);
  });

  test('off: its accounts serve nothing; pooled: as without a choice', () => {
    const accounts = [anAccount('a'), anAccount('z', { provider: 'zai' })];
    const seen = dispatched(accounts, readDispatch(['openai=off', 'zai=pooled']));
    expect(seen.map(({ enabled }) => enabled)).toEqual([false, true]);
    expect(seen[1]).toBe(accounts[1]!);
    expect(dispatched(accounts, readDispatch([]))).toBe(accounts);
  });

  test('fallback: only when nothing else can serve, whatever its priority, and the conversation goes back', async () => {
    const { pool, lease, clock } = setUpPool({ policy: { patienceMs: 0 } });
    pool.setAccounts([anAccount('a'), anAccount('z', { fallback: true, priority: 99 })]);
    const first = await lease({ sessionKey: 's' });
    expect(first.account.id).toBe('a');
    first.settle({ type: 'failed', kind: 'rate-limited', message: 'x', retryAfterMs: 5_000 });
    const second = await lease({ sessionKey: 's' });
    expect(second.account.id).toBe('z');
    second.settle({ type: 'served' });
    clock.jump(6_000);
    expect((await lease({ sessionKey: 's' })).account.id).toBe('a');
  });

  test('fallbacks are compared among themselves by priority', () => {
    const fallback = (id: string, priority: number) => aState(id, {}, { fallback: true, priority });
    expect(choose([fallback('y', 1), fallback('z', 2)], anAsk(), aPolicy(), T0)).toMatchObject({ account: 'z' });
  });

  test('exclusive: all requests go there, under the names that were found, else under the one asked', () => {
    expect(exclusiveTargets([{ model: 'claude-x' }], 'zai', 'claude')).toEqual([
      { model: 'claude-x', provider: 'zai', unlisted: true },
    ]);
    expect(exclusiveTargets([], 'zai', 'claude')).toEqual([{ model: 'claude', provider: 'zai', unlisted: true }]);
    const own = { model: 'glm-5', provider: 'zai' } as const;
    expect(exclusiveTargets([{ model: 'gpt-5', provider: 'openai' }, own], 'zai', 'x')).toEqual([own]);
  });
});
