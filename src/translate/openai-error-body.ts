import type { ErrorKind, GatewayError } from '../base/gateway-error.ts';
import type { EncodedError } from './dialect.ts';
import type { DialectId } from './dialect-id.ts';

/** How one kind of error looks to a client. https://platform.openai.com/docs/guides/error-codes */
interface ErrorLook {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
}

const look = (status: number, type: string, code: string | null = null): ErrorLook => ({ status, type, code });

const LOOKS: Record<ErrorKind, ErrorLook> = {
  'invalid-request': look(400, 'invalid_request_error'),
  'context-too-long': look(400, 'invalid_request_error', 'context_length_exceeded'),
  'content-blocked': look(400, 'invalid_request_error', 'content_filter'),
  'request-too-large': look(413, 'invalid_request_error', 'request_too_large'),
  'unsupported-encoding': look(415, 'invalid_request_error', 'unsupported_encoding'),
  'translation-refused': look(400, 'invalid_request_error', 'unsupported_value'),
  'client-unauthenticated': look(401, 'invalid_request_error', 'invalid_api_key'),
  'client-forbidden': look(403, 'permission_error'),
  'model-unknown': look(404, 'invalid_request_error', 'model_not_found'),
  'route-unknown': look(404, 'invalid_request_error', 'unknown_url'),
  'method-not-allowed': look(405, 'invalid_request_error', 'method_not_allowed'),
  'upgrade-required': look(426, 'invalid_request_error', 'upgrade_required'),
  'rate-limited': look(429, 'rate_limit_error', 'rate_limit_exceeded'),
  'quota-exhausted': look(429, 'insufficient_quota', 'insufficient_quota'),
  'credential-rejected': look(502, 'server_error', 'upstream_auth'),
  'permission-denied': look(403, 'permission_error'),
  'upstream-model-unknown': look(404, 'invalid_request_error', 'model_not_found'),
  'seal-rejected': look(400, 'invalid_request_error'),
  overloaded: look(503, 'server_error', 'server_is_overloaded'),
  'upstream-failed': look(502, 'server_error'),
  'upstream-timeout': look(504, 'server_error', 'timeout'),
  'upstream-unreachable': look(502, 'server_error', 'upstream_unreachable'),
  'upstream-malformed': look(502, 'server_error', 'upstream_malformed'),
  'answer-unusable': look(502, 'server_error', 'upstream_malformed'),
  'pool-cooling': look(429, 'rate_limit_error', 'rate_limit_exceeded'),
  'no-account': look(503, 'server_error', 'no_account'),
  'service-stopped': look(503, 'server_error', 'service_stopped'),
  canceled: look(499, 'invalid_request_error', 'canceled'),
  internal: look(500, 'server_error'),
};

/** Kinds whose message ends in the time after which another try can succeed: clients wait exactly that long. */
const WAITABLE: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['rate-limited', 'quota-exhausted', 'pool-cooling']);

/**
 * Encodes an error in the form that the chat and completions APIs share. What an upstream of a dialect in `same` said of the
 * client's own mistake goes through unchanged, since clients act on its exact words.
 */
export function encodeOpenaiError(error: GatewayError, same: readonly DialectId[]): EncodedError {
  const { upstream } = error.detail;
  const blamesClient = error.traits.blame === 'client';
  // what nobody is to blame for was tried again, and is now for the client to hear
  const isTold = blamesClient || error.traits.blame === 'nobody';
  if (upstream !== undefined && isTold && (same as readonly string[]).includes(upstream.dialect)) {
    return { status: upstream.status >= 400 ? upstream.status : error.traits.status, body: upstream.body };
  }
  const shown = lookOf(error);
  // a code of our own, or one that an upstream of these dialects gave
  const isKnown = upstream === undefined || upstream.dialect.startsWith('openai');
  const code = (blamesClient && isKnown ? error.detail.code : undefined) ?? shown.code;
  return {
    status: shown.status,
    body: { error: { message: messageOf(error), type: shown.type, param: error.detail.param ?? null, code } },
  };
}

function lookOf(error: GatewayError): ErrorLook {
  // a quota that returns by itself is a limit; one that does not is a matter of paying
  const returns = error.kind === 'quota-exhausted' && error.detail.retryAfterMs !== undefined;
  return LOOKS[returns ? 'rate-limited' : error.kind];
}

function messageOf(error: GatewayError): string {
  const { retryAfterMs } = error.detail;
  if (retryAfterMs === undefined || !WAITABLE.has(error.kind)) return error.message;
  if (/try again in \d/i.test(error.message)) return error.message;
  return `${error.message} Please try again in ${Math.ceil(retryAfterMs) / 1000}s`;
}
