import { describe, expect, test } from 'bun:test';
import { ERROR_TRAITS, type ErrorKind, GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import {
  decodeError,
  encodeError,
  encodeStreamError,
  errorInAnswer,
} from '../../../../src/translate/anthropic-messages/errors.ts';

const failure = (status: number, body: unknown, headers: { readonly [name: string]: string } = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  now: 1_000_000,
});
const envelope = (type: string, message: string, details?: JsonObject): JsonObject => ({
  type: 'error',
  error: { type, message, ...(details === undefined ? {} : { details }) },
});

describe('decodeError', () => {
  test.each<[number, object | string, ErrorKind]>([
    [400, envelope('invalid_request_error', 'messages.0: bad'), 'invalid-request'],
    [422, { detail: 'bad' }, 'invalid-request'],
    [400, envelope('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'), 'context-too-long'],
    [413, envelope('request_too_large', 'Prompt is too long'), 'context-too-long'],
    [413, envelope('request_too_large', 'Request exceeds the maximum size'), 'request-too-large'],
    [400, envelope('invalid_request_error', 'Your credit balance is too low'), 'quota-exhausted'],
    [
      400,
      envelope('invalid_request_error', 'messages.1.content.0: Invalid `signature` in `thinking` block'),
      'seal-rejected',
    ],
    [
      400,
      envelope(
        'invalid_request_error',
        'messages.3.content.8: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
      ),
      'seal-rejected',
    ],
    [
      400,
      envelope(
        'invalid_request_error',
        'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`.',
      ),
      'seal-rejected',
    ],
    [400, envelope('invalid_request_error', 'Invalid `data` in `redacted_thinking` block'), 'seal-rejected'],
    [
      400,
      envelope('invalid_request_error', 'messages.1.content.0.thinking.signature: Field required'),
      'seal-rejected',
    ],
    [400, envelope('invalid_request_error', 'Output blocked by content filtering policy'), 'content-blocked'],
    [400, envelope('invalid_request_error', 'thinking.budget_tokens: must be at least 1024'), 'invalid-request'],
    [401, envelope('authentication_error', 'invalid x-api-key'), 'credential-rejected'],
    [402, envelope('billing_error', 'pay'), 'quota-exhausted'],
    [403, envelope('permission_error', 'no'), 'permission-denied'],
    [403, { error: { type: 'forbidden', message: 'Request not allowed' } }, 'permission-denied'],
    [400, envelope('invalid_request_error', 'x', { error_code: 'organization_on_hold' }), 'permission-denied'],
    [429, envelope('rate_limit_error', 'x', { error_code: 'enforced_spend_limit_reached' }), 'quota-exhausted'],
    [404, envelope('not_found_error', 'model: claude-sonet-4-5'), 'upstream-model-unknown'],
    [408, '', 'upstream-timeout'],
    [409, envelope('conflict_error', 'x'), 'upstream-failed'],
    [429, envelope('rate_limit_error', 'slow down'), 'rate-limited'],
    [500, envelope('api_error', 'Internal server error'), 'upstream-failed'],
    [503, '<html>busy</html>', 'overloaded'],
    [504, envelope('timeout_error', 'x'), 'upstream-timeout'],
    [520, '<html></html>', 'upstream-failed'],
    [529, envelope('overloaded_error', 'Overloaded'), 'overloaded'],
    [429, { error: { code: '1302', message: 'too many' } }, 'rate-limited'],
    [200, '', 'upstream-malformed'],
  ])('%d %j is %s', (status, body, kind) => {
    expect(decodeError(failure(status, body)).kind).toBe(kind);
  });

  test.each<[unknown, string]>([
    [envelope('api_error', 'words'), 'words'],
    [{ error: 'words' }, 'words'],
    [{ message: 'words' }, 'words'],
    [{ detail: 'words' }, 'words'],
    ['<html>', 'The upstream answered with status 500 and no reason.'],
  ])('reads the message of %j', (body, message) => {
    expect(decodeError(failure(500, body)).message).toBe(message);
  });

  test('keeps what the upstream said', () => {
    const body = envelope('invalid_request_error', 'bad');
    expect(decodeError(failure(400, body)).detail).toEqual({
      code: 'invalid_request_error',
      upstream: { dialect: 'anthropic-messages', status: 400, body },
    });
  });

  test('takes a spent window for a quota that returns when it opens', () => {
    const error = decodeError(
      failure(429, envelope('rate_limit_error', 'x'), {
        'retry-after': '60',
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-5h-status': 'rejected',
        'anthropic-ratelimit-unified-5h-reset': '4600',
      }),
    );
    expect(error.kind).toBe('quota-exhausted');
    expect(error.detail.retryAfterMs).toBe(3_600_000);
  });

  test('tells no time for errors that time does not heal', () => {
    const error = decodeError(failure(400, envelope('invalid_request_error', 'x'), { 'retry-after': '5' }));
    expect(error.detail.retryAfterMs).toBeUndefined();
  });
});

