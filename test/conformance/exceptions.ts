import type { DialectId } from '../../src/translate/dialect-id.ts';
import type { Recording } from './recordings.ts';

/** One translation that was checked. */
export interface Case {
  readonly recording: Recording;
  readonly to: DialectId;
}

/** A finding that is no fault, and why. */
export interface Exception {
  readonly why: string;
  readonly applies: (one: Case) => boolean;
  /** Which findings it excuses. */
  readonly finding: RegExp;
}

/** Everything a translation may do otherwise than the checker expects. */
export const ANSWER_EXCEPTIONS: readonly Exception[] = [];

/** The same for requests. */
export interface RequestException {
  readonly why: string;
  readonly applies: (one: { readonly file: string; readonly to: DialectId }) => boolean;
  readonly finding: RegExp;
}

export const REQUEST_EXCEPTIONS: readonly RequestException[] = [];
