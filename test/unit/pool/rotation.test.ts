import { describe, expect, test } from 'bun:test';
import type { AccountState, SchedulingMode } from '../../../src/pool/account-state.ts';
import { ROTATIONS } from '../../../src/pool/rotation.ts';
import { choose } from '../../../src/pool/schedule.ts';
import { anAsk, aPolicy, aState, T0 } from '../../support/pool-builders.ts';

function take(states: AccountState[], mode: SchedulingMode = 'balance'): string {
  const choice = choose(states, anAsk(), aPolicy({ mode }), T0);
  if (choice.type !== 'use') throw new Error('nobody can serve');
  const place = states.findIndex((state) => state.account.id === choice.account);
  states[place] = { ...states[place]!, turns: choice.turns! };
  return choice.account;
}

function takeMany(states: AccountState[], count: number): string {
  return Array.from({ length: count }, () => take(states)).join('');
}

describe('rotation by turns', () => {
  test('equal weights alternate', () => {
    expect(takeMany([aState('a'), aState('b'), aState('c')], 7)).toBe('abcabca');
  });

  test('weights are spread smoothly, not in blocks', () => {
    const states = [aState('a', {}, { weight: 3 }), aState('b')];
    expect(takeMany(states, 8)).toBe('aabaaaba');
  });

  test('who comes back after a rest is served at once and then takes its share, no more', () => {
    const states = [aState('a', { turns: 500 }), aState('b', { turns: 500 }), aState('c', { turns: 3 })];
    const taken = takeMany(states, 30);
    expect(taken[0]).toBe('c');
    expect([...taken].filter((id) => id === 'c').length).toBeLessThanOrEqual(11);
  });

  test('a new account does not take all requests until it has caught up', () => {
    const states = [aState('a', { turns: 10_000 }), aState('new')];
    const taken = Array.from({ length: 10 }, () => take(states));
    expect(taken.filter((id) => id === 'new').length).toBeLessThanOrEqual(6);
  });
});

describe('rotation by load', () => {
  const byLoad = ROTATIONS.performance_first;

  test('fewer requests in flight come first', () => {
    expect(byLoad.comesBefore(aState('a', { inFlight: 1 }), aState('b', { inFlight: 2 }), T0)).toBe(true);
    expect(byLoad.comesBefore(aState('a', { inFlight: 2 }), aState('b', { inFlight: 1 }), T0)).toBe(false);
  });

  test('the load is measured by the weight', () => {
    const heavy = aState('heavy', { inFlight: 3 }, { weight: 4 });
    expect(byLoad.comesBefore(heavy, aState('light', { inFlight: 1 }), T0)).toBe(true);
  });

  test('idle accounts take turns', () => {
    const states = [aState('a'), aState('b')];
    expect([1, 2, 3, 4].map(() => take(states, 'performance_first')).join('')).toBe('abab');
  });
});
