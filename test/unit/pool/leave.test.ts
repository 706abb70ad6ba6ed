import { describe, expect, test } from 'bun:test';
import { worthOfStaying } from '../../../src/pool/leave.ts';
import { choose } from '../../../src/pool/schedule.ts';
import { anAsk, aPolicy, aState, T0 } from '../../support/pool-builders.ts';

const rests = (ms: number) => ({
  cooldowns: [{ since: T0, until: T0 + ms, kind: 'rate-limited', reason: 'slow down' } as const],
});

describe('a conversation whose account rests', () => {
  test.each([
    [undefined, 2_000],
    [100, 500],
    [20_000, 2_000],
    [70_000, 7_000],
    [900_000, 10_000],
  ])('with %p tokens is worth a wait of %p ms', (promptTokens, ms) => {
    expect(worthOfStaying(anAsk(promptTokens === undefined ? {} : { promptTokens }), aPolicy())).toBe(ms);
  });

  test('waits when it is large, and moves when it is small; why it moved is told', () => {
    const states = [aState('a', rests(5_000)), aState('b')];
    const ask = (promptTokens: number) => anAsk({ bound: 'a', promptTokens });
    expect(choose(states, ask(80_000), aPolicy(), T0)).toMatchObject({ type: 'wait', until: T0 + 5_000 });
    expect(choose(states, ask(20_000), aPolicy(), T0)).toEqual({
      type: 'use',
      account: 'b',
      why: 'its turn by weight; its own account a rests 5 s more; about 20000 tokens are read again, which is worth waiting 2 s',
      refusals: [],
      turns: 1,
    });
    expect(choose(states, ask(80_000), aPolicy({ mode: 'balance' }), T0)).toMatchObject({ type: 'use', account: 'b' });
  });

  test('waits no longer than its request may take', () => {
    const states = [aState('a', rests(5_000)), aState('b')];
    const ask = anAsk({ bound: 'a', promptTokens: 80_000, deadline: T0 + 4_000 });
    expect(choose(states, ask, aPolicy(), T0)).toMatchObject({ type: 'use', account: 'b' });
  });
});

test('P04: nobody waits beyond the budget of the request, and hears at once when no account comes back within it', () => {
  const full = [aState('a', { inFlight: 1 }, { maxConcurrent: 1 })];
  expect(choose(full, anAsk({ deadline: T0 + 3_000 }), aPolicy(), T0)).toMatchObject({
    type: 'wait',
    until: T0 + 3_000,
  });
  const resting = [aState('a', rests(5_000))];
  expect(choose(resting, anAsk({ deadline: T0 + 4_000 }), aPolicy(), T0)).toMatchObject({
    type: 'refuse',
    retryAt: T0 + 5_000,
  });
});
