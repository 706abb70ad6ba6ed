import type { JsonObject } from '../../../src/base/json.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';

/** What a request asked of the service. */
export type Operation = 'generate' | 'count' | 'models' | 'side';

/** How an exchange ended, seen by the service. */
export type RequestEnd = 'answered' | 'aborted' | 'cut';

/** One request as the service got it, and what became of it. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: { readonly [name: string]: string };
  readonly rawBody: string;
  /** Absent: the body was no JSON object. */
  readonly body?: JsonObject;
  readonly dialect: DialectId;
  readonly operation: Operation;
  readonly model?: string;
  readonly stream: boolean;
  /** What the service found wrong with it, in its own words. */
  readonly refusal?: string;
  /** True once the client went away before the answer was whole. */
  readonly aborted: boolean;
  /** Milliseconds from its arrival until the client went away. */
  readonly abortedAfterMs?: number;
  /** Bytes of the answer that were written. */
  readonly sentBytes: number;
  /** Resolves when the exchange is over: answered whole, cut off by the script, or left by the client. */
  readonly ended: Promise<RequestEnd>;
}

/** A recorded request while its exchange runs. */
export type OpenRecord = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };
