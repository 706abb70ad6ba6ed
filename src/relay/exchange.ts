import type { AccountId, ProviderId } from '../base/account.ts';
import type { ErrorKind, NextStep, Verdict } from '../base/gateway-error.ts';
import type { Usage } from '../base/usage.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Loss } from '../translate/loss.ts';

/** One try at one account, as the record keeps it. */
export interface AttemptRecord {
  readonly account: AccountId;
  readonly accountName: string;
  readonly provider: ProviderId;
  /** The dialect the upstream was spoken to in. */
  readonly dialect: DialectId;
  readonly model: string;
  /** Why this account was chosen. */
  readonly why: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly firstByteMs?: number;
  readonly durationMs: number;
  /** HTTP status of the upstream, when it answered. */
  readonly status?: number;
  readonly kind?: ErrorKind;
  readonly message?: string;
  readonly next?: NextStep;
}

/** One request with its answer and all its attempts, as the log keeps it. */
export interface ExchangeRecord {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly dialect: DialectId;
  readonly path: string;
  /** The program that asked, from its user agent. */
  readonly client: string;
  readonly clientKey?: string;
  readonly modelAsked: string;
  readonly modelServed?: string;
  readonly account?: AccountId;
  readonly status: number;
  readonly verdict?: Verdict;
  readonly error?: string;
  readonly streamed: boolean;
  readonly attempts: readonly AttemptRecord[];
  /** Time to the first content. */
  readonly firstContentMs?: number;
  readonly durationMs: number;
  readonly usage?: Usage;
  /** Billionths of a US dollar; filled in where the record is kept. Absent: the price or the tokens are not known. */
  readonly cost?: number;
  readonly finish?: string;
  readonly losses: readonly Loss[];
  /** Kept only as the setting `log_bodies` says, cut to `body_limit_kb`. */
  readonly requestBody?: string;
  readonly answerBody?: string;
  /** A hint for the owner, for instance a repaired base URL. */
  readonly hint?: string;
}

/** Where finished exchanges go. Never waits and never throws: a log is no reason to fail a request. */
export interface ExchangeLog {
  /** `body` is the request as it came, to be looked at during the call and not kept. */
  record(exchange: ExchangeRecord, body: Uint8Array): void;
}
