import type { GatewayError, LimitScope } from '../../src/base/gateway-error.ts';
import { DIALECTS, passingHalf } from '../../src/translate/registry.ts';
import { findProvider } from '../../src/upstream/registry.ts';
import { ANTHROPIC_FAILURES } from './vendor-limits/anthropic.ts';
import { GOOGLE_FAILURES } from './vendor-limits/google.ts';
import { OPENAI_FAILURES } from './vendor-limits/openai.ts';
import { FAILED_AT, type VendorFailure } from './vendor-limits/vendor-failure.ts';

/** Limits and refusals in the vendors' own words, with what follows from each. */
export const VENDOR_FAILURES: readonly VendorFailure[] = [
  ...ANTHROPIC_FAILURES,
  ...OPENAI_FAILURES,
  ...GOOGLE_FAILURES,
];

/** What the gateway reads in a failure: as the relay does, by the codec and then by the provider. */
export function readVendorFailure({ provider, dialect, status, headers = {}, body }: VendorFailure): GatewayError {
  const failure = { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), now: FAILED_AT };
  const error = passingHalf(DIALECTS[dialect]).decodeError(failure);
  return findProvider(provider)?.refineError?.(failure, error) ?? error;
}

/** A scope as the table writes it. */
export function scopeName(scope: LimitScope | undefined): string {
  if (scope === undefined) return 'model';
  return scope.type === 'account' ? 'account' : `family ${scope.family}`;
}
