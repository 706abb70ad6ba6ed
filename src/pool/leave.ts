import type { AccountState, Ask, Policy } from './account-state.ts';
import { restEnds } from './refusal.ts';
import { spell } from './spell.ts';

/** About how fast an upstream reads a prompt that its cache does not have. */
const TOKENS_READ_PER_MS = 10;
/** The shares of the patience that a conversation waits for its own account while others could serve: at least, of a size unknown, at most. */
const LEAST_SHARE = 0.05;
const USUAL_SHARE = 0.2;

/**
 * How long a conversation may wait for its own account rather than go to one that has none of it in its cache, in milliseconds:
 * about as long as the other would take to read it, within the patience.
 */
export function worthOfStaying({ promptTokens }: Ask, { patienceMs }: Policy): number {
  if (promptTokens === undefined) return patienceMs * USUAL_SHARE;
  return Math.min(Math.max(promptTokens / TOKENS_READ_PER_MS, patienceMs * LEAST_SHARE), patienceMs);
}

/** What it means that a conversation is served by another account than its own, for the record. */
export function describeLeaving(own: AccountState, ask: Ask, policy: Policy, now: number): string {
  const end = restEnds(own, ask.target.model, now);
  const absence = end === undefined ? 'cannot serve now' : `rests ${spell(end - now)} more`;
  const name = own.account.id;
  if (ask.promptTokens === undefined) return `its own account ${name} ${absence}`;
  const price = `about ${ask.promptTokens} tokens are read again`;
  if (policy.mode !== 'cache_first') return `its own account ${name} ${absence}; ${price}`;
  return `its own account ${name} ${absence}; ${price}, which is worth waiting ${spell(worthOfStaying(ask, policy))}`;
}
