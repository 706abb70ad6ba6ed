import { describe, expect, test } from 'bun:test';
import { ERROR_TRAITS, type ErrorKind } from '../../../src/base/gateway-error.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { AccountState, Outcome } from '../../../src/pool/account-state.ts';
import { restEnds } from '../../../src/pool/refusal.ts';
import { settle } from '../../../src/pool/settle.ts';
import { aState, T0 } from '../../support/pool-builders.ts';

const TARGET = { model: 'gpt-5' };
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Failed = Extract<Outcome, { type: 'failed' }>;

function failed(kind: ErrorKind, more: Partial<Failed> = {}): Failed {
  return { type: 'failed', kind, message: `it said ${kind}`, ...more };
}

function fail(state: AccountState, kind: ErrorKind, more: Partial<Failed> = {}, now = T0): AccountState {
  return settle(state, TARGET, failed(kind, more), now);
}

/** The one rest is as long as the upstream said, or later by the moment that spreads accounts. */
function expectRest(state: AccountState, ms: number): void {
  const { until } = state.cooldowns[0]!;
  expect(until).toBeGreaterThanOrEqual(T0 + ms);
  expect(until).toBeLessThanOrEqual(T0 + ms + 30 * SECOND);
}

/** Fails each time the rest has just ended; answers how long each rest was. */
function restLengths(kind: ErrorKind, times: number): number[] {
  let state = aState('a');
  let now = T0;
  const lengths: number[] = [];
  for (let i = 0; i < times; i++) {
    state = fail(state, kind, { startedAt: now }, now);
    const until = state.cooldowns[0]?.until ?? now;
    lengths.push(until - now);
    now = until + 1;
  }
  return lengths;
}

describe('what the request itself caused', () => {
  const innocent = (Object.keys(ERROR_TRAITS) as ErrorKind[]).filter((kind) => {
    return !['account', 'upstream'].includes(ERROR_TRAITS[kind].blame) || kind === 'pool-cooling';
  });

  test.each(innocent)('P01: %s leaves the account as it is', (kind) => {
    const state = aState('a', { strikes: 2, modelStrikes: { 'gpt-5': 1 } });
    expect(fail(state, kind)).toBe(state);
  });

  test('every kind that blames account or upstream has its effect', () => {
    const guilty = (Object.keys(ERROR_TRAITS) as ErrorKind[]).filter((kind) => !innocent.includes(kind));
    expect(guilty.length).toBeGreaterThan(8);
    for (const kind of guilty) expect(fail(aState('a'), kind)).not.toEqual(aState('a'));
  });

  test('P14: a canceled request is no failure', () => {
    const state = aState('a', { strikes: 2 });
    expect(settle(state, TARGET, { type: 'canceled' }, T0)).toBe(state);
  });
});

