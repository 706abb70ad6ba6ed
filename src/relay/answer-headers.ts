import type { GatewayError } from '../base/gateway-error.ts';
import type { Loss } from '../translate/loss.ts';
import type { ExchangeDraft } from './exchange-draft.ts';

const MAX_WARNINGS_LENGTH = 1024;
const IS_PLAIN = /^[\x21-\x2b\x2d-\x7e]*$/;
/** A client may try again by itself after so short a rest, though the gateway has tried the pool already. */
const SHORT_REST_MS = 20_000;

/** The headers that tell a client how its answer came about: id, account, model, attempts, losses; put to those of `headers`. */
export function answerHeaders(
  exchangeId: string,
  exchange: ExchangeDraft,
  headers: { [name: string]: string } = {},
): { [name: string]: string } {
  const last = exchange.attempts.at(-1);
  headers['x-trivium-request-id'] = exchangeId;
  headers['x-trivium-attempts'] = String(exchange.attempts.length);
  if (last !== undefined) {
    headers['x-trivium-account'] = last.account;
    headers['x-trivium-model'] = toAscii(last.model);
  }
  if (exchange.losses.length > 0) headers['x-trivium-warnings'] = writeWarnings(exchange.losses);
  return headers;
}

/** The further headers of an error: what kind of trouble it is, what is allowed instead, and when to come back. */
export function errorHeaders(error: GatewayError, attempts: number): { [name: string]: string } {
  const headers: { [name: string]: string } = { 'x-trivium-verdict': error.traits.verdict };
  const { retryAfterMs, allowed } = error.detail;
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
  if (allowed !== undefined) headers.allow = allowed.join(', ');
  if (retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  }
  // the pool was tried: the same request at once would only fail again
  const worthRetrying = retryAfterMs !== undefined && retryAfterMs <= SHORT_REST_MS;
  if (attempts > 0 && !worthRetrying) headers['x-should-retry'] = 'false';
  return headers;
}

function writeWarnings(losses: readonly Loss[]): string {
  let text = '';
  for (const field of new Set(losses.map((loss) => toAscii(loss.field)))) {
    const longer = text === '' ? field : `${text}, ${field}`;
    if (longer.length > MAX_WARNINGS_LENGTH) break;
    text = longer;
  }
  return text;
}

function toAscii(text: string): string {
  if (IS_PLAIN.test(text)) return text;
  return text.replaceAll(/[^\x21-\x2b\x2d-\x7e]/g, '?');
}
