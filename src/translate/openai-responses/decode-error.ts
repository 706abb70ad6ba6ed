import { ERROR_TRAITS, type ErrorDetail, type ErrorKind, GatewayError } from '../../base/gateway-error.ts';
import { asObject, asString, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { UpstreamFailure } from '../dialect.ts';
import { refusesModel } from '../model-refused.ts';
import { scopeOfOpenaiLimit } from '../openai-limit-scope.ts';
import { readRetryAfter } from '../openai-retry-after.ts';
import { DIALECT } from './wire.ts';

/** Decodes a failed answer of an upstream. */
export function decodeError(failure: UpstreamFailure): GatewayError {
  const body = asObject(tryParseJson(failure.body));
  const facts = factsOf(body, failure.status);
  const kind = kindOf(facts, failure.status);
  const retryAfterMs = retryAfterOf(kind, facts, failure);
  return new GatewayError(kind, facts.message, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...scopeField(kind, facts),
    ...(facts.param === undefined ? {} : { param: facts.param }),
    ...(facts.code === undefined ? {} : { code: facts.code }),
    ...(body === undefined ? {} : { upstream: { dialect: DIALECT, status: failure.status, body } }),
  });
}

/**
 * The error inside a body with status 200, inside a failed response object, or inside an error event. `now` is needed only to
 * read the time at which a limit ends.
 */
export function errorOfBody(body: JsonObject, now?: number): GatewayError {
  const facts = factsOf(body, undefined);
  const kind = kindOf(facts, undefined);
  const retryAfterMs = retryAfterOf(kind, facts, { headers: {}, ...(now === undefined ? {} : { now }) });
  const { message, type, param, code } = facts;
  const said = { message, type: type ?? 'server_error', param: param ?? null, code: code ?? null };
  return new GatewayError(kind, message, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...scopeField(kind, facts),
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
    upstream: { dialect: DIALECT, status: ERROR_TRAITS[kind].status, body: { error: said } },
  });
}

function scopeField(kind: ErrorKind, { code, type, message }: ErrorFacts): Pick<ErrorDetail, 'scope'> {
  const words = [code, type, message].filter((word) => word !== undefined);
  const scope = scopeOfOpenaiLimit(kind, words);
  return scope === undefined ? {} : { scope };
}

interface ErrorFacts {
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  /** The object that held all this. */
  readonly error: JsonObject;
}

function factsOf(body: JsonObject | undefined, status: number | undefined): ErrorFacts {
  const error = asObject(body?.error) ?? body ?? {};
  const message =
    asString(error.message) ??
    asString(error.Message) ??
    asString(body?.error) ??
    detailOf(body) ??
    fallbackText(status);
  const code = wordOf(error.code);
  const type = asString(error.type);
  const param = asString(error.param);
  return {
    message,
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(param === undefined ? {} : { param }),
    error,
  };
}

// numbers as codes repeat the status and say nothing of their own
function wordOf(code: unknown): string | undefined {
  return typeof code === 'string' && code !== '' ? code : undefined;
}

function detailOf(body: JsonObject | undefined): string | undefined {
  const detail = body?.detail;
  if (typeof detail === 'string') return detail;
  return Array.isArray(detail) ? JSON.stringify(detail) : undefined;
}

function fallbackText(status: number | undefined): string {
  if (status === undefined) return 'The upstream reported an error without a message.';
  return `The upstream answered with status ${status} and no message.`;
}

/** Codes and types of errors, in their vendors' words: https://platform.openai.com/docs/guides/error-codes/api-errors */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  context_length_exceeded: 'context-too-long',
  exceed_context_size_error: 'context-too-long',
  string_above_max_length: 'invalid-request',
  insufficient_quota: 'quota-exhausted',
  billing_hard_limit_reached: 'quota-exhausted',
  billing_not_active: 'quota-exhausted',
  usage_limit_reached: 'quota-exhausted',
  usage_not_included: 'quota-exhausted',
  invalid_api_key: 'credential-rejected',
  authentication_error: 'credential-rejected',
  token_expired: 'credential-rejected',
  permission_error: 'permission-denied',
  unsupported_country_region_territory: 'permission-denied',
  model_not_found: 'upstream-model-unknown',
  model_not_supported: 'upstream-model-unknown',
  previous_response_not_found: 'invalid-request',
  content_policy_violation: 'content-blocked',
  image_content_policy_violation: 'content-blocked',
  content_filter: 'content-blocked',
  moderation_blocked: 'content-blocked',
  cyber_policy: 'content-blocked',
  bio_policy: 'content-blocked',
  misalignment_policy_violation: 'content-blocked',
  data_residency_mismatch: 'content-blocked',
  invalid_prompt: 'content-blocked',
  invalid_encrypted_content: 'seal-rejected',
  rate_limit_exceeded: 'rate-limited',
  rate_limit_error: 'rate-limited',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  overloaded_error: 'overloaded',
  vector_store_timeout: 'upstream-timeout',
  server_error: 'upstream-failed',
  invalid_request_error: 'invalid-request',
};

