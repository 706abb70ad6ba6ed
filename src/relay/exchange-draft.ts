import type { GatewayError, NextStep } from '../base/gateway-error.ts';
import type { Usage } from '../base/usage.ts';
import type { Lease } from '../pool/account-state.ts';
import type { Finish } from '../translate/canonical/response.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Loss } from '../translate/loss.ts';
import type { ClientCall } from './call.ts';
import type { AttemptRecord, ExchangeLog, ExchangeRecord } from './exchange.ts';

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
  /** The first closing counts. */
  close(end: { readonly status: number; readonly error?: GatewayError }): void;
}

/** An attempt while it runs. */
export interface AttemptDraft {
  answered(status: number): void;
  succeed(): void;
  fail(error: GatewayError, next: NextStep): void;
}

/** Opens the record of an exchange. */
export function openExchange(call: ClientCall, log: ExchangeLog, now: () => number, bodies: BodyPolicy): ExchangeDraft {
  const attempts: Draft<AttemptRecord>[] = [];
  const losses: Loss[] = [];
  const facts: Draft<Partial<ExchangeRecord>> = {};
  let closed = false;
  return {
    attempts,
    losses,
    beginAttempt: (lease, dialect) => {
      const record = newAttempt(lease, dialect, now());
      attempts.push(record);
      facts.account = lease.account.id;
      facts.modelServed = lease.target.model;
      return draftAttempt(record, now);
    },
    lose: (more) => losses.push(...more),
    use: (usage, finish) => {
      if (usage !== undefined) facts.usage = usage;
      if (finish !== undefined) facts.finish = finish.wireReason ?? finish.reason;
    },
    contentSeen: () => {
      facts.firstContentMs ??= now() - call.startedAt;
    },
    keepAnswer: (text) => {
      if (bodies.keep === 'all') facts.answerBody = ((facts.answerBody ?? '') + text).slice(0, bodies.limitBytes);
    },
    close: ({ status, error }) => {
      if (closed) return;
      closed = true;
      if (error !== undefined) {
        facts.verdict = error.traits.verdict;
        facts.error = error.message;
      }
      if (bodies.keep === 'all' || (bodies.keep === 'errors' && error !== undefined)) {
        facts.requestBody = cutText(call.body.bytes, bodies.limitBytes);
      }
      const record = { ...describeCall(call), ...facts, status, attempts, losses, durationMs: now() - call.startedAt };
      log.record(record, call.body.bytes);
    },
  };
}

function describeCall(call: ClientCall) {
  return {
    id: call.exchangeId,
    at: call.startedAt,
    dialect: call.dialect,
    path: call.path,
    client: call.client,
    modelAsked: call.model,
    streamed: call.stream,
    ...(call.clientKey === undefined ? {} : { clientKey: call.clientKey }),
    ...(call.hint === undefined ? {} : { hint: call.hint }),
  };
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

function draftAttempt(record: Draft<AttemptRecord>, now: () => number): AttemptDraft {
  return {
    answered: (status) => {
      record.status = status;
      record.firstByteMs = now() - record.startedAt;
    },
    succeed: () => {
      record.durationMs = now() - record.startedAt;
    },
    fail: (error, next) => {
      record.durationMs = now() - record.startedAt;
      record.kind = error.kind;
      record.message = error.message;
      record.next = next;
    },
  };
}

function cutText(bytes: Uint8Array, limit: number): string {
  return new TextDecoder().decode(bytes.subarray(0, limit));
}
