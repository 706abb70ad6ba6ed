import { describe, expect, test } from 'bun:test';
import type { Cooldown } from '../../../src/pool/account-state.ts';
import { accountStatus } from '../../../src/pool/account-status.ts';
import { aState, T0 } from '../../support/pool-builders.ts';

const rest = (change: Partial<Cooldown> = {}): Cooldown => {
  return { since: T0 - 10, until: T0 + 100, kind: 'rate-limited', reason: 'slow down', ...change };
};
const trouble = { state: 'invalid', since: T0 - 5, reason: 'Incorrect API key' } as const;

describe('the status is', () => {
  test('ready, and nothing to do', () => {
    expect(accountStatus(aState('a'), T0)).toEqual({ state: 'ready', models: [] });
  });

  test('cooling while the whole account rests', () => {
    expect(accountStatus(aState('a', { cooldowns: [rest({ kind: 'upstream-failed' })] }), T0)).toEqual({
      state: 'cooling',
      reason: 'the provider failed several times in a row: slow down',
      since: T0 - 10,
      until: T0 + 100,
      advice: 'It is tried again by itself. If it goes on, look at the status page of the provider.',
      models: [],
    });
  });

  test('ready while only some models rest, which are named', () => {
    const state = aState('a', { cooldowns: [rest({ model: 'gpt-4' })] }, { models: ['gpt-4', 'gpt-5'] });
    expect(accountStatus(state, T0)).toEqual({
      state: 'ready',
      reason: 'resting: gpt-4',
      models: [{ model: 'gpt-4', state: 'cooling', until: T0 + 100 }],
    });
  });

  test('cooling when every model rests, until the first is back', () => {
    const cooldowns = [rest({ model: 'gpt-4' }), rest({ model: 'gpt-5', until: T0 + 50 })];
    const state = aState('a', { cooldowns }, { models: ['gpt-4', 'gpt-5'] });
    expect(accountStatus(state, T0)).toMatchObject({ state: 'cooling', until: T0 + 50, models: [{}, {}] });
  });

  test('exhausted when the quota is used up', () => {
    const state = aState('a', { cooldowns: [rest({ model: 'gpt-5', kind: 'quota-exhausted' })] });
    expect(accountStatus(state, T0)).toMatchObject({
      state: 'exhausted',
      models: [{ model: 'gpt-5', state: 'exhausted' }],
    });
  });

  test('ready again once the rest is over', () => {
    expect(accountStatus(aState('a', { cooldowns: [rest()] }), T0 + 100)).toEqual({ state: 'ready', models: [] });
  });

  test('invalid, with advice that fits the credential', () => {
    const status = accountStatus(aState('a', { trouble, cooldowns: [rest()] }), T0);
    expect(status).toMatchObject({ state: 'invalid', reason: 'Incorrect API key', since: T0 - 5 });
    expect(status.advice).toContain('key');
    expect(status).not.toHaveProperty('until');
    expect(accountStatus(aState('a', { trouble }, { credential: { type: 'none' } }), T0).advice).toBe(
      'The server asks for a credential: enter its API key.',
    );
  });

  test('forbidden', () => {
    const status = accountStatus(aState('a', { trouble: { ...trouble, state: 'forbidden' } }), T0);
    expect(status).toMatchObject({ state: 'forbidden', reason: 'Incorrect API key' });
    expect(status.advice).toContain('region');
  });

  test('disabled before all else', () => {
    expect(accountStatus(aState('a', { trouble }, { enabled: false }), T0)).toMatchObject({
      state: 'disabled',
      advice: 'Switch the account on to use it.',
    });
  });
});