describe('limits', () => {
  test('P04: rest as long as the upstream says, and hardly longer', () => {
    const retryAfterMs = (92 * 60 + 27) * MINUTE + 28 * SECOND;
    expect(fail(aState('a'), 'rate-limited', { retryAfterMs }).cooldowns).toEqual([
      {
        model: 'gpt-5',
        since: T0,
        until: expect.any(Number),
        kind: 'rate-limited',
        reason: 'it said rate-limited',
      },
    ]);
    expectRest(fail(aState('a'), 'rate-limited', { retryAfterMs }), retryAfterMs);
  });

  test('within reason: a second at least, eight days at most', () => {
    expect(fail(aState('a'), 'rate-limited', { retryAfterMs: 0 }).cooldowns[0]!.until).toBe(T0 + SECOND);
    const long = fail(aState('a'), 'rate-limited', { retryAfterMs: 1e12 });
    expect(long.cooldowns[0]!.until).toBe(T0 + 8 * 24 * 60 * MINUTE);
  });

  test('P05: without a time the rest doubles with each failure, although rests end in between', () => {
    expect(restLengths('rate-limited', 7).map((ms) => ms / SECOND)).toEqual([30, 60, 120, 240, 480, 600, 600]);
  });

  test('P09: a used-up quota rests much longer than a rate limit', () => {
    expect(restLengths('quota-exhausted', 3).map((ms) => ms / MINUTE)).toEqual([10, 20, 40]);
  });

  test('P02: only the model rests', () => {
    const state = fail(aState('a'), 'rate-limited');
    expect(state.cooldowns.map((one) => one.model)).toEqual(['gpt-5']);
    expect(state.strikes).toBe(0);
  });

  test('P08: of several windows the longest decides', () => {
    const long = fail(aState('a'), 'rate-limited', { retryAfterMs: 60 * MINUTE });
    const after = fail(long, 'rate-limited', { retryAfterMs: 5 * SECOND }, T0 + 10);
    expectRest(after, 60 * MINUTE);
    const longer = fail(long, 'rate-limited', { retryAfterMs: 120 * MINUTE }, T0 + 10);
    expect(longer.cooldowns).toMatchObject([{ since: T0 }]);
    expectRest(longer, 120 * MINUTE + 10);
  });

  test('P08: accounts whose window ends in the same moment come back one after the other, none of them early', () => {
    const ends = Array.from({ length: 50 }, (_, at) => {
      const state = fail(aState(`acc_${at}`), 'quota-exhausted', { retryAfterMs: 5 * 60 * MINUTE });
      expectRest(state, 5 * 60 * MINUTE);
      return state.cooldowns[0]!.until;
    });
    expect(new Set(ends).size).toBeGreaterThan(40);
    // a short wait is kept to the millisecond
    expect(fail(aState('acc_7'), 'rate-limited', { retryAfterMs: 9 * MINUTE }).cooldowns[0]!.until).toBe(
      T0 + 9 * MINUTE,
    );
  });

  test('P03: a limit of a family rests its models and no others, until one of them has served', () => {
    const scope = { type: 'family', family: 'opus' } as const;
    const told = { type: 'failed', kind: 'quota-exhausted', message: 'x', scope } as const;
    const state = settle(aState('a'), { model: 'claude-opus-4-5' }, told, T0);
    expect(state.cooldowns).toMatchObject([{ family: 'opus' }]);
    expect(state.strikes).toBe(0);
    expect(restEnds(state, 'claude-opus-4-1', T0)).toBeGreaterThan(T0);
    expect(restEnds(state, 'claude-sonnet-4-5', T0)).toBeUndefined();
    const other = settle(state, { model: 'claude-sonnet-4-5' }, { type: 'served' }, T0 + 1);
    expect([other.cooldowns.length, other.modelStrikes]).toEqual([1, { 'family:opus': 1 }]);
    const served = settle(state, { model: 'claude-opus-4-1' }, { type: 'served' }, T0 + 1);
    expect([served.cooldowns, served.modelStrikes]).toEqual([[], {}]);
  });

  test('a limit of the account rests all its models', () => {
    const state = fail(aState('a'), 'quota-exhausted', { scope: { type: 'account' } });
    expect([state.strikes, restEnds(state, 'another', T0)]).toEqual([1, T0 + 10 * MINUTE]);
  });

  test('many requests in flight at once make one strike, not many', () => {
    let state = aState('a');
    for (let i = 0; i < 20; i++) state = fail(state, 'rate-limited', { startedAt: T0 - 500 }, T0 + i);
    expect(state.modelStrikes).toEqual({ 'gpt-5': 1 });
    expect(state.cooldowns[0]!.until).toBeLessThan(T0 + 31 * SECOND);
  });
});

describe('an upstream in trouble', () => {
  test('an overloaded model rests for a moment', () => {
    expect(restLengths('overloaded', 7).map((ms) => ms / SECOND)).toEqual([5, 10, 20, 40, 80, 120, 120]);
  });

  test('P18: an unknown model rests, not the account, and heals by itself', () => {
    const state = fail(aState('a'), 'upstream-model-unknown');
    expect(state.cooldowns).toMatchObject([{ model: 'gpt-5', until: T0 + 10 * MINUTE }]);
    expect(state.trouble).toBeUndefined();
  });

  test.each(['upstream-failed', 'upstream-timeout', 'upstream-unreachable', 'upstream-malformed'] as const)(
    'P16: %s rests the account only from the third in a row',
    (kind) => {
      expect(restLengths(kind, 9).map((ms) => ms / SECOND)).toEqual([0, 0, 10, 20, 40, 80, 160, 300, 300]);
      expect(fail(aState('a', { strikes: 2 }), kind).cooldowns[0]).not.toHaveProperty('model');
    },
  );

  test('a success in between takes the strikes back', () => {
    const served = settle(aState('a', { strikes: 2 }), TARGET, { type: 'served' }, T0);
    expect(fail(served, 'upstream-failed')).toMatchObject({ strikes: 1, cooldowns: [] });
  });
});

