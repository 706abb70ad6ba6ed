import type { AccountState, Ask, Cooldown, Refusal } from './account-state.ts';

/** A request that tries whether a rest is over keeps others away so long at most: a refusal for a limit comes sooner. */
export const PROBE_MS = 10_000;

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
  if (account.maxConcurrent !== undefined && state.inFlight >= account.maxConcurrent) return 'full';
  return undefined;
}

/** When an account's rest for a model ends (epoch milliseconds), or `undefined` when it does not rest. */
export function restsUntil(state: AccountState, model: string, now: number): number | undefined {
  let latest: number | undefined;
  for (const cooldown of state.cooldowns) {
    if (cooldown.model !== undefined && cooldown.model !== model) continue;
    const until = endOf(cooldown);
    if (until > now && (latest === undefined || until > latest)) latest = until;
  }
  return latest;
}

/** What is to be told of an account that cannot take the attempt. */
export function describeRefusal(state: AccountState, ask: Ask, reason: Reason, now: number): Refusal {
  const { id, name } = state.account;
  const resting = reason === 'cooling' || reason === 'tried';
  const until = resting ? restsUntil(state, ask.target.model, now) : undefined;
  const detail = detailOf(state, ask, reason, now);
  return {
    account: id,
    name,
    reason,
    ...(until === undefined ? {} : { until }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function endOf(cooldown: Cooldown): number {
  return cooldown.probedAt === undefined ? cooldown.until : Math.max(cooldown.until, cooldown.probedAt + PROBE_MS);
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
    case 'full':
      return `${state.inFlight} of ${state.account.maxConcurrent} requests are running`;
    case 'cooling': {
      const rest = longestRest(state, ask.target.model);
      if (rest === undefined) return undefined;
      return rest.until > now ? rest.reason : 'another request is trying whether it serves again';
    }
    default:
      return reason satisfies never;
  }
}

function longestRest(state: AccountState, model: string): Cooldown | undefined {
  let longest: Cooldown | undefined;
  for (const cooldown of state.cooldowns) {
    if (cooldown.model !== undefined && cooldown.model !== model) continue;
    if (longest === undefined || endOf(cooldown) > endOf(longest)) longest = cooldown;
  }
  return longest;
}
