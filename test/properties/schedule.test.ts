import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Account } from '../../src/base/account.ts';
import {
  type AccountState,
  type Ask,
  type Choice,
  type Policy,
  SCHEDULING_MODES,
} from '../../src/pool/account-state.ts';
import { choose } from '../../src/pool/schedule.ts';
import { anAsk, aPolicy, aState, isEligible, T0 } from '../support/pool-builders.ts';

const MODELS = ['gpt-5', 'gpt-4'];
const IDS = ['a', 'b', 'c', 'd', 'e'];
const mode = fc.constantFrom(...SCHEDULING_MODES);
const model = fc.constantFrom(...MODELS);

describe('choose', () => {
  const offset = fc.integer({ min: -15_000, max: 15_000 }).map((ms) => T0 + ms);
  const rest = fc.record(
    {
      since: fc.constant(T0 - 20_000),
      until: offset,
      model,
      probedAt: offset,
      kind: fc.constant('rate-limited' as const),
      reason: fc.constant('x'),
    },
    { requiredKeys: ['since', 'until', 'kind', 'reason'] },
  );
  const account: fc.Arbitrary<Partial<Account>> = fc.record(
    {
      enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      models: fc.subarray(MODELS, { minLength: 1 }),
      priority: fc.integer({ min: 0, max: 2 }),
      weight: fc.integer({ min: 1, max: 9 }),
      maxConcurrent: fc.integer({ min: 1, max: 3 }),
      provider: fc.constantFrom('openai', 'openrouter'),
    },
    { requiredKeys: ['enabled', 'models', 'priority', 'weight', 'provider'] },
  );
  const state: fc.Arbitrary<Partial<AccountState>> = fc.record(
    {
      inFlight: fc.integer({ min: 0, max: 3 }),
      cooldowns: fc.array(rest, { maxLength: 2 }),
      trouble: fc.constant({ state: 'invalid', since: T0, reason: 'x' } as const),
      turns: fc.double({ min: 0, max: 50, noNaN: true }),
    },
    { requiredKeys: ['inFlight', 'cooldowns', 'turns'] },
  );
  const states = fc
    .array(fc.tuple(state, account), { maxLength: 5 })
    .map((list) => list.map(([change, accountChange], at) => aState(IDS[at]!, change, accountChange)));
  const ask: fc.Arbitrary<Ask> = fc.record(
    {
      target: fc.record(
        { model, provider: fc.constantFrom('openai' as const), account: fc.constantFrom(...IDS) },
        { requiredKeys: ['model'] },
      ),
      tried: fc.subarray(IDS, { maxLength: 2 }).map((ids) => new Set(ids)),
      bound: fc.constantFrom(...IDS),
      waitingSince: fc.integer({ min: T0 - 12_000, max: T0 }),
    },
    { requiredKeys: ['target', 'tried'] },
  );

  function check(
    see: (
      given: { states: AccountState[]; ask: Ask; policy: Policy; eligible: AccountState[] },
      choice: Choice,
    ) => void,
  ) {
    fc.assert(
      fc.property(states, ask, mode, (states, ask, mode) => {
        const policy = aPolicy({ mode });
        const eligible = states.filter((one) => isEligible(one, ask, T0));
        see({ states, ask, policy, eligible }, choose(states, ask, policy, T0));
      }),
      { numRuns: 500 },
    );
  }

  test('never an account that may not, and always one when one may, but for the short wait for its own', () => {
    check(({ ask, policy, eligible }, choice) => {
      if (choice.type === 'use') expect(eligible.map((one) => one.account.id)).toContain(choice.account);
      else if (policy.mode !== 'cache_first' || ask.bound === undefined) expect(eligible).toEqual([]);
    });
  });

  test('never a smaller priority than one that could serve, but for the tie', () => {
    check(({ ask, policy, eligible }, choice) => {
      if (choice.type !== 'use' || (choice.account === ask.bound && policy.mode !== 'performance_first')) return;
      const taken = eligible.find((one) => one.account.id === choice.account)!;
      expect(taken.account.priority).toBe(Math.max(...eligible.map((one) => one.account.priority)));
    });
  });

  test('the tied account whenever it can serve', () => {
    check(({ ask, policy, eligible }, choice) => {
      if (policy.mode === 'performance_first' || !eligible.some((one) => one.account.id === ask.bound)) return;
      expect(choice).toMatchObject({ type: 'use', account: ask.bound });
    });
  });

  test('a wait ends later than now and within the patience; a refusal hides no hope', () => {
    check(({ ask, policy }, choice) => {
      const deadline = (ask.waitingSince ?? T0) + policy.patienceMs;
      if (choice.type === 'wait') {
        expect(choice.until).toBeGreaterThan(T0);
        expect(choice.until).toBeLessThanOrEqual(deadline);
      }
      if (choice.type === 'refuse' && choice.retryAt !== undefined && T0 < deadline) {
        const hopeful = choice.refusals.filter(
          ({ reason, until }) => reason === 'cooling' && (until ?? T0) <= deadline,
        );
        expect(hopeful).toEqual([]);
      }
    });
  });
});

describe('the rotation', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 });

  function takeTurns(states: AccountState[], count: number): string[] {
    return Array.from({ length: count }, () => {
      const choice = choose(states, anAsk(), aPolicy({ mode: 'balance' }), T0);
      if (choice.type !== 'use') throw new Error('nobody can serve');
      const place = states.findIndex((one) => one.account.id === choice.account);
      states[place] = { ...states[place]!, turns: choice.turns! };
      return choice.account;
    });
  }

  test('gives each account its share of 10,000 turns to within 2 %, wherever it begins', () => {
    const start = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(weights, start, (weights, start) => {
        const states = weights.map((weight, at) => aState(`${at}`, { turns: start[at]! }, { weight }));
        const taken = takeTurns(states, 10_000);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const [at, weight] of weights.entries()) {
          const share = (10_000 * weight) / total;
          const got = taken.filter((id) => id === `${at}`).length;
          expect(Math.abs(got - share)).toBeLessThanOrEqual(0.02 * share + 1);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('starves nobody: no account waits longer than two rounds', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 1_000 }), (weights, head) => {
        const states = weights.map((weight, at) => aState(`${at}`, { turns: at === 0 ? head : 0 }, { weight }));
        const taken = takeTurns(states, 400);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const [at, weight] of weights.entries()) {
          const round = Math.ceil(total / weight);
          for (let from = 0; from + 2 * round + weights.length <= taken.length; from += round) {
            expect(taken.slice(from, from + 2 * round + weights.length)).toContain(`${at}`);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
