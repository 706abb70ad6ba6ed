import type { ErrorKind, GatewayError } from '../../base/gateway-error.ts';
import { mintId } from '../../base/id.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { EncodedError, Watched } from '../dialect.ts';
import type { DialectId } from '../dialect-id.ts';
import { encodeOpenaiError } from '../openai-error-body.ts';
import type { SseFrame } from '../stream/sse.ts';
import { DIALECT } from './wire.ts';

/** Dialects whose upstreams write errors as clients of this one read them. */
const SAME: readonly DialectId[] = [DIALECT, 'openai-chat'];

/** Encodes an error that comes before any answer. What an upstream said of the client's own mistake stays as it was. */
export function encodeError(error: GatewayError): EncodedError {
  // some servers of the dialect write errors in a form of their own
  const isReadable = isObject(error.detail.upstream?.body.error);
  return encodeOpenaiError(error, isReadable ? SAME : []);
}

/** The error object of an `error` event. */
export function describeError(error: GatewayError): Json {
  return encodeOpenaiError(error, []).body.error!;
}

/**
 * The codes of a response that fails on the way. Codex repeats a turn that failed with `server_error`, waits as long as the
 * text of a `rate_limit_exceeded` says, and gives up on the others, so a fault that may pass is a `server_error`.
 */
const STREAM_CODES: Readonly<Record<ErrorKind, string>> = {
  'invalid-request': 'invalid_prompt',
  'context-too-long': 'context_length_exceeded',
  'content-blocked': 'invalid_prompt',
  'request-too-large': 'invalid_prompt',
  'unsupported-encoding': 'invalid_prompt',
  'translation-refused': 'invalid_prompt',
  'client-unauthenticated': 'invalid_prompt',
  'client-forbidden': 'invalid_prompt',
  'model-unknown': 'invalid_prompt',
  'route-unknown': 'invalid_prompt',
  'method-not-allowed': 'invalid_prompt',
  'upgrade-required': 'invalid_prompt',
  'rate-limited': 'rate_limit_exceeded',
  'quota-exhausted': 'insufficient_quota',
  'credential-rejected': 'server_error',
  'permission-denied': 'server_error',
  'upstream-model-unknown': 'invalid_prompt',
  'seal-rejected': 'server_error',
  overloaded: 'server_error',
  'upstream-failed': 'server_error',
  'upstream-timeout': 'server_error',
  'upstream-unreachable': 'server_error',
  'upstream-malformed': 'server_error',
  'answer-unusable': 'server_error',
  'pool-cooling': 'server_is_overloaded',
  'no-account': 'server_is_overloaded',
  'service-stopped': 'server_is_overloaded',
  canceled: 'server_error',
  internal: 'server_error',
};

/** Kinds for which waiting is better advice than giving up, where a time is known. */
const WAITABLE: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['quota-exhausted', 'pool-cooling']);

/** The error inside a response object that failed on the way. */
export function streamErrorOf(error: GatewayError): { code: string; message: string } {
  const described = describeError(error);
  const message = isObject(described) ? String(described.message) : error.message;
  const waits = WAITABLE.has(error.kind) && error.detail.retryAfterMs !== undefined;
  return { code: waits ? 'rate_limit_exceeded' : STREAM_CODES[error.kind], message };
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
