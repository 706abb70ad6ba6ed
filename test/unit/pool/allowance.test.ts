import { describe, expect, test } from 'bun:test';
import type { AccountState } from '../../../src/pool/account-state.ts';
import { accountStatus } from '../../../src/pool/account-status.ts';
import { budgetEnds, firstReset, reservedQuota, withRequest, withTokens } from '../../../src/pool/allowance.ts';
import { choose, refusals } from '../../../src/pool/schedule.ts';
import { anAsk, aPolicy, aState, T0 } from '../../support/pool-builders.ts';

const DAY = 86_400_000;
const MIDNIGHT = (Math.floor(T0 / DAY) + 1) * DAY;
const window = (remaining: number, resetsAt = T0 + 5_000) => ({ name: '5h', limit: 1, remaining, resetsAt });

describe('a reserve', () => {
  const keeper = (...quota: AccountState['quota']) => aState('a', { quota }, { reservePercent: 10 });

  test('keeps back the last of a quota until it resets', () => {
    expect(reservedQuota(keeper(window(0.11)), 'gpt-5', T0)).toBeUndefined();
    expect(reservedQuota(keeper(window(0.1)), 'gpt-5', T0)).toMatchObject({ name: '5h' });
    expect(reservedQuota(keeper(window(0.1)), 'gpt-5', T0 + 5_000)).toBeUndefined();
  });

  test('of a model says nothing of the others, and without a reset holds nobody back', () => {
    const ofModel = { ...window(0), model: 'gpt-4' };
    expect(reservedQuota(keeper(ofModel), 'gpt-5', T0)).toBeUndefined();
    expect(reservedQuota(keeper(ofModel), 'gpt-4', T0)).toBe(ofModel);
    expect(reservedQuota(keeper({ name: 'x', limit: 1, remaining: 0 }), 'gpt-5', T0)).toBeUndefined();
  });

  test('leads requests elsewhere, and a pool without others says until when', () => {
    const reserved = keeper(window(0.05));
    expect(choose([reserved, aState('b')], anAsk(), aPolicy(), T0)).toMatchObject({ type: 'use', account: 'b' });
    expect(choose([reserved], anAsk(), aPolicy(), T0)).toMatchObject({ type: 'refuse', retryAt: T0 + 5_000 });
    expect(refusals([reserved], anAsk(), T0)).toMatchObject([
      { reason: 'reserved', until: T0 + 5_000, detail: 'keeps the last 10 % of its quota (5h)' },
    ]);
    expect(accountStatus(reserved, T0)).toMatchObject({ state: 'exhausted', until: T0 + 5_000 });
  });
});

describe('a budget', () => {
  const budget = { requestsPerDay: 2, tokensPerDay: 100 };

  test('of requests is used up by attempts, and comes back with the next day in UTC', () => {
    let state = aState('a', {}, { budget });
    state = withRequest(withRequest(state, T0), T0);
    expect(budgetEnds(state, T0)).toBe(MIDNIGHT);
    expect(budgetEnds(state, MIDNIGHT)).toBeUndefined();
    expect(withRequest(state, MIDNIGHT).spent).toMatchObject({ requests: 1 });
    expect(accountStatus(state, T0)).toMatchObject({ state: 'exhausted', until: MIDNIGHT });
    expect(choose([state], anAsk(), aPolicy(), T0)).toMatchObject({ type: 'refuse', retryAt: MIDNIGHT });
  });

  test('of tokens counts what served, failed and canceled attempts used', () => {
    let state = aState('a', {}, { budget });
    state = withTokens(state, { type: 'served', tokens: 60 }, T0);
    expect(budgetEnds(state, T0)).toBeUndefined();
    state = withTokens(state, { type: 'canceled', tokens: 40 }, T0);
    expect(budgetEnds(state, T0)).toBe(MIDNIGHT);
  });

  test('that nobody set costs nothing', () => {
    const state = aState('a');
    expect(withRequest(state, T0)).toBe(state);
    expect(withTokens(state, { type: 'served', tokens: 9 }, T0)).toBe(state);
  });
});

test('of two whose turn it is, the account whose window resets first is taken', () => {
  const states = [
    aState('a', { quota: [window(0.5, T0 + 9_000)] }),
    aState('b', { quota: [window(0.5)] }),
    aState('c'),
  ];
  expect(choose(states, anAsk(), aPolicy(), T0)).toMatchObject({ account: 'b' });
  expect(choose(states, anAsk(), aPolicy(), T0 + 6_000)).toMatchObject({ account: 'a' });
  expect(firstReset(states[2]!, T0)).toBe(Number.POSITIVE_INFINITY);
});
