import type { Quota } from '../base/account.ts';
import type { AccountState, Cooldown, Outcome, Target, Trouble } from './account-state.ts';
import { withTokens } from './allowance.ts';
import { EFFECTS, FIRST_REFUSAL, LONGEST_REST_MS, type Rest, restMs } from './back-off.ts';
import { concerns, isSameScope, isStrikeOf, type RestScope, scopeOfRest, strikeKey } from './rest-scope.ts';

type Failure = Extract<Outcome, { type: 'failed' }>;

/** Rests on record for one account at most; clients may ask for any number of models that do not exist. */
const MAX_COOLDOWNS = 100;
const MAX_REASON_LENGTH = 500;

/**
 * What an outcome does to an account: its strikes, rests, trouble and quota; who is in flight is the pool's to count. A failure
 * never shortens a rest. The same state is answered when nothing changes.
 */
export function settle(state: AccountState, target: Target, outcome: Outcome, now: number): AccountState {
  return withTokens(settleOutcome(state, target, outcome, now), outcome, now);
}

function settleOutcome(state: AccountState, target: Target, outcome: Outcome, now: number): AccountState {
  switch (outcome.type) {
    case 'served':
      return withQuota(settleServed(state, target.model, outcome.startedAt), outcome.quota);
    case 'failed':
      return withQuota(settleFailed(state, target.model, outcome, now), outcome.quota);
    case 'canceled':
      return endProbe(state, target.model, outcome.startedAt);
    default:
      return outcome satisfies never;
  }
}

function settleServed(state: AccountState, model: string, startedAt: number | undefined): AccountState {
  const clean = state.cooldowns.length === 0 && state.strikes === 0 && state.trouble === undefined;
  if (clean && !hasStrikes(state.modelStrikes, model)) return state;
  const cooldowns = state.cooldowns.filter((one) => !concerns(one, model) || isYounger(one, startedAt));
  const resting = new Set(cooldowns.map(strikeKey));
  const { trouble: _, ...rest } = state;
  return {
    ...rest,
    cooldowns,
    strikes: resting.has(undefined) ? state.strikes : 0,
    modelStrikes: withoutStrikes(state.modelStrikes, (key) => isStrikeOf(key, model) && !resting.has(key)),
  };
}

function settleFailed(before: AccountState, model: string, failure: Failure, now: number): AccountState {
  const state = endProbe(before, model, failure.startedAt);
  const effect = EFFECTS[failure.kind];
  if (effect.type === 'none') return state;
  const lastError = { at: now, kind: failure.kind, message: cut(failure.message) };
  const noted = { ...state, lastError };
  if (effect.type === 'rest') return rest(noted, effect, { model, failure, now });
  if (effect.state === 'invalid' && mayBeStale(noted, failure))
    return rest(noted, FIRST_REFUSAL, { model, failure, now });
  return { ...noted, trouble: troubleOf(noted, effect.state, failure, now) };
}

function rest(
  state: AccountState,
  effect: Rest,
  event: { model: string; failure: Failure; now: number },
): AccountState {
  const { failure, now } = event;
  const scope = scopeOfRest(failure.scope, effect.scope, event.model);
  const former = state.cooldowns.find((one) => isSameScope(one, scope));
  // of many requests in flight at once, only the first refusal is news
  const isNews = former === undefined || !isYounger(former, failure.startedAt);
  const strikes = strikesOf(state, scope) + (isNews ? 1 : 0);
  const counted = withStrikes(state, scope, strikes);
  if (strikes < effect.fromStrike) return counted;
  const length = restMs(effect, strikes, failure.retryAfterMs);
  const late = failure.retryAfterMs === undefined ? 0 : lateness(state.account.id, length);
  const until = now + Math.min(length + late, LONGEST_REST_MS);
  if (former !== undefined && former.until >= until) return counted;
  const since = former !== undefined && former.until > now ? former.since : now;
  const cooldown: Cooldown = {
    ...scope,
    since,
    until,
    kind: failure.kind,
    reason: cut(failure.message),
  };
  return bounded({ ...counted, cooldowns: [...state.cooldowns.filter((one) => one !== former), cooldown] });
}

