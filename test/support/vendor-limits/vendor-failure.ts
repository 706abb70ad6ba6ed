import type { ProviderId } from '../../../src/base/account.ts';
import type { ErrorKind } from '../../../src/base/gateway-error.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';

/** The time at which the failures of the table come: ten in the morning in London, two at night in California. */
export const FAILED_AT = Date.parse('2026-11-22T10:00:00Z');

/** Milliseconds. */
export const SECOND = 1_000;
/** Milliseconds. */
export const MINUTE = 60 * SECOND;
/** Milliseconds. */
export const HOUR = 60 * MINUTE;

/** What a vendor says when it refuses, and what is to be read in it. */
export interface VendorFailure {
  readonly name: string;
  readonly provider: ProviderId;
  readonly dialect: DialectId;
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body: object | string;
  readonly kind: ErrorKind;
  /** `model` when no scope is told. */
  readonly scope: 'account' | 'model' | `family ${string}`;
  readonly waitMs?: number;
}
