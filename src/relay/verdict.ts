import type { GatewayError, NextStep } from '../base/gateway-error.ts';

/** What has happened in an exchange so far. */
export interface History {
  /** Attempts made, the failed one included. */
  readonly attempts: number;
  /** Milliseconds since the request came. */
  readonly elapsedMs: number;
  /** Whether this account's credential was refreshed already. */
  readonly refreshed: boolean;
  /** Whether anything of an answer has reached the client. */
  readonly contentSent: boolean;
}

/** The bounds of an exchange. */
export interface Limits {
  readonly budgetMs: number;
  readonly maxAttempts: number;
}

/** Decides what follows a failed attempt. */
export function judge(error: GatewayError, history: History, limits: Limits): NextStep {
  if (history.contentSent) return 'stop';
  if (history.elapsedMs >= limits.budgetMs || history.attempts >= limits.maxAttempts) return 'stop';
  const { next } = error.traits;
  if (error.detail.refusedField !== undefined) return 'same-account';
  if (next === 'refresh' && history.refreshed) return 'next-account';
  return next;
}

/** Errors from the one that tells a client most to the one that tells it least. */
const MOST_TELLING: readonly GatewayError['kind'][] = [
  'context-too-long',
  'invalid-request',
  'content-blocked',
  'rate-limited',
  'quota-exhausted',
  'overloaded',
];

/** Of all errors of an exchange, the one to tell the client: the most specific, of those the last. */
export function mostTelling(errors: readonly GatewayError[]): GatewayError | undefined {
  const rank = (error: GatewayError) => {
    const at = MOST_TELLING.indexOf(error.kind);
    return at < 0 ? MOST_TELLING.length : at;
  };
  let best: GatewayError | undefined;
  for (const error of errors) if (best === undefined || rank(error) <= rank(best)) best = error;
  return best;
}
