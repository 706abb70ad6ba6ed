import { type ErrorKind, GatewayError, type LimitScope } from '../../base/gateway-error.ts';
import { asObject, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { EncodedError, UpstreamFailure, Watched } from '../dialect.ts';
import { refusesModel } from '../model-refused.ts';
import type { SseFrame } from '../stream/sse.ts';
import { optionalField } from './optional-field.ts';
import { readRetryAfter, scopeOfWindows } from './retry-after.ts';
import type { WireError } from './wire.ts';

/** How one kind of error looks to a client. https://docs.claude.com/en/api/errors */
interface ErrorLook {
  readonly status: number;
  readonly type: string;
}

const look = (status: number, type: string): ErrorLook => ({ status, type });

const LOOKS: Record<ErrorKind, ErrorLook> = {
  'invalid-request': look(400, 'invalid_request_error'),
  'context-too-long': look(400, 'invalid_request_error'),
  'content-blocked': look(400, 'invalid_request_error'),
  'request-too-large': look(413, 'request_too_large'),
  'unsupported-encoding': look(415, 'invalid_request_error'),
  'translation-refused': look(400, 'invalid_request_error'),
  'client-unauthenticated': look(401, 'authentication_error'),
  'client-forbidden': look(403, 'permission_error'),
  'model-unknown': look(404, 'not_found_error'),
  'route-unknown': look(404, 'not_found_error'),
  'method-not-allowed': look(405, 'invalid_request_error'),
  'upgrade-required': look(426, 'invalid_request_error'),
  'rate-limited': look(429, 'rate_limit_error'),
  'quota-exhausted': look(429, 'rate_limit_error'),
  'credential-rejected': look(502, 'api_error'),
  'permission-denied': look(403, 'permission_error'),
  'upstream-model-unknown': look(404, 'not_found_error'),
  'seal-rejected': look(400, 'invalid_request_error'),
  overloaded: look(529, 'overloaded_error'),
  'upstream-failed': look(500, 'api_error'),
  'upstream-timeout': look(504, 'timeout_error'),
  'upstream-unreachable': look(502, 'api_error'),
  'upstream-malformed': look(502, 'api_error'),
  'answer-unusable': look(502, 'api_error'),
  'pool-cooling': look(429, 'rate_limit_error'),
  'no-account': look(529, 'overloaded_error'),
  'service-stopped': look(503, 'api_error'),
  canceled: look(499, 'api_error'),
  internal: look(500, 'api_error'),
};

const BILLING: ErrorLook = look(402, 'billing_error');

/**
 * Encodes an error for a client. What an upstream of this dialect said of the client's own request goes through unchanged, since
 * clients act on its exact words.
 */
export function encodeError(error: GatewayError, context: { readonly requestId?: string } = {}): EncodedError {
  const { upstream } = error.detail;
  const isClients = error.traits.blame === 'client' || error.kind === 'seal-rejected';
  if (isClients && upstream?.dialect === 'anthropic-messages' && upstream.status >= 400) {
    return { status: upstream.status, body: upstream.body };
  }
  return { status: lookOf(error).status, body: encodeBody(error, context.requestId) };
}

/** The event that ends a stream in an error; none when the stream was over. */
export function encodeStreamError(error: GatewayError, watched?: Watched): readonly SseFrame[] {
  if (watched?.ended) return [];
  return [errorFrame(error)];
}

/** An error as an event of a stream. */
export function errorFrame(error: GatewayError): SseFrame {
  return { event: 'error', data: JSON.stringify(encodeBody(error)) };
}

function encodeBody(error: GatewayError, requestId?: string): WireError {
  return {
    type: 'error',
    error: { type: lookOf(error).type, message: messageOf(error) },
    ...optionalField('request_id', requestId),
  };
}

function lookOf(error: GatewayError): ErrorLook {
  // an allowance that returns by itself is a limit; one that does not is a matter of paying
  const isBilling = error.kind === 'quota-exhausted' && error.detail.retryAfterMs === undefined;
  return isBilling ? BILLING : LOOKS[error.kind];
}

function messageOf({ kind, message, detail }: GatewayError): string {
  if (kind === 'context-too-long') return tooLongMessage(message);
  const { param } = detail;
  return param === undefined || message.includes(param) ? message : `${param}: ${message}`;
}

/** Claude Code shortens a conversation by itself when it reads these words, and reads the two numbers. */
function tooLongMessage(message: string): string {
  if (message.includes('prompt is too long')) return message;
  const maximum = readCount(/(?:maximum|limit)\D*?(\d[\d,]*)/i.exec(message)?.[1]);
  const most = Math.max(...[...message.matchAll(/(?<![\w.-])\d[\d,]*/g)].map(([digits]) => readCount(digits) ?? 0));
  if (maximum === undefined || most <= maximum) return `prompt is too long: ${message}`;
  return `prompt is too long: ${most} tokens > ${maximum} maximum`;
}

function readCount(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}

const KIND_BY_TYPE: { readonly [type: string]: ErrorKind } = {
  invalid_request_error: 'invalid-request',
  authentication_error: 'credential-rejected',
  billing_error: 'quota-exhausted',
  permission_error: 'permission-denied',
  not_found_error: 'upstream-model-unknown',
  request_too_large: 'request-too-large',
  rate_limit_error: 'rate-limited',
  timeout_error: 'upstream-timeout',
  overloaded_error: 'overloaded',
  conflict_error: 'upstream-failed',
  api_error: 'upstream-failed',
};

const KIND_BY_STATUS: { readonly [status: number]: ErrorKind } = {
  401: 'credential-rejected',
  402: 'quota-exhausted',
  403: 'permission-denied',
  404: 'upstream-model-unknown',
  408: 'upstream-timeout',
  409: 'upstream-failed',
  413: 'request-too-large',
  429: 'rate-limited',
  503: 'overloaded',
  504: 'upstream-timeout',
  529: 'overloaded',
};

/** Codes in `error.details` that say more than the type. */
const KIND_BY_CODE: { readonly [code: string]: ErrorKind } = {
  enforced_spend_limit_reached: 'quota-exhausted',
  contract_spend_limit_reached: 'quota-exhausted',
  organization_on_hold: 'permission-denied',
};

/** Words that say more than type and status, for the kinds among which they decide. */
const KIND_BY_WORDS: readonly { readonly words: RegExp; readonly kind: ErrorKind }[] = [
  {
    words: /prompt is too long|exceed(?:s|ed)? (?:the )?context (?:limit|window)|input is too long/i,
    kind: 'context-too-long',
  },
  { words: /credit balance|plans & billing/i, kind: 'quota-exhausted' },
  {
    words:
      /(?:signature|data)\W+in\W+(?:redacted_)?thinking|thinking\.signature|thinking\W[^.]*blocks[^.]*cannot be modified|expected `?thinking`?|bound to a different/i,
    kind: 'seal-rejected',
  },
  { words: /content filtering policy/i, kind: 'content-blocked' },
];
const WORDS_MATTER: ReadonlySet<ErrorKind> = new Set(['invalid-request', 'request-too-large']);

/** Reads a failed answer: its body, its status and the headers that tell when to come back. */
export function decodeError(failure: UpstreamFailure): GatewayError {
  const body = tryParseJson(failure.body);
  const words = readWords(isObject(body) ? body : undefined);
  const kind = refineLimit(kindOf(words, failure.status), failure);
  const message = words.message ?? `The upstream answered with status ${failure.status} and no reason.`;
  const waits = kind === 'rate-limited' || kind === 'quota-exhausted' || kind === 'overloaded';
  const retryAfterMs = waits ? readRetryAfter(failure, message) : undefined;
  return new GatewayError(kind, message, {
    ...optionalField('retryAfterMs', retryAfterMs),
    ...optionalField('scope', scopeOf(kind, failure)),
    ...optionalField('code', words.code ?? words.type),
    ...(isObject(body) ? { upstream: { dialect: 'anthropic-messages', status: failure.status, body } } : {}),
  });
}

/** The error that a 200 answer or an event of a stream holds, if it holds one. */
export function errorInAnswer(body: JsonObject): GatewayError | undefined {
  if (body.type !== 'error' && !isObject(body.error)) return undefined;
  const words = readWords(body);
  const kind = kindOf(words, 500);
  const status = LOOKS[kind].status;
  return new GatewayError(kind, words.message ?? 'The upstream reported an error without a reason.', {
    ...optionalField('code', words.code ?? words.type),
    upstream: { dialect: 'anthropic-messages', status, body },
  });
}

interface Words {
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Type and message of an error body, in the dialect's form or in one that compatible servers use. */
function readWords(body: JsonObject | undefined): Words {
  const error = asObject(body?.error);
  const message = [error?.message, body?.error, body?.message, body?.detail].find((text) => typeof text === 'string');
  return {
    ...optionalField('type', asString(error?.type)),
    ...optionalField('code', asString(asObject(error?.details)?.error_code) ?? asString(error?.code)),
    ...optionalField('message', message === '' ? undefined : asString(message)),
  };
}

function kindOf({ type, code, message }: Words, status: number): ErrorKind {
  const byCode = lookUp(KIND_BY_CODE, code);
  if (byCode !== undefined) return byCode;
  const kind = lookUp(KIND_BY_TYPE, type) ?? kindOfStatus(status);
  if (!WORDS_MATTER.has(kind) || message === undefined) return kind;
  const said = KIND_BY_WORDS.find(({ words }) => words.test(message))?.kind;
  return said ?? (refusesModel(message) ? 'upstream-model-unknown' : kind);
}

/** A used-up window tells by its name what it holds for; credit is the account's. */
function scopeOf(kind: ErrorKind, { status, headers }: UpstreamFailure): LimitScope | undefined {
  if (kind !== 'quota-exhausted') return undefined;
  return status === 429 ? scopeOfWindows(headers) : { type: 'account' };
}

function kindOfStatus(status: number): ErrorKind {
  const known = KIND_BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'upstream-failed';
  return status >= 400 ? 'invalid-request' : 'upstream-malformed';
}

/** A window of hours or days that is used up is an allowance, not a rate. */
function refineLimit(kind: ErrorKind, { headers }: UpstreamFailure): ErrorKind {
  const isSpent = headers['anthropic-ratelimit-unified-status'] === 'rejected';
  return kind === 'rate-limited' && isSpent ? 'quota-exhausted' : kind;
}