/** A token that a refresh replaces can be refused while the account is well; an API key can not. */
function mayBeStale(state: AccountState, failure: Failure): boolean {
  const { type } = state.account.credential;
  if (type !== 'oauth' && type !== 'service_account') return false;
  const first = state.cooldowns.find((one) => strikeKey(one) === undefined && one.kind === 'credential-rejected');
  return first === undefined || isYounger(first, failure.startedAt);
}

function troubleOf(state: AccountState, kind: Trouble['state'], failure: Failure, now: number): Trouble {
  const since = state.trouble?.state === kind ? state.trouble.since : now;
  return { state: kind, since, reason: cut(failure.message) };
}

function endProbe(state: AccountState, model: string, startedAt: number | undefined): AccountState {
  const ends = (one: Cooldown) =>
    concerns(one, model) && one.probedAt !== undefined && (startedAt === undefined || startedAt >= one.probedAt);
  if (!state.cooldowns.some(ends)) return state;
  return { ...state, cooldowns: state.cooldowns.map((one) => (ends(one) ? unprobed(one) : one)) };
}

function unprobed(cooldown: Cooldown): Cooldown {
  const { probedAt: _, ...rest } = cooldown;
  return rest;
}

/** True for a rest that began after the attempt had: the attempt knows nothing of it. */
function isYounger(cooldown: Cooldown, startedAt: number | undefined): boolean {
  return startedAt !== undefined && cooldown.since >= startedAt;
}

function strikesOf(state: AccountState, scope: RestScope): number {
  const key = strikeKey(scope);
  if (key === undefined) return state.strikes;
  // a client may name a model `constructor`
  return Object.hasOwn(state.modelStrikes, key) ? state.modelStrikes[key]! : 0;
}

function withStrikes(state: AccountState, scope: RestScope, strikes: number): AccountState {
  const key = strikeKey(scope);
  if (key === undefined) return { ...state, strikes };
  return { ...state, modelStrikes: { ...state.modelStrikes, [key]: strikes } };
}

function withQuota(state: AccountState, quota: readonly Quota[] | undefined): AccountState {
  if (quota === undefined || quota.length === 0) return state;
  const isNew = (old: Quota) => quota.some((one) => one.name === old.name && one.model === old.model);
  return { ...state, quota: [...state.quota.filter((old) => !isNew(old)), ...quota] };
}

function bounded(state: AccountState): AccountState {
  if (state.cooldowns.length <= MAX_COOLDOWNS) return state;
  const oldest = state.cooldowns.reduce((first, one) => (one.until < first.until ? one : first));
  const cooldowns = state.cooldowns.filter((one) => one !== oldest);
  const modelStrikes = withoutStrikes(state.modelStrikes, (key) => key === strikeKey(oldest));
  return { ...state, cooldowns, modelStrikes };
}

type Strikes = AccountState['modelStrikes'];

function hasStrikes(strikes: Strikes, model: string): boolean {
  for (const key in strikes) if (isStrikeOf(key, model)) return true;
  return false;
}

function withoutStrikes(strikes: Strikes, isOver: (key: string) => boolean): Strikes {
  const kept = Object.entries(strikes).filter(([key]) => !isOver(key));
  return kept.length === Object.keys(strikes).length ? strikes : Object.fromEntries(kept);
}

/** Rests from here on end at slightly different times, so that not all accounts of a window come back in the same moment. */
const LONG_MS = 10 * 60 * 1_000;
const MOST_LATE_MS = 30_000;

/** How much later than the upstream says an account is asked again: the same for an account each time, 1 % at most. */
function lateness(account: string, ms: number): number {
  if (ms < LONG_MS) return 0;
  let hash = 0;
  for (let at = 0; at < account.length; at++) hash = (hash * 31 + account.charCodeAt(at)) % 997;
  return Math.floor((Math.min(ms / 100, MOST_LATE_MS) * hash) / 997);
}

function cut(text: string): string {
  return text.length <= MAX_REASON_LENGTH ? text : `${text.slice(0, MAX_REASON_LENGTH - 1)}…`;
}
