import type { ErrorKind, GatewayError } from '../../base/gateway-error.ts';
import { mintId } from '../../base/id.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { EncodedError, Watched } from '../dialect.ts';
import type { SseFrame } from '../stream/sse.ts';
import { DIALECT, type WireError } from './wire.ts';

interface ErrorRow {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  /**
   * The code of a response that fails on the way. Codex repeats a turn that failed with `server_error`, waits as long as the text
   * of a `rate_limit_exceeded` says, and gives up on the others, so a fault that may pass is a `server_error`.
   */
  readonly streamCode: string;
}

const row = (status: number, type: string, code: string | null, streamCode: string): ErrorRow => ({
  status,
  type,
  code,
  streamCode,
});

const REQUEST = 'invalid_request_error';

/** One row for each kind: https://platform.openai.com/docs/guides/error-codes/api-errors */
const ROWS: Readonly<Record<ErrorKind, ErrorRow>> = {
  'invalid-request': row(400, REQUEST, null, 'invalid_prompt'),
  'context-too-long': row(400, REQUEST, 'context_length_exceeded', 'context_length_exceeded'),
  'content-blocked': row(400, REQUEST, 'content_policy_violation', 'invalid_prompt'),
  'request-too-large': row(413, REQUEST, 'request_too_large', 'invalid_prompt'),
  'unsupported-encoding': row(415, REQUEST, 'unsupported_encoding', 'invalid_prompt'),
  'translation-refused': row(400, REQUEST, 'unsupported_parameter', 'invalid_prompt'),
  'client-unauthenticated': row(401, REQUEST, 'invalid_api_key', 'invalid_prompt'),
  'client-forbidden': row(403, 'permission_error', null, 'invalid_prompt'),
  'model-unknown': row(404, REQUEST, 'model_not_found', 'invalid_prompt'),
  'route-unknown': row(404, REQUEST, 'unknown_url', 'invalid_prompt'),
  'method-not-allowed': row(405, REQUEST, 'method_not_allowed', 'invalid_prompt'),
  'upgrade-required': row(426, REQUEST, 'upgrade_required', 'invalid_prompt'),
  'rate-limited': row(429, 'rate_limit_error', 'rate_limit_exceeded', 'rate_limit_exceeded'),
  'quota-exhausted': row(429, 'insufficient_quota', 'insufficient_quota', 'insufficient_quota'),
  'credential-rejected': row(502, 'server_error', 'upstream_auth', 'server_error'),
  'permission-denied': row(403, 'permission_error', null, 'server_error'),
  'upstream-model-unknown': row(404, REQUEST, 'model_not_found', 'invalid_prompt'),
  'seal-rejected': row(400, REQUEST, 'invalid_encrypted_content', 'server_error'),
  overloaded: row(503, 'server_error', 'server_is_overloaded', 'server_error'),
  'upstream-failed': row(502, 'server_error', null, 'server_error'),
  'upstream-timeout': row(504, 'server_error', 'timeout', 'server_error'),
  'upstream-unreachable': row(502, 'server_error', 'upstream_unreachable', 'server_error'),
  'upstream-malformed': row(502, 'server_error', 'upstream_malformed', 'server_error'),
  'pool-cooling': row(429, 'rate_limit_error', 'rate_limit_exceeded', 'server_is_overloaded'),
  'no-account': row(503, 'server_error', 'no_account', 'server_is_overloaded'),
  'service-stopped': row(503, 'server_error', 'service_stopped', 'server_is_overloaded'),
  canceled: row(499, 'server_error', 'canceled', 'server_error'),
  internal: row(500, 'server_error', null, 'server_error'),
};

/** Kinds of which the upstream's own code says more than ours. */
const OWN_CODE: ReadonlySet<ErrorKind> = new Set(['invalid-request', 'content-blocked', 'translation-refused']);

/** Encodes an error that comes before any answer. What an upstream of the same shape said to the client stays as it was. */
export function encodeError(error: GatewayError): EncodedError {
  const { upstream } = error.detail;
  const speaksAlike = upstream?.dialect === DIALECT || upstream?.dialect === 'openai-chat';
  if (upstream !== undefined && speaksAlike && error.traits.blame === 'client' && isObject(upstream.body.error)) {
    return { status: upstream.status, body: upstream.body };
  }
  return { status: ROWS[error.kind].status, body: { error: describeError(error) } };
}

/** The error object of a body or of an `error` event. */
export function describeError(error: GatewayError): WireError {
  const { type, code } = rowOf(error);
  const ownCode = OWN_CODE.has(error.kind) ? error.detail.code : undefined;
  return { message: messageOf(error), type, param: error.detail.param ?? null, code: ownCode ?? code };
}

/** The error inside a response object that failed on the way. */
export function streamErrorOf(error: GatewayError): { code: string; message: string } {
  const { streamCode } = rowOf(error);
  // waiting is better advice than giving up, where a time is known
  const waits = streamCode === 'server_is_overloaded' && error.detail.retryAfterMs !== undefined;
  return { code: waits ? 'rate_limit_exceeded' : streamCode, message: messageOf(error) };
}

// a spent window opens again; a spent balance does not
function rowOf(error: GatewayError): ErrorRow {
  const opensAgain = error.kind === 'quota-exhausted' && error.detail.retryAfterMs !== undefined;
  return ROWS[opensAgain && error.detail.code !== 'insufficient_quota' ? 'rate-limited' : error.kind];
}

const TELLS_WAIT: ReadonlySet<ErrorKind> = new Set(['rate-limited', 'quota-exhausted', 'pool-cooling']);

function messageOf(error: GatewayError): string {
  const { retryAfterMs } = error.detail;
  if (retryAfterMs === undefined || !TELLS_WAIT.has(error.kind) || /try again in \d/i.test(error.message)) {
    return error.message;
  }
  return `${error.message.replace(/\.?\s*$/, '.')} Please try again in ${Math.ceil(retryAfterMs / 1000)}s.`;
}

/** The frames that end a passed-through stream in an error. */
export function encodeStreamError(error: GatewayError, watched?: Watched): readonly SseFrame[] {
  const next = watched?.sequenceNumber === undefined ? 0 : watched.sequenceNumber + 1;
  const response: JsonObject = {
    ...(watched?.opening ?? bareResponse(error, watched?.model)),
    status: 'failed',
    error: streamErrorOf(error),
  };
  return [
    frame('error', { sequence_number: next, error: describeError(error) }),
    frame('response.failed', { sequence_number: next + 1, response }),
  ];
}

function frame(event: string, members: JsonObject): SseFrame {
  return { event, data: JSON.stringify({ type: event, ...members }) };
}

// the stream broke before its first event, so there is no response to repeat
function bareResponse(error: GatewayError, model: string | undefined): JsonObject {
  return {
    id: mintId('resp_', error.message, 48),
    object: 'response',
    created_at: 0,
    model: model ?? '',
    incomplete_details: null,
    instructions: null,
    metadata: {},
    output: [],
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    usage: null,
  };
}
