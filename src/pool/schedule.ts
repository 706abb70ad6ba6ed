import type { AccountState, Ask, Choice, Policy, Refusal } from './account-state.ts';
import { describeLeaving, worthOfStaying } from './leave.ts';
import { barrier, describeRefusal, restEnds, restsUntil } from './refusal.ts';
import { lastDueAt, ROTATIONS, turnsAfter } from './rotation.ts';
import { servingTest } from './served-models.ts';

const NO_REFUSALS: readonly Refusal[] = [];

/**
 * Decides which account serves the next attempt. One pass over the accounts; who was refused and why is looked at only when
 * none can serve.
 */
export function choose(accounts: readonly AccountState[], ask: Ask, policy: Policy, now: number): Choice {
  return (
    chooseBound(accounts, ask, policy, now) ??
    chooseNext(accounts, ask, policy, now) ??
    waitOrRefuse(accounts, ask, policy, now)
  );
}

/** Tells of every account that cannot take the attempt why not. */
export function refusals(accounts: readonly AccountState[], ask: Ask, now: number): readonly Refusal[] {
  const serves = servingTest(ask.target);
  const found: Refusal[] = [];
  for (const state of accounts) {
    const reason = barrier(state, ask, serves, now);
    if (reason !== undefined) found.push(describeRefusal(state, ask, reason, now));
  }
  return found;
}

function chooseBound(accounts: readonly AccountState[], ask: Ask, policy: Policy, now: number): Choice | undefined {
  if (ask.bound === undefined || policy.mode === 'performance_first') return undefined;
  const state = accounts.find((one) => one.account.id === ask.bound);
  if (state === undefined) return undefined;
  const reason = barrier(state, ask, servingTest(ask.target), now);
  if (reason === undefined) {
    return { type: 'use', account: state.account.id, why: 'the conversation is tied to it', refusals: NO_REFUSALS };
  }
  if (policy.mode !== 'cache_first' || (reason !== 'cooling' && reason !== 'full')) return undefined;
  const limit = Math.min(
    (ask.waitingSince ?? now) + worthOfStaying(ask, policy),
    ask.deadline ?? Number.POSITIVE_INFINITY,
  );
  const { model } = ask.target;
  if (now >= limit || (restEnds(state, model, now) ?? now) > limit) return undefined;
  const until = Math.min(restsUntil(state, model, now) ?? limit, limit);
  return { type: 'wait', until, refusals: [describeRefusal(state, ask, reason, now)] };
}

function chooseNext(accounts: readonly AccountState[], ask: Ask, policy: Policy, now: number): Choice | undefined {
  const rotation = ROTATIONS[policy.mode];
  const serves = servingTest(ask.target);
  let best: AccountState | undefined;
  let reached = Number.NEGATIVE_INFINITY;
  for (const state of accounts) {
    const rank = best === undefined ? 1 : rankAbove(state, best);
    const isFirst = rank > 0 || (rank === 0 && rotation.comesBefore(state, best!, now));
    const isFurther = rank > 0 || (rank === 0 && lastDueAt(state) > reached);
    // asked last, since it costs most: few accounts could change the choice
    if ((!isFirst && !isFurther) || barrier(state, ask, serves, now) !== undefined) continue;
    if (isFirst) best = state;
    if (isFurther) reached = lastDueAt(state);
  }
  if (best === undefined) return undefined;
  const turns = turnsAfter(best, reached);
  const why = ask.bound === undefined ? rotation.why : (whyNotBound(accounts, ask, policy, now) ?? rotation.why);
  return { type: 'use', account: best.account.id, why, refusals: NO_REFUSALS, turns };
}

/** Larger than 0 when an account is preferred to another whoever's turn it is. */
function rankAbove({ account: one }: AccountState, { account: other }: AccountState): number {
  if (one.fallback !== other.fallback) return one.fallback === true ? -1 : 1;
  return one.priority - other.priority;
}

/** What is told of a conversation that is served by another account than its own; `undefined` where nothing binds it. */
function whyNotBound(accounts: readonly AccountState[], ask: Ask, policy: Policy, now: number): string | undefined {
  if (policy.mode === 'performance_first') return undefined;
  const own = accounts.find((one) => one.account.id === ask.bound);
  return own === undefined ? undefined : `${ROTATIONS[policy.mode].why}; ${describeLeaving(own, ask, policy, now)}`;
}

function waitOrRefuse(accounts: readonly AccountState[], ask: Ask, policy: Policy, now: number): Choice {
  const refused = refusals(accounts, ask, now);
  const patient = (ask.waitingSince ?? now) + policy.patienceMs;
  const deadline = Math.min(patient, ask.deadline ?? Number.POSITIVE_INFINITY);
  // of an account that is busy or being tried nobody knows when it is free
  const hope = refused.some(({ reason, until }) => {
    return reason === 'full' || (reason === 'cooling' && (until === undefined || until <= deadline));
  });
  if (hope && now < deadline) {
    return { type: 'wait', until: Math.min(nextChange(accounts, ask, now), deadline), refusals: refused };
  }
  const retryAt = earliest(refused.flatMap(({ until }) => (until === undefined ? [] : [until])));
  return retryAt === undefined ? { type: 'refuse', refusals: refused } : { type: 'refuse', retryAt, refusals: refused };
}

/** When time alone may free an account; infinite when none rests. */
function nextChange(accounts: readonly AccountState[], ask: Ask, now: number): number {
  const serves = servingTest(ask.target);
  const ends = accounts.flatMap((state) => {
    if (barrier(state, ask, serves, now) !== 'cooling') return [];
    return [restsUntil(state, ask.target.model, now)!];
  });
  return earliest(ends) ?? Number.POSITIVE_INFINITY;
}

function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : times.reduce((first, time) => Math.min(first, time));
}
