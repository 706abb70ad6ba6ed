import type { ErrorKind, GatewayError } from '../../base/gateway-error.ts';
import type { JsonObject } from '../../base/json.ts';
import type { EncodedError, Watched } from '../dialect.ts';
import type { SseFrame } from '../stream/sse.ts';
import { DETAIL_TYPES, type WireError } from './wire.ts';

interface ErrorWords {
  readonly code: number;
  readonly status: string;
}

const words = (code: number, status: string): ErrorWords => ({ code, status });

/** How each kind is told. https://ai.google.dev/gemini-api/docs/troubleshooting */
const ERROR_WORDS: Record<ErrorKind, ErrorWords> = {
  'invalid-request': words(400, 'INVALID_ARGUMENT'),
  'context-too-long': words(400, 'INVALID_ARGUMENT'),
  'content-blocked': words(400, 'INVALID_ARGUMENT'),
  'request-too-large': words(400, 'INVALID_ARGUMENT'),
  'unsupported-encoding': words(415, 'INVALID_ARGUMENT'),
  'translation-refused': words(400, 'INVALID_ARGUMENT'),
  'client-unauthenticated': words(401, 'UNAUTHENTICATED'),
  'client-forbidden': words(403, 'PERMISSION_DENIED'),
  'model-unknown': words(404, 'NOT_FOUND'),
  'route-unknown': words(404, 'NOT_FOUND'),
  'method-not-allowed': words(405, 'UNIMPLEMENTED'),
  'upgrade-required': words(426, 'FAILED_PRECONDITION'),
  'rate-limited': words(429, 'RESOURCE_EXHAUSTED'),
  'quota-exhausted': words(429, 'RESOURCE_EXHAUSTED'),
  'credential-rejected': words(502, 'INTERNAL'),
  'permission-denied': words(403, 'PERMISSION_DENIED'),
  'upstream-model-unknown': words(404, 'NOT_FOUND'),
  'seal-rejected': words(400, 'INVALID_ARGUMENT'),
  overloaded: words(503, 'UNAVAILABLE'),
  'upstream-failed': words(500, 'INTERNAL'),
  'upstream-timeout': words(504, 'DEADLINE_EXCEEDED'),
  'upstream-unreachable': words(502, 'INTERNAL'),
  'upstream-malformed': words(502, 'INTERNAL'),
  'answer-unusable': words(502, 'INTERNAL'),
  'pool-cooling': words(429, 'RESOURCE_EXHAUSTED'),
  'no-account': words(503, 'UNAVAILABLE'),
  'service-stopped': words(503, 'UNAVAILABLE'),
  canceled: words(499, 'CANCELLED'),
  internal: words(500, 'INTERNAL'),
};

/** Encodes an error. What an upstream of this dialect said of the client's own fault is told in its words. */
export function encodeError(error: GatewayError): EncodedError {
  const { upstream } = error.detail;
  if (upstream?.dialect === 'gemini' && error.traits.blame === 'client') {
    return { status: upstream.status, body: upstream.body };
  }
  return { status: ERROR_WORDS[error.kind].code, body: writeErrorBody(error) };
}

/** The frame that ends a stream in an error; none after the answer's own end, which a client takes for the last word. */
export function encodeStreamError(error: GatewayError, watched?: Watched, client?: string): readonly SseFrame[] {
  if (watched?.ended === true) return [];
  const body = writeErrorBody(error);
  // this SDK takes an error for a chunk without text; it raises one over a chunk that is no JSON, and shows it
  if (client === 'generative-ai')
    return [{ data: `${body.error.code} ${body.error.status}: ${oneLine(body.error.message)}` }];
  return [{ data: JSON.stringify(body) }];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function writeErrorBody(error: GatewayError): WireError {
  const { code, status } = ERROR_WORDS[error.kind];
  const details = writeDetails(error, code);
  return { error: { code, message: writeMessage(error), status, ...(details.length === 0 ? {} : { details }) } };
}

/** Clients know a prompt that is too long by this dialect's own sentence. */
function writeMessage(error: GatewayError): string {
  if (error.kind !== 'context-too-long' || /input token count/i.test(error.message)) return error.message;
  const counts = (error.message.match(/\d[\d,_]*/g) ?? []).map((text) => Number(text.replace(/[,_]/g, '')));
  const [most = 0, next = 0] = counts.filter((count) => count >= 1000).sort((a, b) => b - a);
  const sentence = `The input token count (${most}) exceeds the maximum number of tokens allowed (${next}).`;
  return `${sentence} ${error.message}`;
}

/** Gemini CLI waits for what RetryInfo says, and takes a quota by day for the end of its work with the model. */
function writeDetails(error: GatewayError, code: number): readonly JsonObject[] {
  const details: JsonObject[] = [];
  const { retryAfterMs, param } = error.detail;
  if (error.kind === 'quota-exhausted') {
    details.push({
      '@type': DETAIL_TYPES.quotaFailure,
      violations: [{ quotaId: 'RequestsPerDay', description: error.message }],
    });
  }
  if (retryAfterMs !== undefined && (code === 429 || code === 503)) {
    details.push({ '@type': DETAIL_TYPES.retryInfo, retryDelay: `${retryAfterMs / 1000}s` });
  }
  if (param !== undefined) {
    details.push({ '@type': DETAIL_TYPES.badRequest, fieldViolations: [{ field: param, description: error.message }] });
  }
  return details;
}
