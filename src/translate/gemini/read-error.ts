import { type ErrorDetail, type ErrorKind, GatewayError, type LimitScope } from '../../base/gateway-error.ts';
import { asNumber, asObject, asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { UpstreamFailure } from '../dialect.ts';
import { refusesModel } from '../model-refused.ts';
import { readQuotaReset, readRetryAfter, timeToMidnightPacific } from './retry-after.ts';
import { DETAIL_TYPES } from './wire.ts';

/** An error as the upstream told it. */
export interface UpstreamError {
  readonly httpStatus: number;
  /** The RPC name: `RESOURCE_EXHAUSTED`. */
  readonly status: string;
  readonly message: string;
  readonly details: readonly JsonObject[];
  readonly reasons: readonly string[];
}

/** Decodes a failed answer. Its body may be an object, a list of one, or no JSON at all. */
export function decodeError(failure: UpstreamFailure): GatewayError {
  const parsed = tryParseJson(failure.body);
  const body = Array.isArray(parsed) ? asObjects(parsed)[0] : asObject(parsed);
  const error = readError(body, failure.status);
  return toGatewayError(error, body, failure);
}

/** Decodes the error in a body that came with a good status, or in a stream. */
export function readErrorBody(body: JsonObject): GatewayError {
  return toGatewayError(readError(body, 500), body, undefined);
}

function readError(body: JsonObject | undefined, httpStatus: number): UpstreamError {
  const error = asObject(body?.error) ?? {};
  const details = asObjects(error.details);
  const status = asString(error.status) ?? '';
  const said = asNumber(error.code);
  const code = httpStatus === 500 && said !== undefined && said >= 400 && said < 600 ? said : httpStatus;
  const message = asString(error.message) ?? asString(body?.error) ?? asString(body?.message);
  const reasons = details.map((detail) => asString(detail.reason)).filter((reason) => reason !== undefined);
  return {
    httpStatus: code,
    status,
    message: message || `The upstream answered with status ${code}.`,
    details,
    reasons,
  };
}

function toGatewayError(
  error: UpstreamError,
  body: JsonObject | undefined,
  failure: UpstreamFailure | undefined,
): GatewayError {
  const kind = readKind(error);
  const code = error.reasons[0] ?? error.status;
  const retryAfterMs = readWait(kind, error, failure);
  const scope = scopeOf(kind, error.details);
  const detail: ErrorDetail = {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(scope === undefined ? {} : { scope }),
    ...(code === '' ? {} : { code }),
    ...(isObject(body) ? { upstream: { dialect: 'gemini', status: error.httpStatus, body } } : {}),
  };
  return new GatewayError(kind, error.message, detail);
}

const BAD_KEYS = ['API_KEY_INVALID', 'API_KEY_EXPIRED', 'API_KEY_NOT_FOUND', 'ACCESS_TOKEN_EXPIRED'];

function readKind(error: UpstreamError): ErrorKind {
  const { httpStatus, status, message, reasons } = error;
  if (httpStatus === 401 || status === 'UNAUTHENTICATED') return 'credential-rejected';
  if (reasons.some((reason) => BAD_KEYS.includes(reason))) return 'credential-rejected';
  if (httpStatus === 429 || status === 'RESOURCE_EXHAUSTED') return isDaily(error) ? 'quota-exhausted' : 'rate-limited';
  if (httpStatus === 402) return 'quota-exhausted';
  if (httpStatus === 403 || status === 'PERMISSION_DENIED') return 'permission-denied';
  if (httpStatus === 404 || status === 'NOT_FOUND') return readNotFound(message);
  if (httpStatus === 413) return 'request-too-large';
  if (httpStatus === 503 || httpStatus === 529 || status === 'UNAVAILABLE') return 'overloaded';
  if (httpStatus === 504 || httpStatus === 408 || status === 'DEADLINE_EXCEEDED') return 'upstream-timeout';
  if (httpStatus >= 500 || httpStatus === 409 || httpStatus === 499) return 'upstream-failed';
  return readBadRequest(error);
}

/** A model or a whole address that is missing is the account's matter; a file or a cache is the request's. */
function readNotFound(message: string): ErrorKind {
  const isOfRequest = /cached ?content|\bfiles?\/|\bfile\b/i.test(message) && !/\bmodels?\b/i.test(message);
  return isOfRequest ? 'invalid-request' : 'upstream-model-unknown';
}

/** What the texts of a 400 tell; the first that fits counts. */
const BAD_REQUEST_TEXTS: readonly (readonly [text: RegExp, kind: ErrorKind])[] = [
  [/API key (not valid|expired|not found)/i, 'credential-rejected'],
  [/input token count|exceeds the maximum number of tokens|context (length|window)/i, 'context-too-long'],
  [/thought[ _]?signature/i, 'seal-rejected'],
  [
    /location is not supported|not available in your (country|region)|enable billing|billing account/i,
    'permission-denied',
  ],
  [/payload size exceeds|request (payload )?is too large/i, 'request-too-large'],
  [/responsible ai|prompt (was|is) blocked|PROHIBITED_CONTENT/i, 'content-blocked'],
];

function readBadRequest({ message }: UpstreamError): ErrorKind {
  const said = BAD_REQUEST_TEXTS.find(([text]) => text.test(message))?.[1];
  return said ?? (refusesModel(message) ? 'upstream-model-unknown' : 'invalid-request');
}

function isDaily({ details, reasons, message }: UpstreamError): boolean {
  if (reasons.includes('QUOTA_EXHAUSTED')) return true;
  return quotaIdsOf(details).some((id) => /PerDay/i.test(id)) || /per day\b/i.test(message);
}

function quotaIdsOf(details: readonly JsonObject[]): readonly string[] {
  const failures = details.filter((detail) => detail['@type'] === DETAIL_TYPES.quotaFailure);
  const violated = failures.flatMap((detail) => asObjects(detail.violations)).map((one) => asString(one.quotaId) ?? '');
  const named = details.map((detail) => asString(asObject(detail.metadata)?.quota_limit) ?? '');
  return [...violated, ...named];
}

/** Quotas are a model's by their name or their dimensions; the others are the project's. https://ai.google.dev/gemini-api/docs/rate-limits */
function scopeOf(kind: ErrorKind, details: readonly JsonObject[]): LimitScope | undefined {
  if (kind !== 'quota-exhausted' && kind !== 'rate-limited') return undefined;
  const failures = details.filter((detail) => detail['@type'] === DETAIL_TYPES.quotaFailure);
  const violations = failures.flatMap((detail) => asObjects(detail.violations));
  const isOfModel = (one: JsonObject) => {
    return (
      /PerModel|PerBaseModel/i.test(asString(one.quotaId) ?? '') || asObject(one.quotaDimensions)?.model !== undefined
    );
  };
  const named = violations.filter((one) => asString(one.quotaId) !== undefined);
  return named.length > 0 && !named.some(isOfModel) ? { type: 'account' } : undefined;
}

const WAITING_KINDS: readonly ErrorKind[] = ['rate-limited', 'quota-exhausted', 'overloaded'];

/** A quota by day comes back at midnight in California, whatever RetryInfo says of the next minute. */
function readWait(kind: ErrorKind, error: UpstreamError, failure: UpstreamFailure | undefined): number | undefined {
  if (!WAITING_KINDS.includes(kind)) return undefined;
  const isByDay = quotaIdsOf(error.details).some((id) => /PerDay/i.test(id)) || /per day\b/i.test(error.message);
  const stated = readQuotaReset(error.details, failure?.now);
  if (stated !== undefined) return stated;
  if (isByDay && failure !== undefined) return timeToMidnightPacific(failure.now);
  return readRetryAfter(error, failure);
}
