import type { ErrorKind, LimitScope } from '../base/gateway-error.ts';

/**
 * Marks of limits that only payment lifts, or that a plan has for all models together. Limits of requests and tokens are each
 * model's own. https://platform.openai.com/docs/guides/error-codes
 */
const OF_ACCOUNT =
  /^(?:insufficient_quota|billing_hard_limit_reached|billing_not_active|usage_limit_reached|usage_not_included)$|exceeded your current quota|(?:credit|account) balance|billing hard limit|insufficient balance/i;

/** What a used-up quota holds for, by its codes and its text; `undefined` for the model alone. */
export function scopeOfOpenaiLimit(kind: ErrorKind, words: readonly string[]): LimitScope | undefined {
  if (kind !== 'quota-exhausted') return undefined;
  return words.some((word) => OF_ACCOUNT.test(word)) ? { type: 'account' } : undefined;
}
