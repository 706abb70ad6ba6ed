import type { Account } from '../base/account.ts';
import type { ClientKey } from '../base/client-key.ts';
import { writeDollars } from '../base/money.ts';
import type { AttemptRecord, ExchangeRecord } from '../relay/exchange.ts';
import { isoTime } from './read-fields.ts';

/** An exchange as lists show it. Null: there is none, or it is not known. */
export interface ExchangeItem {
  readonly id: string;
  readonly at: string;
  readonly dialect: string;
  readonly path: string;
  readonly client: string;
  /** The id of the client key that was shown; null for the one of the settings. */
  readonly client_key: string | null;
  readonly client_key_name: string | null;
  readonly model_asked: string;
  readonly model_served: string | null;
  /** The account's id. */
  readonly account: string | null;
  readonly account_name: string | null;
  readonly status: number;
  readonly verdict: string | null;
  readonly error: string | null;
  readonly streamed: boolean;
  /** How many there were. */
  readonly attempts: number;
  readonly ttft_ms: number | null;
  readonly duration_ms: number;
  readonly usage: {
    readonly input: number | null;
    readonly output: number | null;
    readonly cached: number | null;
    readonly reasoning: number | null;
    /** True when the gateway counted because the upstream did not. */
    readonly estimated: boolean;
  };
  /** US dollars as a decimal string; null where the price or the tokens are not known. */
  readonly cost: string | null;
  readonly finish: string | null;
  readonly hint: string | null;
  readonly losses: ExchangeRecord['losses'];
}

/** One attempt of an exchange. */
export interface AttemptItem {
  readonly account: string;
  readonly account_name: string;
  readonly provider: string;
  readonly dialect: string;
  readonly model: string;
  readonly why: string;
  readonly at: string;
  readonly first_byte_ms: number | null;
  readonly duration_ms: number;
  readonly status: number | null;
  readonly kind: string | null;
  readonly message: string | null;
  readonly next: string | null;
}

/** An exchange with all that is kept of it. */
export interface ExchangeDetail extends Omit<ExchangeItem, 'attempts'> {
  readonly attempts: readonly AttemptItem[];
  readonly request_body: string | null;
  readonly answer_body: string | null;
}

/** What gives names where a record has only ids. */
export interface Known {
  readonly accounts: readonly Account[];
  readonly clientKeys: readonly ClientKey[];
}

/** Shows an exchange in a list. */
export function showExchange(exchange: ExchangeRecord, known: Known): ExchangeItem {
  return { ...showFields(exchange, known), attempts: exchange.attempts.length };
}

/** Shows an exchange by itself. */
export function showExchangeDetail(exchange: ExchangeRecord, known: Known): ExchangeDetail {
  return {
    ...showFields(exchange, known),
    attempts: exchange.attempts.map(showAttempt),
    request_body: exchange.requestBody ?? null,
    answer_body: exchange.answerBody ?? null,
  };
}

function showFields(exchange: ExchangeRecord, { accounts, clientKeys }: Known): Omit<ExchangeItem, 'attempts'> {
  const { usage } = exchange;
  return {
    id: exchange.id,
    at: isoTime(exchange.at),
    dialect: exchange.dialect,
    path: exchange.path,
    client: exchange.client,
    client_key: exchange.clientKey ?? null,
    client_key_name: clientKeys.find((key) => key.id === exchange.clientKey)?.name ?? null,
    model_asked: exchange.modelAsked,
    model_served: exchange.modelServed ?? null,
    account: exchange.account ?? null,
    account_name: nameAccount(exchange, accounts),
    status: exchange.status,
    verdict: exchange.verdict ?? null,
    error: exchange.error ?? null,
    streamed: exchange.streamed,
    ttft_ms: exchange.firstContentMs ?? null,
    duration_ms: exchange.durationMs,
    usage: {
      input: usage?.input ?? null,
      output: usage?.output ?? null,
      cached: usage?.cacheRead ?? null,
      reasoning: usage?.reasoning ?? null,
      estimated: usage?.estimated === true,
    },
    cost: exchange.cost === undefined ? null : writeDollars(exchange.cost),
    finish: exchange.finish ?? null,
    hint: exchange.hint ?? null,
    losses: exchange.losses,
  };
}

function nameAccount(exchange: ExchangeRecord, accounts: readonly Account[]): string | null {
  if (exchange.account === undefined) return null;
  const attempt = exchange.attempts.find((one) => one.account === exchange.account);
  return attempt?.accountName ?? accounts.find((one) => one.id === exchange.account)?.name ?? null;
}

function showAttempt(attempt: AttemptRecord): AttemptItem {
  return {
    account: attempt.account,
    account_name: attempt.accountName,
    provider: attempt.provider,
    dialect: attempt.dialect,
    model: attempt.model,
    why: attempt.why,
    at: isoTime(attempt.startedAt),
    first_byte_ms: attempt.firstByteMs ?? null,
    duration_ms: attempt.durationMs,
    status: attempt.status ?? null,
    kind: attempt.kind ?? null,
    message: attempt.message ?? null,
    next: attempt.next ?? null,
  };
}
