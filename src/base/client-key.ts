import { createHash } from 'node:crypto';

/** What the holder of a key may use up in a day or a month, in UTC; an absent figure is no limit. */
export interface KeyBudget {
  readonly requestsPerDay?: number;
  readonly requestsPerMonth?: number;
  readonly tokensPerDay?: number;
  readonly tokensPerMonth?: number;
  /** Billionths of a US dollar. */
  readonly costPerDay?: number;
  /** Billionths of a US dollar. */
  readonly costPerMonth?: number;
}

/** A key that a client may show besides the one of the settings. */
export interface ClientKey {
  /** `key_` and ten characters. */
  readonly id: string;
  readonly name: string;
  /** What `hashKey` makes of it. */
  readonly hash: string;
  /** The key as people may see it: `sk-…abcd`. */
  readonly hint: string;
  /** Names that may be asked for, `*` standing for anything; empty: all. */
  readonly models: readonly string[];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly budget?: KeyBudget;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
  readonly enabled: boolean;
  readonly note?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The hash by which a key is found. Keys are random and long, so that one round is enough. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
