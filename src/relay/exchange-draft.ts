import { GatewayError, type NextStep } from '../base/gateway-error.ts';
import type { Usage } from '../base/usage.ts';
import type { Lease } from '../pool/account-state.ts';
import type { Finish } from '../translate/canonical/response.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Loss } from '../translate/loss.ts';
import type { CallBody, ClientCall } from './call.ts';
import type { AttemptRecord, ExchangeLog, ExchangeRecord } from './exchange.ts';
import type { RunningExchange, RunningExchanges } from './running-exchanges.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** What of the bodies is kept. */
export interface BodyPolicy {
  readonly keep: 'none' | 'errors' | 'all';
  readonly limitBytes: number;
}

/** An exchange while it runs. Closed once, then it is in the log. */
export interface ExchangeDraft {
  readonly attempts: readonly AttemptRecord[];
  readonly losses: readonly Loss[];
  /** Begins an attempt; its answer ends it. */
  beginAttempt(lease: Lease, dialect: DialectId): AttemptDraft;
  lose(losses: readonly Loss[]): void;
  use(usage: Usage | undefined, finish: Finish | undefined): void;
  contentSeen(): void;
  keepAnswer(text: string): void;
  /** Lets it be seen, and stopped, while it runs. */
  runAmong(running: RunningExchanges): void;
  /** Says what ends the attempt that runs now; called at once when the exchange was stopped before. */
  whenStopped(leave: (reason: GatewayError) => void): void;
  /** The first closing counts. */
  close(end: { readonly status: number; readonly error?: GatewayError }): void;
}

/** An attempt while it runs. */
export interface AttemptDraft {
  answered(status: number): void;
  succeed(): void;
  fail(error: GatewayError, next: NextStep): void;
}

const NOTHING = { bytes: new Uint8Array() };

/** Opens the record of an exchange. */
export function openExchange(call: ClientCall, log: ExchangeLog, now: () => number, bodies: BodyPolicy): ExchangeDraft {
  return new OpenExchange(call, log, now, bodies);
}

/** Every request makes one: methods are shared, where functions in an object would be made anew. */
class OpenExchange implements ExchangeDraft, RunningExchange {
  readonly attempts: Draft<AttemptRecord>[] = [];
  readonly losses: Loss[] = [];
  readonly #record: Draft<ExchangeRecord>;
  readonly #log: ExchangeLog;
  readonly #now: () => number;
  readonly #bodies: BodyPolicy;
  readonly #body: Pick<CallBody, 'bytes'>;
  #closed = false;
  #running: RunningExchanges | undefined;
  #leave: ((reason: GatewayError) => void) | undefined;
  #stopped: GatewayError | undefined;

  constructor(call: ClientCall, log: ExchangeLog, now: () => number, bodies: BodyPolicy) {
    this.#record = describeCall(call, this.attempts, this.losses);
    this.#log = log;
    this.#now = now;
    this.#bodies = bodies;
    this.#body = isForm(call) ? NOTHING : call.body;
  }

  get soFar(): ExchangeRecord {
    return this.#record;
  }

  runAmong(running: RunningExchanges): void {
    this.#running = running;
    running.set(this.#record.id, this);
  }

  whenStopped(leave: (reason: GatewayError) => void): void {
    this.#leave = leave;
    if (this.#stopped !== undefined) leave(this.#stopped);
  }

  stop(): void {
    this.#stopped ??= new GatewayError('canceled', 'The owner of the gateway stopped this request.');
    this.#leave?.(this.#stopped);
  }

  beginAttempt(lease: Lease, dialect: DialectId): AttemptDraft {
    const attempt = newAttempt(lease, dialect, this.#now());
    this.attempts.push(attempt);
    this.#record.account = lease.account.id;
    this.#record.modelServed = lease.target.model;
    return new OpenAttempt(attempt, this.#now);
  }

  lose(more: readonly Loss[]): void {
    for (const loss of more) this.losses.push(loss);
  }

  use(usage: Usage | undefined, finish: Finish | undefined): void {
    if (usage !== undefined) this.#record.usage = usage;
    if (finish !== undefined) this.#record.finish = finish.wireReason ?? finish.reason;
  }

  contentSeen(): void {
    this.#record.firstContentMs ??= this.#now() - this.#record.at;
  }

  keepAnswer(text: string): void {
    if (this.#bodies.keep !== 'all') return;
    this.#record.answerBody = ((this.#record.answerBody ?? '') + text).slice(0, this.#bodies.limitBytes);
  }

  close({ status, error }: { readonly status: number; readonly error?: GatewayError }): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#running?.delete(this.#record.id);
    const record = this.#record;
    if (error !== undefined) {
      record.verdict = error.traits.verdict;
      record.error = error.message;
    }
    const { keep, limitBytes } = this.#bodies;
    if (keep === 'all' || (keep === 'errors' && error !== undefined)) {
      record.requestBody = cutText(this.#body.bytes, limitBytes);
    }
    record.status = status;
    record.durationMs = this.#now() - record.at;
    this.#log.record(record, this.#body.bytes);
  }
}

class OpenAttempt implements AttemptDraft {
  readonly #record: Draft<AttemptRecord>;
  readonly #now: () => number;

  constructor(record: Draft<AttemptRecord>, now: () => number) {
    this.#record = record;
    this.#now = now;
  }

  answered(status: number): void {
    this.#record.status = status;
    this.#record.firstByteMs = this.#now() - this.#record.startedAt;
  }

  succeed(): void {
    this.#record.durationMs = this.#now() - this.#record.startedAt;
  }

  fail(error: GatewayError, next: NextStep): void {
    this.succeed();
    this.#record.kind = error.kind;
    this.#record.message = error.message;
    this.#record.next = next;
  }
}

function describeCall(
  call: ClientCall,
  attempts: readonly AttemptRecord[],
  losses: readonly Loss[],
): Draft<ExchangeRecord> {
  const record: Draft<ExchangeRecord> = {
    id: call.exchangeId,
    at: call.startedAt,
    dialect: call.dialect,
    path: call.path,
    client: call.client,
    modelAsked: call.model,
    streamed: call.stream,
    status: 0,
    attempts,
    losses,
    durationMs: 0,
  };
  if (call.clientKey !== undefined) record.clientKey = call.clientKey;
  if (call.hint !== undefined) record.hint = call.hint;
  return record;
}

function newAttempt(lease: Lease, dialect: DialectId, startedAt: number): Draft<AttemptRecord> {
  const { account, target, why } = lease;
  return {
    account: account.id,
    accountName: account.name,
    provider: account.provider,
    dialect,
    model: target.model,
    why,
    startedAt,
    durationMs: 0,
  };
}

function cutText(bytes: Uint8Array, limit: number): string {
  return new TextDecoder().decode(bytes.subarray(0, limit));
}

/** A form carries pictures and recordings: nobody could read their beginning, and their bytes say nothing of tokens. */
function isForm({ side }: ClientCall): boolean {
  return side !== undefined && side.contentType !== 'application/json';
}
