import type { ErrorKind } from '../base/gateway-error.ts';
import type { Trouble } from './account-state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** No rest is longer, whatever an upstream says. */
export const LONGEST_REST_MS = 8 * DAY;

/** A rest that doubles with each further strike. */
export interface Rest {
  readonly type: 'rest';
  /** What rests, and whose strikes are counted. */
  readonly scope: 'model' | 'account';
  readonly firstMs: number;
  readonly longestMs: number;
  /** The strike in a row that brings the first rest. */
  readonly fromStrike: number;
}

/** What a failure of one kind does to the account. */
export type Effect = { readonly type: 'none' } | Rest | { readonly type: 'trouble'; readonly state: Trouble['state'] };

const NONE: Effect = { type: 'none' };
const FAULT: Rest = { type: 'rest', scope: 'account', firstMs: 10 * SECOND, longestMs: 5 * MINUTE, fromStrike: 3 };

const restModel = (firstMs: number, longestMs: number): Rest => {
  return { type: 'rest', scope: 'model', firstMs, longestMs, fromStrike: 1 };
};

/** The rest after a credential was refused that a refresh may have made stale: only the second refusal in a row is final. */
export const FIRST_REFUSAL: Rest = {
  type: 'rest',
  scope: 'account',
  firstMs: MINUTE,
  longestMs: MINUTE,
  fromStrike: 1,
};

/** One row for each kind of error: what the request itself caused never hurts an account. */
export const EFFECTS: Record<ErrorKind, Effect> = {
  'invalid-request': NONE,
  'context-too-long': NONE,
  'content-blocked': NONE,
  'request-too-large': NONE,
  'unsupported-encoding': NONE,
  'translation-refused': NONE,
  'client-unauthenticated': NONE,
  'client-forbidden': NONE,
  'model-unknown': NONE,
  'route-unknown': NONE,
  'method-not-allowed': NONE,
  'upgrade-required': NONE,
  'rate-limited': restModel(30 * SECOND, 10 * MINUTE),
  'quota-exhausted': restModel(10 * MINUTE, 6 * HOUR),
  'credential-rejected': { type: 'trouble', state: 'invalid' },
  'permission-denied': { type: 'trouble', state: 'forbidden' },
  'upstream-model-unknown': restModel(10 * MINUTE, 10 * MINUTE),
  'seal-rejected': NONE,
  'answer-unusable': NONE,
  overloaded: restModel(5 * SECOND, 2 * MINUTE),
  'upstream-failed': FAULT,
  'upstream-timeout': FAULT,
  'upstream-unreachable': FAULT,
  'upstream-malformed': FAULT,
  'pool-cooling': NONE,
  'no-account': NONE,
  'service-stopped': NONE,
  canceled: NONE,
  internal: NONE,
};

/** How long to rest after so many strikes in a row, in milliseconds: what the upstream asked for, within reason, else the ladder. */
export function restMs(rest: Rest, strikes: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, SECOND), LONGEST_REST_MS);
  const step = Math.min(Math.max(strikes - rest.fromStrike, 0), 30);
  return Math.min(rest.firstMs * 2 ** step, rest.longestMs);
}
