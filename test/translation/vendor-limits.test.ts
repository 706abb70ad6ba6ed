import { describe, expect, test } from 'bun:test';
import { readVendorFailure, scopeName, VENDOR_FAILURES } from '../support/vendor-limits.ts';

describe('what a vendor says is read as kind, scope and time', () => {
  test.each(VENDOR_FAILURES.map((failure) => [failure.name, failure] as const))('P09: %s', (_, failure) => {
    const error = readVendorFailure(failure);
    expect([error.kind, scopeName(error.detail.scope), error.detail.retryAfterMs]).toEqual([
      failure.kind,
      failure.scope,
      failure.waitMs,
    ]);
  });
});
