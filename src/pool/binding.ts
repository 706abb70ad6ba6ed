import type { AccountId } from '../base/account.ts';

/** Which account each conversation is tied to. */
export interface Bindings {
  /** The account of a conversation's model, else the one its other requests went to; `undefined` when the tie has expired. */
  find(sessionKey: string, model: string, now: number): AccountId | undefined;
  /** Ties a conversation to the account that served it, until `ttlMs` after `now`. */
  tie(
    sessionKey: string,
    model: string,
    account: AccountId,
    life: { readonly now: number; readonly ttlMs: number },
  ): void;
  readonly size: number;
}

/** A conversation's tie to an account. */
export interface Tie {
  readonly account: AccountId;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Where ties outlive the process. */
export interface KeptTies {
  /** Those of an earlier run, the oldest first. */
  readonly restored: Iterable<readonly [key: string, tie: Tie]>;
  /** Takes a new tie; never waits and never throws. */
  keep(key: string, tie: Tie): void;
}

const DEFAULT_LIMIT = 10_000;
/** A tie with so much of its life left is not made anew: each request asks for it twice. */
const FRESH_SHARE = 0.98;

/** Makes an empty table of ties, which forgets the one longest unused when there are more than `limit`. */
export function createBindings(kept?: KeptTies, limit: number = DEFAULT_LIMIT): Bindings {
  // a Map iterates in the order of insertion: what is tied anew goes to its end
  const ties = new Map<string, Tie>(kept?.restored);
  const live = (key: string, now: number) => {
    const tie = ties.get(key);
    return tie !== undefined && tie.expiresAt > now ? tie.account : undefined;
  };
  return {
    find: (sessionKey, model, now) => live(keyOf(sessionKey, model), now) ?? live(sessionKey, now),
    tie: (sessionKey, model, account, { now, ttlMs }) => {
      const known = ties.get(sessionKey);
      const isYoung = known !== undefined && known.expiresAt - now > ttlMs * FRESH_SHARE;
      if (isYoung && known.account === account && ties.get(keyOf(sessionKey, model))?.account === account) return;
      const tie = { account, expiresAt: now + ttlMs };
      for (const key of [sessionKey, keyOf(sessionKey, model)]) {
        ties.delete(key);
        ties.set(key, tie);
        kept?.keep(key, tie);
      }
      for (const oldest of ties.keys()) {
        if (ties.size <= limit) break;
        ties.delete(oldest);
      }
    },
    get size() {
      return ties.size;
    },
  };
}

// models of one conversation may need different accounts: its small requests must not untie the large ones
function keyOf(sessionKey: string, model: string): string {
  return `${sessionKey}\n${model}`;
}