const MARKS: readonly (readonly [RegExp, ErrorKind])[] = [
  [
    /max(imum)? context length|context window|prompt (is )?too long|input token count.*exceeds|longer than the context length|exceeds max(imum)? length/i,
    'context-too-long',
  ],
  [/encrypted content.*(verif|decrypt|organi[sz]ation)/i, 'seal-rejected'],
  [/of type 'reasoning' was provided without|item with id 'rs_/i, 'seal-rejected'],
  [/incorrect api key|invalid api key|api key not valid/i, 'credential-rejected'],
  [/exceeded your current quota|credit balance is too low|billing hard limit/i, 'quota-exhausted'],
  [/overloaded|at capacity/i, 'overloaded'],
];

/** Limits of a whole day or longer: another minute does not help. */
const LONG_LIMIT = /per day|\b(RPD|TPD)\b|daily|weekly/i;

const BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'credential-rejected',
  402: 'quota-exhausted',
  403: 'permission-denied',
  404: 'upstream-model-unknown',
  405: 'upstream-failed',
  408: 'upstream-timeout',
  409: 'upstream-failed',
  413: 'request-too-large',
  429: 'rate-limited',
  498: 'overloaded',
  499: 'upstream-failed',
  503: 'overloaded',
  504: 'upstream-timeout',
  529: 'overloaded',
};

function kindOf(facts: ErrorFacts, status: number | undefined): ErrorKind {
  const kind = kindByWords(facts, status) ?? kindByStatus(status);
  if (kind === 'invalid-request' && status !== undefined && refusesModel(facts.message))
    return 'upstream-model-unknown';
  return kind === 'rate-limited' && LONG_LIMIT.test(facts.message) ? 'quota-exhausted' : kind;
}

function kindByWords({ code, type, message }: ErrorFacts, status: number | undefined): ErrorKind | undefined {
  const known = telling(named(code), status) ?? marked(message, status) ?? telling(named(type), status);
  if (known !== undefined || status !== undefined) return known;
  if (code !== undefined && /^(invalid|unsupported|image|empty_image|failed_to_download)_/.test(code)) {
    return 'invalid-request';
  }
  return undefined;
}

// a word that is no more than the class of the status says less than the status does
function telling(kind: ErrorKind | undefined, status: number | undefined): ErrorKind | undefined {
  const isClass = kind === 'invalid-request' || kind === 'upstream-failed';
  return isClass && status !== undefined ? undefined : kind;
}

function named(word: string | undefined): ErrorKind | undefined {
  return word !== undefined && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
}

function marked(message: string, status: number | undefined): ErrorKind | undefined {
  const kind = MARKS.find(([mark]) => mark.test(message))?.[1];
  // a message may quote such words; a server's fault is no fault of the request
  return kind !== 'overloaded' && status !== undefined && status >= 500 ? undefined : kind;
}

function kindByStatus(status: number | undefined): ErrorKind {
  if (status === undefined) return 'upstream-failed';
  const kind = BY_STATUS[status];
  if (kind !== undefined) return kind;
  return status >= 400 && status < 500 ? 'invalid-request' : 'upstream-failed';
}

const WAITING_HELPS: ReadonlySet<ErrorKind> = new Set([
  'rate-limited',
  'quota-exhausted',
  'overloaded',
  'upstream-failed',
]);

function retryAfterOf(
  kind: ErrorKind,
  facts: ErrorFacts,
  from: { readonly headers: UpstreamFailure['headers']; readonly now?: number },
): number | undefined {
  if (!WAITING_HELPS.has(kind)) return undefined;
  const { error, message } = facts;
  const now = from.now === undefined ? {} : { now: from.now };
  return readRetryAfter({ headers: from.headers, error, message, ...now });
}
