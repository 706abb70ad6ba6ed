import type { Quota } from '../base/account.ts';
import type { AccountState, Outcome } from './account-state.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What an account has been used for on one day, in UTC; kept only for accounts with a budget. */
export interface Spent {
  /** Days since the epoch. */
  readonly day: number;
  readonly requests: number;
  readonly tokens: number;
}

/**
 * The quota that is down to the reserve its owner keeps back, of several the one that resets last; `undefined` when the account
 * may serve the model. A quota without a known reset holds nobody back, since nothing would tell when it is over.
 */
export function reservedQuota(state: AccountState, model: string, now: number): Quota | undefined {
  const { reservePercent } = state.account;
  if (reservePercent === undefined) return undefined;
  let found: Quota | undefined;
  for (const quota of state.quota) {
    const { limit, remaining, resetsAt } = quota;
    if (limit === undefined || remaining === undefined || resetsAt === undefined || resetsAt <= now) continue;
    if (quota.model !== undefined && quota.model !== model) continue;
    if (remaining * 100 > limit * reservePercent) continue;
    if (found === undefined || resetsAt > found.resetsAt!) found = quota;
  }
  return found;
}

/** When the day ends whose budget is used up (epoch milliseconds); `undefined` while some is left. */
export function budgetEnds({ account, spent }: AccountState, now: number): number | undefined {
  const { budget } = account;
  if (budget === undefined || spent === undefined || spent.day !== dayOf(now)) return undefined;
  const { requestsPerDay, tokensPerDay } = budget;
  const isSpent =
    (requestsPerDay !== undefined && spent.requests >= requestsPerDay) ||
    (tokensPerDay !== undefined && spent.tokens >= tokensPerDay);
  return isSpent ? (spent.day + 1) * DAY_MS : undefined;
}

/** The state with one more request on the account's budget, if it has one. */
export function withRequest(state: AccountState, now: number): AccountState {
  return state.account.budget === undefined
    ? state
    : { ...state, spent: add(state.spent, { requests: 1, tokens: 0 }, now) };
}

/** The state with the tokens of an outcome on the account's budget, if it has one. */
export function withTokens(state: AccountState, { tokens }: Outcome, now: number): AccountState {
  if (tokens === undefined || state.account.budget === undefined) return state;
  return { ...state, spent: add(state.spent, { requests: 0, tokens }, now) };
}

/** When the first of an account's quotas resets (epoch milliseconds); infinite when none is known to. */
export function firstReset({ quota }: AccountState, now: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { resetsAt } of quota) if (resetsAt !== undefined && resetsAt > now && resetsAt < first) first = resetsAt;
  return first;
}

function add(
  spent: Spent | undefined,
  more: { readonly requests: number; readonly tokens: number },
  now: number,
): Spent {
  const day = dayOf(now);
  const before = spent?.day === day ? spent : { requests: 0, tokens: 0 };
  return { day, requests: before.requests + more.requests, tokens: before.tokens + more.tokens };
}

function dayOf(now: number): number {
  return Math.floor(now / DAY_MS);
}