describe('encodeError', () => {
  test.each<[ErrorKind, number, string]>([
    ['invalid-request', 400, 'invalid_request_error'],
    ['content-blocked', 400, 'invalid_request_error'],
    ['request-too-large', 413, 'request_too_large'],
    ['client-unauthenticated', 401, 'authentication_error'],
    ['client-forbidden', 403, 'permission_error'],
    ['model-unknown', 404, 'not_found_error'],
    ['rate-limited', 429, 'rate_limit_error'],
    ['credential-rejected', 502, 'api_error'],
    ['overloaded', 529, 'overloaded_error'],
    ['upstream-failed', 500, 'api_error'],
    ['upstream-timeout', 504, 'timeout_error'],
    ['pool-cooling', 429, 'rate_limit_error'],
    ['no-account', 529, 'overloaded_error'],
  ])('%s is %d %s', (kind, status, type) => {
    expect(encodeError(new GatewayError(kind, 'words'), { requestId: 'req_1' })).toEqual({
      status,
      body: { type: 'error', error: { type, message: 'words' }, request_id: 'req_1' },
    });
  });

  test('has an answer to every kind', () => {
    for (const kind of Object.keys(ERROR_TRAITS) as ErrorKind[]) {
      expect(encodeError(new GatewayError(kind, 'x')).status).toBeGreaterThanOrEqual(400);
    }
  });

  test('tells a limit from a matter of paying', () => {
    expect(encodeError(new GatewayError('quota-exhausted', 'x')).status).toBe(402);
    expect(encodeError(new GatewayError('quota-exhausted', 'x', { retryAfterMs: 5000 })).status).toBe(429);
  });

  test.each([
    ['prompt is too long: 5 tokens > 4 maximum', 'prompt is too long: 5 tokens > 4 maximum'],
    [
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens (120000 in the messages).",
      'prompt is too long: 130000 tokens > 128000 maximum',
    ],
    [
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      'prompt is too long: 1200000 tokens > 1048576 maximum',
    ],
    [
      'Your input exceeds the context window of gpt-4-1106.',
      'prompt is too long: Your input exceeds the context window of gpt-4-1106.',
    ],
  ])('E5: says of %s what Claude Code understands', (message, expected) => {
    const { body } = encodeError(new GatewayError('context-too-long', message));
    expect(body).toMatchObject({ error: { message: expected } });
  });

  test('E8: names the field', () => {
    const named = (message: string) =>
      encodeError(new GatewayError('invalid-request', message, { param: 'messages[3].content' })).body;
    expect(named('must be text.')).toMatchObject({ error: { message: 'messages[3].content: must be text.' } });
    expect(named("'messages[3].content' must be text.")).toMatchObject({
      error: { message: "'messages[3].content' must be text." },
    });
  });

  test('U10: passes the own words of an upstream on when they concern the request', () => {
    const body = envelope('invalid_request_error', 'odd words');
    const upstream = { dialect: 'anthropic-messages', status: 422, body };
    expect(encodeError(new GatewayError('invalid-request', 'x', { upstream }))).toEqual({ status: 422, body });
    expect(encodeError(new GatewayError('seal-rejected', 'x', { upstream }))).toEqual({ status: 422, body });
    expect(encodeError(new GatewayError('credential-rejected', 'x', { upstream })).status).toBe(502);
    const foreign = { ...upstream, dialect: 'gemini' };
    expect(encodeError(new GatewayError('invalid-request', 'x', { upstream: foreign })).status).toBe(400);
  });
});

test('S25: an error ends a stream once', () => {
  const error = new GatewayError('overloaded', 'busy');
  const data = '{"type":"error","error":{"type":"overloaded_error","message":"busy"}}';
  expect(encodeStreamError(error)).toEqual([{ event: 'error', data }]);
  expect(encodeStreamError(error, { contentSeen: true, ended: false })).toHaveLength(1);
  expect(encodeStreamError(error, { contentSeen: true, ended: true })).toEqual([]);
});

test('errorInAnswer finds none in a message', () => {
  expect(errorInAnswer({ type: 'message', content: [] })).toBeUndefined();
  expect(errorInAnswer({ type: 'error', error: null })?.kind).toBe('upstream-failed');
});
