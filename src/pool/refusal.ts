import type { AccountState, Ask, Cooldown, Refusal } from './account-state.ts';
import { budgetEnds, reservedQuota } from './allowance.ts';
import { concerns } from './rest-scope.ts';

/** A request that tries whether a rest is over keeps others away so long at most: a refusal for a limit comes sooner. */
const PROBE_MS = 10_000;

type Reason = Refusal['reason'];

/** Why an account cannot take the attempt, or `undefined` when it can. Allocates nothing: it runs for every account. */
export function barrier(
  state: AccountState,
  ask: Ask,
  serves: (state: AccountState) => boolean,
  now: number,
): Reason | undefined {
  const { account } = state;
  if (!serves(state)) return 'model-not-served';
  if (!account.enabled) return 'disabled';
  if (state.trouble !== undefined) return state.trouble.state;
  if (ask.tried.size > 0 && ask.tried.has(account.id)) return 'tried';
  if (state.cooldowns.length > 0 && restsUntil(state, ask.target.model, now) !== undefined) return 'cooling';
  if (account.budget !== undefined && budgetEnds(state, now) !== undefined) return 'over-budget';
  if (account.reservePercent !== undefined && reservedQuota(state, ask.target.model, now) !== undefined)
    return 'reserved';
  if (account.maxConcurrent !== undefined && state.inFlight >= account.maxConcurrent) return 'full';
  return undefined;
}

/**
 * Until when an account is kept from serving a model (epoch milliseconds): to the end of its rest, or of another request's try
 * whether it is over. `undefined` when it is free.
 */
export function restsUntil(state: AccountState, model: string, now: number): number | undefined {
  return latest(state, model, now, (one) => Math.max(one.until, (one.probedAt ?? Number.NEGATIVE_INFINITY) + PROBE_MS));
}

/** When an account's rest for a model ends (epoch milliseconds), or `undefined` when it is over: whether it serves, a try must show. */
export function restEnds(state: AccountState, model: string, now: number): number | undefined {
  return latest(state, model, now, (one) => one.until);
}

/** What is to be told of an account that cannot take the attempt. */
export function describeRefusal(state: AccountState, ask: Ask, reason: Reason, now: number): Refusal {
  const { id, name } = state.account;
  const until = endOf(state, ask.target.model, reason, now);
  const detail = detailOf(state, ask, reason, now);
  return {
    account: id,
    name,
    reason,
    ...(until === undefined ? {} : { until }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function endOf(state: AccountState, model: string, reason: Reason, now: number): number | undefined {
  if (reason === 'over-budget') return budgetEnds(state, now);
  if (reason === 'reserved') return reservedQuota(state, model, now)?.resetsAt;
  return reason === 'cooling' || reason === 'tried' ? restEnds(state, model, now) : undefined;
}

function latest(
  state: AccountState,
  model: string,
  now: number,
  endOf: (cooldown: Cooldown) => number,
): number | undefined {
  let found: number | undefined;
  for (const cooldown of state.cooldowns) {
    if (!concerns(cooldown, model)) continue;
    const end = endOf(cooldown);
    if (end > now && (found === undefined || end > found)) found = end;
  }
  return found;
}

function detailOf(state: AccountState, ask: Ask, reason: Reason, now: number): string | undefined {
  switch (reason) {
    case 'disabled':
    case 'model-not-served':
      return undefined;
    case 'invalid':
    case 'forbidden':
      return state.trouble?.reason;
    case 'tried':
      return state.lastError?.message;
    case 'reserved': {
      const { name } = reservedQuota(state, ask.target.model, now) ?? {};
      return `keeps the last ${state.account.reservePercent} % of its quota${name === undefined ? '' : ` (${name})`}`;
    }
    case 'over-budget':
      return 'has used up the budget that its owner set for the day';
    case 'full':
      return `${state.inFlight} of ${state.account.maxConcurrent} requests are running`;
    case 'cooling':
      return currentRest(state, ask.target.model, now)?.reason ?? 'another request is trying whether it serves again';
    default:
      return reason satisfies never;
  }
}

/** The longest of the rests that an account takes from a model now. */
export function currentRest(state: AccountState, model: string, now: number): Cooldown | undefined {
  const end = restEnds(state, model, now);
  if (end === undefined) return undefined;
  return state.cooldowns.find((one) => one.until === end && concerns(one, model));
}