describe('a credential', () => {
  test('P16: an API key that is refused is invalid, with the reason', () => {
    expect(fail(aState('a'), 'credential-rejected').trouble).toEqual({
      state: 'invalid',
      since: T0,
      reason: 'it said credential-rejected',
    });
  });

  test('a refused account is forbidden', () => {
    expect(fail(aState('a'), 'permission-denied').trouble?.state).toBe('forbidden');
  });

  test('P15: an OAuth login is given up only after the second refusal in a row', () => {
    const login = aState(
      'a',
      {},
      { credential: { type: 'oauth', clientId: 'c', refreshToken: new Secret('r-0123456789') } },
    );
    const once = fail(login, 'credential-rejected', { startedAt: T0 - 10 });
    expect(once.trouble).toBeUndefined();
    expect(once.cooldowns).toMatchObject([{ until: T0 + MINUTE, kind: 'credential-rejected' }]);
    const alsoInFlight = fail(once, 'credential-rejected', { startedAt: T0 - 5 }, T0 + 1);
    expect(alsoInFlight.trouble).toBeUndefined();
    const again = fail(once, 'credential-rejected', { startedAt: T0 + MINUTE }, T0 + MINUTE + 1);
    expect(again.trouble?.state).toBe('invalid');
  });

  test('a longer-lasting trouble keeps its beginning', () => {
    const twice = fail(fail(aState('a'), 'credential-rejected'), 'credential-rejected', {}, T0 + 5);
    expect(twice.trouble?.since).toBe(T0);
  });
});

describe('served', () => {
  const hurt = aState('a', {
    strikes: 4,
    modelStrikes: { 'gpt-5': 3, other: 2 },
    trouble: { state: 'invalid', since: T0, reason: 'no' },
    cooldowns: [
      { since: T0, until: T0 + 10, kind: 'upstream-failed', reason: 'x' },
      { model: 'gpt-5', since: T0, until: T0 + 20, kind: 'rate-limited', reason: 'x' },
      { model: 'other', since: T0, until: T0 + 30, kind: 'rate-limited', reason: 'x' },
    ],
  });

  test('ends strikes, trouble, and the rests of the account and of that model', () => {
    const served = settle(hurt, TARGET, { type: 'served' }, T0 + 100);
    expect(served).toMatchObject({ strikes: 0, modelStrikes: { other: 2 }, cooldowns: [{ model: 'other' }] });
    expect(served).not.toHaveProperty('trouble');
  });

  test('an old stream that ends well knows nothing of a later limit', () => {
    const served = settle(hurt, TARGET, { type: 'served', startedAt: T0 - 1 }, T0 + 5);
    expect(served.cooldowns).toEqual(hurt.cooldowns);
    expect(served.modelStrikes).toEqual(hurt.modelStrikes);
    expect(served.strikes).toBe(4);
  });

  test('of a well account leaves the very same state', () => {
    const well = aState('a', { modelStrikes: { other: 1 } });
    expect(settle(well, TARGET, { type: 'served' }, T0)).toBe(well);
  });

  test('keeps the newest word on each quota', () => {
    const state = aState('a', {
      quota: [
        { name: 'requests', remaining: 9 },
        { name: 'tokens', remaining: 7 },
      ],
    });
    const quota = [{ name: 'requests', remaining: 8 }];
    expect(settle(state, TARGET, { type: 'served', quota }, T0).quota).toEqual([
      { name: 'tokens', remaining: 7 },
      { name: 'requests', remaining: 8 },
    ]);
  });
});

describe('a try whether a rest is over', () => {
  const probed = aState('a', {
    cooldowns: [{ model: 'gpt-5', since: T0 - 100, until: T0 - 50, kind: 'rate-limited', reason: 'x', probedAt: T0 }],
  });

  test('ends with any outcome, so that the next may try', () => {
    for (const outcome of [
      { type: 'canceled', startedAt: T0 },
      failed('invalid-request', { startedAt: T0 }),
      failed('upstream-failed', { startedAt: T0 }),
    ] as const) {
      expect(settle(probed, TARGET, outcome, T0 + 1).cooldowns).toEqual([
        { model: 'gpt-5', since: T0 - 100, until: T0 - 50, kind: 'rate-limited', reason: 'x' },
      ]);
    }
  });

  test('goes on when an older request ends', () => {
    expect(settle(probed, TARGET, { type: 'canceled', startedAt: T0 - 500 }, T0 + 1)).toBe(probed);
  });
});

describe('bounds', () => {
  test('a thousand unknown models are not all remembered', () => {
    let state = aState('a');
    for (let i = 0; i < 1_000; i++) {
      state = settle(state, { model: `m${i}` }, failed('upstream-model-unknown'), T0 + i);
    }
    expect(state.cooldowns.length).toBe(100);
    expect(Object.keys(state.modelStrikes).length).toBe(100);
    expect(state.cooldowns.at(-1)!.model).toBe('m999');
  });

  test('a page of HTML is cut', () => {
    const state = fail(aState('a'), 'upstream-failed', { message: 'x'.repeat(10_000) });
    expect(state.lastError!.message.length).toBe(500);
  });

  test('a model named like a method of objects is a model', () => {
    const state = settle(aState('a'), { model: 'constructor' }, failed('rate-limited'), T0);
    expect(state.cooldowns[0]!.until).toBe(T0 + 30 * SECOND);
    expect(state.modelStrikes.constructor as unknown).toBe(1);
  });
});
