import { describe, expect, test } from 'bun:test';
import type { AccountState, Ask, Choice, Policy } from '../../../src/pool/account-state.ts';
import { choose, refusals } from '../../../src/pool/schedule.ts';
import { anAsk, aPolicy, aState, T0 } from '../../support/pool-builders.ts';

const cooldown = { since: T0 - 1_000, kind: 'rate-limited', reason: 'slow down' } as const;

function pick(states: readonly AccountState[], ask: Partial<Ask> = {}, policy: Partial<Policy> = {}): Choice {
  return choose(states, anAsk(ask), aPolicy(policy), T0);
}

function chosen(states: readonly AccountState[], ask: Partial<Ask> = {}, policy: Partial<Policy> = {}): string {
  const choice = pick(states, ask, policy);
  return choice.type === 'use' ? choice.account : choice.type;
}

describe('who is never chosen', () => {
  const good = aState('good');

  test.each([
    ['disabled', aState('bad', {}, { enabled: false })],
    ['invalid', aState('bad', { trouble: { state: 'invalid', since: T0, reason: 'no' } })],
    ['forbidden', aState('bad', { trouble: { state: 'forbidden', since: T0, reason: 'no' } })],
    ['cooling', aState('bad', { cooldowns: [{ ...cooldown, until: T0 + 1 }] })],
    ['cooling', aState('bad', { cooldowns: [{ ...cooldown, model: 'gpt-5', until: T0 + 1 }] })],
    ['full', aState('bad', { inFlight: 2 }, { maxConcurrent: 2 })],
    ['model-not-served', aState('bad', {}, { models: ['gpt-4'] })],
  ])('%s', (reason, bad) => {
    const states = [bad, good];
    expect(chosen(states)).toBe('good');
    expect(refusals(states, anAsk(), T0)).toMatchObject([{ account: 'bad', reason }]);
  });

  test('tried in this exchange', () => {
    const tried = new Set(['bad']);
    expect(chosen([aState('bad'), good], { tried })).toBe('good');
    expect(chosen([aState('bad')], { tried })).toBe('refuse');
  });

  test('another provider or account than the target names', () => {
    const states = [aState('a', {}, { provider: 'openrouter' }), aState('b'), aState('c')];
    expect(chosen(states, { target: { model: 'gpt-5', provider: 'openai' } })).toBe('b');
    expect(chosen(states, { target: { model: 'gpt-5', account: 'c' } })).toBe('c');
  });
});

describe('who can be chosen', () => {
  test('an account that rests for another model', () => {
    expect(chosen([aState('a', { cooldowns: [{ ...cooldown, model: 'gpt-4', until: T0 + 60_000 }] })])).toBe('a');
  });

  test('an account whose rest is over to the millisecond', () => {
    expect(chosen([aState('a', { cooldowns: [{ ...cooldown, until: T0 }] })])).toBe('a');
  });

  test('but only one request tries whether the rest is over', () => {
    const tryingSince = (probedAt: number) => [
      aState('a', { cooldowns: [{ ...cooldown, since: T0 - 60_000, until: T0 - 30_000, probedAt }] }),
    ];
    expect(pick(tryingSince(T0 - 100))).toMatchObject({ type: 'wait', until: T0 + 9_900 });
    const late = pick(tryingSince(T0 - 100), { waitingSince: T0 - 9_000 });
    expect(late).toMatchObject({ type: 'wait', until: T0 + 1_000 });
    expect(chosen(tryingSince(T0 - 10_000))).toBe('a');
  });
});

describe('the order', () => {
  test('larger priority first, whatever the turns', () => {
    const states = [aState('low'), aState('high', { turns: 99 }, { priority: 5 }), aState('mid', {}, { priority: 2 })];
    expect(chosen(states)).toBe('high');
  });

  test('lower priority when the higher can not', () => {
    const high = aState('high', { cooldowns: [{ ...cooldown, until: T0 + 60_000 }] }, { priority: 5 });
    expect(chosen([high, aState('low')])).toBe('low');
  });

  test('the turns of another priority do not count', () => {
    const states = [aState('busy', { turns: 900 }), aState('a', { turns: 2 }, { priority: 1 })];
    expect(pick(states)).toMatchObject({ account: 'a', turns: 3 });
  });
});

