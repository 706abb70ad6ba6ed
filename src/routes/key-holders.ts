import { type ClientKey, hashKey } from '../base/client-key.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { fitsName } from '../base/name-pattern.ts';
import type { Usage } from '../base/usage.ts';
import type { KeyHolder } from './client-key.ts';
import {
  type Bucket,
  endOf,
  fill,
  type Period,
  type Spent,
  spentSince,
  startOf,
  usedUp,
  waitFor,
} from './key-limits.ts';

/** The holders of client keys, with what they have used of their limits. */
export interface KeyHolders {
  /** The holder of a key as a client shows it. */
  find(key: string): KeyHolder | undefined;
  /** Counts what a finished exchange used. */
  count(used: { readonly clientKey: string; readonly usage?: Usage; readonly cost?: number }): void;
  /** Takes up a changed list of keys; what the others have used stays. */
  setKeys(keys: readonly ClientKey[]): void;
}

/** What the holders of keys work with. */
export interface KeyHoldersParts {
  readonly now: () => number;
  /** What each key has used since a time in epoch milliseconds, by its id. */
  readonly spentSince: (from: number) => ReadonlyMap<string, Omit<Spent, 'start'>>;
}

interface Held {
  key: ClientKey;
  requests: Bucket;
  tokens: Bucket;
  day: Spent;
  month: Spent;
}

/** Makes the holders of no keys. */
export function createKeyHolders(parts: KeyHoldersParts): KeyHolders {
  let byHash = new Map<string, KeyHolder>();
  let byId = new Map<string, Held>();
  return {
    find: (key) => (byHash.size === 0 ? undefined : byHash.get(hashKey(key))),
    count: ({ clientKey, usage, cost = 0 }) => {
      const held = byId.get(clientKey);
      if (held !== undefined) count(held, (usage?.input ?? 0) + (usage?.output ?? 0), cost);
    },
    setKeys: (keys) => {
      const before = byId;
      const begin = keys.some(({ id }) => !before.has(id)) ? readSpent(parts) : undefined;
      byId = new Map(keys.map((key) => [key.id, { ...(before.get(key.id) ?? begin!(key.id)), key }]));
      byHash = new Map([...byId.values()].map((held) => [held.key.hash, holderOf(held, parts.now)]));
    },
  };
}

/** What keys have used before this process began, or before they were known here. */
function readSpent({ now, spentSince: read }: KeyHoldersParts): (id: string) => Omit<Held, 'key'> {
  const at = now();
  const [day, month] = [startOf('day', at), startOf('month', at)];
  const [today, thisMonth] = [read(day), read(month)];
  const full = { level: Number.POSITIVE_INFINITY, at };
  const nothing = { requests: 0, tokens: 0, cost: 0 };
  return (id) => ({
    requests: full,
    tokens: full,
    day: { ...(today.get(id) ?? nothing), start: day },
    month: { ...(thisMonth.get(id) ?? nothing), start: month },
  });
}

function holderOf(held: Held, now: () => number): KeyHolder {
  const { id, models } = held.key;
  const allows = (model: string) => models.length === 0 || models.some((pattern) => fitsName(pattern, model));
  return {
    id,
    allows,
    enter: () => checkValid(held.key, now()),
    admit: (model) => {
      if (!allows(model)) throw forbidden(held.key, model);
      admit(held, now());
    },
  };
}

function checkValid({ name, enabled, expiresAt }: ClientKey, now: number): void {
  if (!enabled) throw new GatewayError('client-unauthenticated', `The client key "${name}" is switched off.`);
  if (expiresAt === undefined || now < expiresAt) return;
  throw new GatewayError(
    'client-unauthenticated',
    `The client key "${name}" expired at ${new Date(expiresAt).toISOString()}.`,
  );
}

function forbidden({ name, models }: ClientKey, model: string): GatewayError {
  const words = `The client key "${name}" may not ask for the model "${model}". It may ask for ${models.join(', ')}.`;
  return new GatewayError('client-forbidden', words, { param: 'model' });
}

/** Takes a request from what is left of every limit, or throws without taking anything. */
function admit(held: Held, now: number): void {
  const { key } = held;
  for (const period of ['day', 'month'] as const) {
    held[period] = spentSince(held[period], startOf(period, now));
    const limit = key.budget === undefined ? undefined : usedUp(key.budget, period, held[period]);
    if (limit !== undefined) throw exhausted(key, limit, { period, now });
  }
  const { requestsPerMinute, tokensPerMinute } = key;
  if (tokensPerMinute !== undefined) {
    held.tokens = fill(held.tokens, tokensPerMinute, now);
    // a request's tokens are known at its end: each may begin while anything is left
    const wait = waitFor(held.tokens, tokensPerMinute, Math.min(1, tokensPerMinute));
    if (wait > 0) throw limited(key, `tokens_per_minute is ${tokensPerMinute}`, wait);
  }
  if (requestsPerMinute !== undefined) {
    const filled = fill(held.requests, requestsPerMinute, now);
    const wait = waitFor(filled, requestsPerMinute, 1);
    if (wait > 0) throw limited(key, `requests_per_minute is ${requestsPerMinute}`, wait);
    held.requests = { ...filled, level: filled.level - 1 };
  }
  for (const period of ['day', 'month'] as const) {
    held[period] = { ...held[period], requests: held[period].requests + 1 };
  }
}

function count(held: Held, tokens: number, cost: number): void {
  held.tokens = { ...held.tokens, level: held.tokens.level - tokens };
  for (const period of ['day', 'month'] as const) {
    const spent = held[period];
    held[period] = { ...spent, tokens: spent.tokens + tokens, cost: spent.cost + cost };
  }
}

function limited({ name }: ClientKey, limit: string, retryAfterMs: number): GatewayError {
  return new GatewayError('rate-limited', `The client key "${name}" has reached its limit: ${limit}.`, {
    retryAfterMs,
  });
}

function exhausted(
  { name }: ClientKey,
  limit: string,
  { period, now }: { readonly period: Period; readonly now: number },
): GatewayError {
  const end = endOf(period, now);
  const words = `The budget of the client key "${name}" is used up: ${limit}. It begins anew at ${new Date(end).toISOString()}.`;
  return new GatewayError('quota-exhausted', words, { retryAfterMs: end - now });
}
