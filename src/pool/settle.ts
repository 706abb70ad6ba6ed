import type { Quota } from '../base/account.ts';
import type { AccountState, Cooldown, Outcome, Target, Trouble } from './account-state.ts';
import { EFFECTS, FIRST_REFUSAL, type Rest, restMs } from './back-off.ts';

type Failure = Extract<Outcome, { type: 'failed' }>;

/** Rests on record for one account at most; clients may ask for any number of models that do not exist. */
const MAX_COOLDOWNS = 100;
const MAX_REASON_LENGTH = 500;

/**
 * What an outcome does to an account: its strikes, rests, trouble and quota; who is in flight is the pool's to count. A failure
 * never shortens a rest. The same state is answered when nothing changes.
 */
export function settle(state: AccountState, target: Target, outcome: Outcome, now: number): AccountState {
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
  if (clean && !Object.hasOwn(state.modelStrikes, model)) return state;
  const cooldowns = state.cooldowns.filter((one) => !concerns(one, model) || isYounger(one, startedAt));
  const accountRests = cooldowns.some((one) => one.model === undefined);
  const modelRests = cooldowns.some((one) => one.model === model);
  const { trouble: _, ...rest } = state;
  return {
    ...rest,
    cooldowns,
    strikes: accountRests ? state.strikes : 0,
    modelStrikes: modelRests ? state.modelStrikes : without(state.modelStrikes, model),
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
  const model = effect.scope === 'model' ? event.model : undefined;
  const former = state.cooldowns.find((one) => one.model === model);
  // of many requests in flight at once, only the first refusal is news
  const isNews = former === undefined || !isYounger(former, failure.startedAt);
  const strikes = strikesOf(state, model) + (isNews ? 1 : 0);
  const counted = withStrikes(state, model, strikes);
  if (strikes < effect.fromStrike) return counted;
  const until = now + restMs(effect, strikes, failure.retryAfterMs);
  if (former !== undefined && former.until >= until) return counted;
  const since = former !== undefined && former.until > now ? former.since : now;
  const cooldown: Cooldown = {
    ...(model === undefined ? {} : { model }),
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
  const first = state.cooldowns.find((one) => one.model === undefined && one.kind === 'credential-rejected');
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

function concerns(cooldown: Cooldown, model: string): boolean {
  return cooldown.model === undefined || cooldown.model === model;
}

/** True for a rest that began after the attempt had: the attempt knows nothing of it. */
function isYounger(cooldown: Cooldown, startedAt: number | undefined): boolean {
  return startedAt !== undefined && cooldown.since >= startedAt;
}

function strikesOf(state: AccountState, model: string | undefined): number {
  if (model === undefined) return state.strikes;
  // a client may name a model `constructor`
  return Object.hasOwn(state.modelStrikes, model) ? state.modelStrikes[model]! : 0;
}

function withStrikes(state: AccountState, model: string | undefined, strikes: number): AccountState {
  if (model === undefined) return { ...state, strikes };
  return { ...state, modelStrikes: { ...state.modelStrikes, [model]: strikes } };
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
  const modelStrikes = oldest.model === undefined ? state.modelStrikes : without(state.modelStrikes, oldest.model);
  return { ...state, cooldowns, modelStrikes };
}

function without(strikes: AccountState['modelStrikes'], model: string): AccountState['modelStrikes'] {
  if (!Object.hasOwn(strikes, model)) return strikes;
  const { [model]: _, ...rest } = strikes;
  return rest;
}

function cut(text: string): string {
  return text.length <= MAX_REASON_LENGTH ? text : `${text.slice(0, MAX_REASON_LENGTH - 1)}…`;
}
