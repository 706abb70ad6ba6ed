import { type ErrorKind, GatewayError } from '../../base/gateway-error.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import type { EncodedError, UpstreamFailure, Watched } from '../dialect.ts';
import { refusesModel } from '../model-refused.ts';
import { encodeOpenaiError } from '../openai-error-body.ts';
import { scopeOfOpenaiLimit } from '../openai-limit-scope.ts';
import { readRetryAfter } from '../openai-retry-after.ts';
import type { SseFrame } from '../stream/sse.ts';
import { type ErrorFacts, readErrorBody, readFailure } from './read-error.ts';

/** Encodes an error that comes before any answer. */
export function encodeError(error: GatewayError): EncodedError {
  return encodeOpenaiError(error, ['openai-chat']);
}

/** The frame that ends a stream in an error; none when the answer had ended. `[DONE]` does not follow it. */
export function encodeStreamError(error: GatewayError, watched?: Watched): readonly SseFrame[] {
  return watched?.ended === true ? [] : [{ data: JSON.stringify(encodeError(error).body) }];
}

/** Decodes a failed answer of any server that speaks the dialect. */
export function decodeError(failure: UpstreamFailure): GatewayError {
  return makeError(readFailure(failure), failure);
}

/** The error inside a body with status 200, or inside a stream. */
export function errorOfBody(body: JsonObject): GatewayError {
  // of a chunk only the error itself is shown
  const facts = readErrorBody(isObject(body.error) ? { error: body.error } : body);
  return makeError(facts, { status: facts.status ?? 200, headers: {} });
}

type Circumstances = Pick<UpstreamFailure, 'status' | 'headers'> & { readonly now?: number };

function makeError(facts: ErrorFacts, { status, headers, now }: Circumstances): GatewayError {
  const waitMs = readRetryAfter({
    headers,
    error: facts.error,
    message: facts.message,
    ...(now === undefined ? {} : { now }),
  });
  const kind = kindOf(facts, status, waitMs);
  const scope = scopeOfOpenaiLimit(kind, [...facts.words, facts.message]);
  return new GatewayError(kind, facts.message, {
    ...(waitMs === undefined || !CAN_WAIT.has(kind) ? {} : { retryAfterMs: waitMs }),
    ...(scope === undefined ? {} : { scope }),
    ...(facts.param === undefined ? {} : { param: facts.param }),
    ...(facts.code === undefined ? {} : { code: facts.code }),
    ...(facts.body === undefined ? {} : { upstream: { dialect: 'openai-chat', status, body: facts.body } }),
  });
}

const CAN_WAIT: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'rate-limited',
  'quota-exhausted',
  'overloaded',
  'upstream-failed',
  'upstream-timeout',
]);

/** Codes and types whose meaning does not depend on the status. https://platform.openai.com/docs/guides/error-codes */
const KIND_OF_WORD: { readonly [word: string]: ErrorKind } = {
  context_length_exceeded: 'context-too-long',
  exceed_context_size_error: 'context-too-long',
  content_policy_violation: 'content-blocked',
  content_filter: 'content-blocked',
  cyber_policy: 'content-blocked',
  invalid_prompt: 'content-blocked',
  ResponsibleAIPolicyViolation: 'content-blocked',
  insufficient_quota: 'quota-exhausted',
  billing_hard_limit_reached: 'quota-exhausted',
  billing_not_active: 'quota-exhausted',
  usage_limit_reached: 'quota-exhausted',
  invalid_api_key: 'credential-rejected',
  API_KEY_INVALID: 'credential-rejected',
  UNAUTHENTICATED: 'credential-rejected',
  authentication_error: 'credential-rejected',
  account_deactivated: 'credential-rejected',
  model_not_found: 'upstream-model-unknown',
  model_decommissioned: 'upstream-model-unknown',
  DeploymentNotFound: 'upstream-model-unknown',
  unsupported_country_region_territory: 'permission-denied',
  permission_error: 'permission-denied',
  PERMISSION_DENIED: 'permission-denied',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  overloaded_error: 'overloaded',
  engine_overloaded: 'overloaded',
  rate_limit_exceeded: 'rate-limited',
  rate_limit_error: 'rate-limited',
  request_too_large: 'request-too-large',
};

const KIND_OF_STATUS: { readonly [status: number]: ErrorKind } = {
  400: 'invalid-request',
  401: 'credential-rejected',
  402: 'quota-exhausted',
  403: 'permission-denied',
  404: 'upstream-model-unknown',
  408: 'upstream-timeout',
  409: 'upstream-failed',
  413: 'request-too-large',
  422: 'invalid-request',
  429: 'rate-limited',
  // Groq: no capacity
  498: 'rate-limited',
  499: 'upstream-failed',
  503: 'overloaded',
  504: 'upstream-timeout',
  529: 'overloaded',
};

const TOO_LONG = new RegExp(
  [
    'maximum context length',
    'max(?:imum)? context length',
    'context[_ ](?:length|window|size)',
    'prompt is too long',
    'prompt too long',
    'input is too long',
    'too large for model',
    'longer than the (?:model.s )?context',
    'input token count.*exceeds',
    'exceeds? (?:the )?max(?:imum)? (?:prompt )?length',
    'exceed context limit',
  ].join('|'),
  'i',
);
const SEAL = /thought_signature|invalid signature|signature in thinking|thinking block|encrypted content/i;
const BUSY = /overloaded|at capacity|temporarily unavailable/i;
/** A limit of a long window, or one that only payment lifts. */
const LONG_LIMIT = /per day|per week|per month|\b[TR]PD\b|daily|weekly|monthly|current quota|balance|credits/i;
const LONG_MS = 10 * 60 * 1000;

function kindOf(facts: ErrorFacts, status: number, waitMs: number | undefined): ErrorKind {
  const { message } = facts;
  const word = wordKind(facts);
  const byStatus = KIND_OF_STATUS[status] ?? (status >= 500 ? 'upstream-failed' : undefined);
  const kind = word ?? byStatus ?? (status >= 400 ? 'invalid-request' : kindWithoutStatus(facts));
  if (kind === 'invalid-request' || kind === 'request-too-large') {
    if (TOO_LONG.test(message)) return 'context-too-long';
    if (SEAL.test(message)) return 'seal-rejected';
    if (refusesModel(message)) return 'upstream-model-unknown';
    return /api key not valid/i.test(message) ? 'credential-rejected' : kind;
  }
  if (kind === 'rate-limited') {
    const isLong = LONG_LIMIT.test(message) && (waitMs === undefined || waitMs > LONG_MS);
    return isLong ? 'quota-exhausted' : kind;
  }
  if (kind !== 'upstream-failed') return kind;
  return BUSY.test(message) ? 'overloaded' : kind;
}

function wordKind({ words }: ErrorFacts): ErrorKind | undefined {
  for (const word of words) if (Object.hasOwn(KIND_OF_WORD, word)) return KIND_OF_WORD[word];
  return undefined;
}

/** An error inside a body that says it is fine: only its type tells whose fault it is. */
function kindWithoutStatus({ words }: ErrorFacts): ErrorKind {
  return words.includes('invalid_request_error') ? 'invalid-request' : 'upstream-failed';
}