describe('the account of a conversation', () => {
  const other = aState('other', {}, { priority: 9 });

  test('is preferred while it can serve, and it takes no turn for that', () => {
    const choice = pick([other, aState('mine', { inFlight: 8 })], { bound: 'mine' });
    expect(choice).toMatchObject({ type: 'use', account: 'mine', why: 'the conversation is tied to it' });
    expect(choice).not.toHaveProperty('turns');
  });

  test('is waited for in cache_first when its rest ends soon', () => {
    const mine = aState('mine', { cooldowns: [{ ...cooldown, until: T0 + 1_500 }] });
    expect(pick([other, mine], { bound: 'mine' })).toMatchObject({ type: 'wait', until: T0 + 1_500 });
  });

  test('is waited for only with a small share of the patience', () => {
    const mine = aState('mine', { cooldowns: [{ ...cooldown, until: T0 + 2_500 }] });
    expect(chosen([other, mine], { bound: 'mine' })).toBe('other');
    const full = aState('mine', { inFlight: 1 }, { maxConcurrent: 1 });
    expect(pick([other, full], { bound: 'mine' })).toMatchObject({ type: 'wait', until: T0 + 2_000 });
    expect(chosen([other, full], { bound: 'mine', waitingSince: T0 - 2_000 })).toBe('other');
  });

  test('P10: the tie never blocks fail-over: balance moves on at once', () => {
    const mine = aState('mine', { cooldowns: [{ ...cooldown, until: T0 + 10 }] });
    expect(chosen([other, mine], { bound: 'mine' }, { mode: 'balance' })).toBe('other');
  });

  test('is not preferred once it was tried, is in trouble or gone', () => {
    const states = [other, aState('mine')];
    expect(chosen(states, { bound: 'mine', tried: new Set(['mine']) })).toBe('other');
    const trouble = { state: 'invalid', since: T0, reason: 'no' } as const;
    expect(chosen([other, aState('mine', { trouble })], { bound: 'mine' })).toBe('other');
    expect(chosen([other], { bound: 'mine' })).toBe('other');
  });

  test('does not matter in performance_first', () => {
    const states = [aState('mine', { inFlight: 2 }), aState('idle')];
    expect(chosen(states, { bound: 'mine' }, { mode: 'performance_first' })).toBe('idle');
  });
});

describe('when nobody can serve now', () => {
  const resting = (id: string, ms: number) => aState(id, { cooldowns: [{ ...cooldown, until: T0 + ms }] });

  test('waits for the first rest to end within the patience', () => {
    expect(pick([resting('a', 9_000), resting('b', 4_000)])).toMatchObject({ type: 'wait', until: T0 + 4_000 });
  });

  test('refuses at once when patience would be in vain, and says when to come back', () => {
    expect(pick([resting('a', 60_000), resting('b', 30_000)])).toMatchObject({ type: 'refuse', retryAt: T0 + 30_000 });
  });

  test('waits for a busy account as long as patience lasts', () => {
    const busy = aState('busy', { inFlight: 1 }, { maxConcurrent: 1 });
    expect(pick([busy])).toMatchObject({ type: 'wait', until: T0 + 10_000 });
    expect(pick([busy], { waitingSince: T0 - 10_000 })).toMatchObject({ type: 'refuse' });
  });

  test('does not wait for an account that this exchange has tried', () => {
    const choice = pick([resting('a', 2_000)], { tried: new Set(['a']) });
    expect(choice).toMatchObject({ type: 'refuse', retryAt: T0 + 2_000 });
  });

  test('takes the longest of several rests', () => {
    const both = aState('a', {
      cooldowns: [
        { ...cooldown, until: T0 + 1_000 },
        { ...cooldown, model: 'gpt-5', until: T0 + 5_000 },
      ],
    });
    expect(pick([both])).toMatchObject({ type: 'wait', until: T0 + 5_000 });
  });

  test('refuses without a time when no time is known', () => {
    const choice = pick([aState('a', {}, { enabled: false })]);
    expect(choice).toEqual({ type: 'refuse', refusals: [{ account: 'a', name: 'a', reason: 'disabled' }] });
  });
});

test('a chosen account costs no look at the refusals of the others', () => {
  expect(pick([aState('off', {}, { enabled: false }), aState('a')])).toMatchObject({ refusals: [] });
});
