import { describe, expect, test } from 'bun:test';
import type { Cooldown } from '../../../src/pool/account-state.ts';
import { barrier, describeRefusal, restEnds, restsUntil } from '../../../src/pool/refusal.ts';
import { anAsk, aState, T0 } from '../../support/pool-builders.ts';

const rest = (change: Partial<Cooldown>): Cooldown => {
  return { since: T0, until: T0 + 100, kind: 'rate-limited', reason: 'slow down', ...change };
};
const serves = () => true;

describe('restsUntil', () => {
  test('is the latest end of what concerns the model', () => {
    const state = aState('a', {
      cooldowns: [
        rest({ model: 'gpt-4', until: T0 + 900 }),
        rest({ until: T0 + 300 }),
        rest({ model: 'gpt-5', until: T0 + 200 }),
      ],
    });
    expect(restsUntil(state, 'gpt-5', T0)).toBe(T0 + 300);
    expect(restsUntil(state, 'gpt-4', T0)).toBe(T0 + 900);
    expect(restsUntil(state, 'gpt-5', T0 + 300)).toBeUndefined();
  });
});

describe('barrier', () => {
  test('names what the owner would have to change first', () => {
    const state = aState(
      'a',
      { trouble: { state: 'invalid', since: T0, reason: 'no' }, cooldowns: [rest({})], inFlight: 1 },
      { enabled: false, maxConcurrent: 1 },
    );
    const ask = anAsk({ tried: new Set(['a']) });
    expect(barrier(state, ask, () => false, T0)).toBe('model-not-served');
    expect(barrier(state, ask, serves, T0)).toBe('disabled');
    const on = { ...state, account: { ...state.account, enabled: true } };
    expect(barrier(on, ask, serves, T0)).toBe('invalid');
    const { trouble: _, ...well } = on;
    expect(barrier(well, ask, serves, T0)).toBe('tried');
    expect(barrier(well, anAsk(), serves, T0)).toBe('cooling');
    expect(barrier({ ...well, cooldowns: [] }, anAsk(), serves, T0)).toBe('full');
    expect(barrier({ ...well, cooldowns: [], inFlight: 0 }, anAsk(), serves, T0)).toBeUndefined();
  });
});

describe('describeRefusal', () => {
  test('tells the words of the provider and the end of the rest', () => {
    expect(describeRefusal(aState('a', { cooldowns: [rest({})] }), anAsk(), 'cooling', T0)).toEqual({
      account: 'a',
      name: 'a',
      reason: 'cooling',
      until: T0 + 100,
      detail: 'slow down',
    });
  });

  test('tells of a rest that is being tried', () => {
    const state = aState('a', { cooldowns: [rest({ until: T0 - 1, probedAt: T0 - 1 })] });
    expect(restsUntil(state, 'gpt-5', T0)).toBe(T0 - 1 + 10_000);
    expect(restEnds(state, 'gpt-5', T0)).toBeUndefined();
    expect(describeRefusal(state, anAsk(), 'cooling', T0)).toEqual({
      account: 'a',
      name: 'a',
      reason: 'cooling',
      detail: 'another request is trying whether it serves again',
    });
  });

  test('tells how busy an account is', () => {
    const state = aState('a', { inFlight: 3 }, { maxConcurrent: 3 });
    expect(describeRefusal(state, anAsk(), 'full', T0)).toMatchObject({ detail: '3 of 3 requests are running' });
  });

  test('tells why a tried account failed and how long it rests', () => {
    const state = aState('a', {
      cooldowns: [rest({})],
      lastError: { at: T0, kind: 'rate-limited', message: 'too many' },
    });
    expect(describeRefusal(state, anAsk(), 'tried', T0)).toMatchObject({ until: T0 + 100, detail: 'too many' });
  });
});
