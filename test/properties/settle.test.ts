import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ERROR_TRAITS, type ErrorKind } from '../../src/base/gateway-error.ts';
import type { AccountState, Outcome } from '../../src/pool/account-state.ts';
import { restsUntil } from '../../src/pool/refusal.ts';
import { settle } from '../../src/pool/settle.ts';
import { aState, T0 } from '../support/pool-builders.ts';

const KINDS = Object.keys(ERROR_TRAITS) as ErrorKind[];
const MODELS = ['gpt-5', 'gpt-4', '__proto__'];
const DAY = 86_400_000;

const kind = fc.constantFrom(...KINDS);
const model = fc.constantFrom(...MODELS);
const startedAgo = fc.option(fc.integer({ min: 0, max: 120_000 }), { nil: undefined });

interface Step {
  readonly model: string;
  readonly waitMs: number;
  readonly startedAgo: number | undefined;
  readonly outcome: Outcome;
}

const failed: fc.Arbitrary<Outcome> = fc
  .record({ kind, retryAfterMs: fc.option(fc.integer({ min: -5, max: 20 * DAY }), { nil: undefined }) })
  .map(({ kind, retryAfterMs }) => {
    return { type: 'failed', kind, message: kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: failed },
  fc.constant<Outcome>({ type: 'served' }),
  fc.constant<Outcome>({ type: 'canceled' }),
);
const step: fc.Arbitrary<Step> = fc.record({
  model,
  waitMs: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: DAY })),
  startedAgo,
  outcome,
});
const history = fc.array(step, { maxLength: 40, size: 'max' });

/** Runs a history; shows every step with the states before and after. */
function replay(
  steps: readonly Step[],
  see: (step: Step, before: AccountState, after: AccountState, now: number) => void,
) {
  let state = freeze(aState('a'));
  let now = T0;
  for (const step of steps) {
    now += step.waitMs;
    const began = step.startedAgo === undefined ? {} : { startedAt: now - step.startedAgo };
    const after = freeze(settle(state, { model: step.model }, { ...step.outcome, ...began }, now));
    see(step, state, after, now);
    state = after;
  }
}

function freeze(state: AccountState): AccountState {
  for (const part of [state, state.cooldowns, state.modelStrikes, state.quota, ...state.cooldowns]) Object.freeze(part);
  return state;
}

describe('whatever happened before', () => {
  test('a failure never shortens a rest, nor ends a trouble or takes a strike back', () => {
    fc.assert(
      fc.property(history, (steps) => {
        replay(steps, (step, before, after, now) => {
          if (step.outcome.type !== 'failed') return;
          for (const name of MODELS) {
            expect(restsUntil(after, name, now) ?? 0).toBeGreaterThanOrEqual(restsUntil(before, name, now) ?? 0);
            expect(strikes(after, name)).toBeGreaterThanOrEqual(strikes(before, name));
          }
          expect(after.strikes).toBeGreaterThanOrEqual(before.strikes);
          // a trouble stays as it is, unless this failure is one of the credential itself
          const mayChange = step.outcome.kind === 'credential-rejected' || step.outcome.kind === 'permission-denied';
          if (before.trouble !== undefined && !mayChange) expect(after.trouble).toEqual(before.trouble);
          if (before.trouble !== undefined && mayChange) {
            expect(['invalid', 'forbidden']).toContain(after.trouble?.state ?? 'none');
          }
        });
      }),
    );
  });

  test('who canceled and what the client caused changes nothing', () => {
    fc.assert(
      fc.property(history, (steps) => {
        replay(steps, (step, before, after) => {
          const innocent =
            step.outcome.type === 'canceled' ||
            (step.outcome.type === 'failed' &&
              ['client', 'nobody', 'gateway'].includes(ERROR_TRAITS[step.outcome.kind].blame));
          if (innocent) expect(after).toBe(before);
        });
      }),
    );
  });

  test('a success that knew of everything leaves the model free and the account without strikes', () => {
    fc.assert(
      fc.property(history, model, (steps, served) => {
        let last = aState('a');
        let end = T0;
        replay(steps, (_step, _before, after, now) => {
          last = after;
          end = now;
        });
        const healed = settle(last, { model: served }, { type: 'served', startedAt: end + 1 }, end + 2);
        expect(restsUntil(healed, served, end + 2)).toBeUndefined();
        expect([healed.strikes, strikes(healed, served), healed.trouble]).toEqual([0, 0, undefined]);
        const others = (state: AccountState) =>
          state.cooldowns.filter((one) => one.model !== undefined && one.model !== served);
        expect(others(healed)).toEqual(others(last));
      }),
    );
  });

  test('rests are at least a second and at most eight days, one for each model and one for the account', () => {
    fc.assert(
      fc.property(history, (steps) => {
        replay(steps, (step, before, after, now) => {
          const scopes = after.cooldowns.map((one) => one.model);
          expect(new Set(scopes).size).toBe(scopes.length);
          for (const rest of after.cooldowns.filter((one) => !before.cooldowns.includes(one))) {
            expect(rest.until - now).toBeGreaterThanOrEqual(1_000);
            expect(rest.until - now).toBeLessThanOrEqual(8 * DAY);
            expect([undefined, step.model]).toContain(rest.model);
          }
        });
      }),
    );
  });

  test('another model is never touched by a failure of one, unless the whole account rests', () => {
    fc.assert(
      fc.property(history, (steps) => {
        replay(steps, (step, before, after) => {
          if (step.outcome.type === 'served') return;
          const others = (state: AccountState) =>
            state.cooldowns.filter((one) => one.model !== undefined && one.model !== step.model);
          expect(others(after)).toEqual(others(before));
        });
      }),
    );
  });
});

test('back-off decays on success only: without one, each rest is at least as long as the one before', () => {
  const limits = fc.constantFrom<ErrorKind>('rate-limited', 'quota-exhausted', 'overloaded', 'upstream-failed');
  fc.assert(
    fc.property(
      limits,
      fc.array(fc.integer({ min: 0, max: 30 * DAY }), { maxLength: 15, size: 'max' }),
      (kind, pauses) => {
        let state = aState('a');
        let now = T0;
        let longest = 0;
        for (const pause of pauses) {
          state = settle(state, { model: 'gpt-5' }, { type: 'failed', kind, message: '', startedAt: now }, now + 1);
          const until = restsUntil(state, 'gpt-5', now + 1) ?? now + 1;
          expect(until - now - 1).toBeGreaterThanOrEqual(longest);
          longest = until - now - 1;
          now = until + pause + 1;
        }
      },
    ),
  );
});

function strikes(state: AccountState, name: string): number {
  return Object.hasOwn(state.modelStrikes, name) ? state.modelStrikes[name]! : 0;
}
