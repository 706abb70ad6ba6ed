import { describe, expect, test } from 'bun:test';
import { ERROR_TRAITS, type ErrorDetail, type ErrorKind, GatewayError } from '../../../src/base/gateway-error.ts';
import { encodeOpenaiError } from '../../../src/translate/openai-error-body.ts';

const encode = (kind: ErrorKind, message = 'm', detail: ErrorDetail = {}) =>
  encodeOpenaiError(new GatewayError(kind, message, detail), ['openai-chat']);

describe('status, type and code', () => {
  const cases: readonly (readonly [ErrorKind, number, string, string | null])[] = [
    ['invalid-request', 400, 'invalid_request_error', null],
    ['context-too-long', 400, 'invalid_request_error', 'context_length_exceeded'],
    ['request-too-large', 413, 'invalid_request_error', 'request_too_large'],
    ['client-unauthenticated', 401, 'invalid_request_error', 'invalid_api_key'],
    ['model-unknown', 404, 'invalid_request_error', 'model_not_found'],
    ['rate-limited', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['quota-exhausted', 429, 'insufficient_quota', 'insufficient_quota'],
    ['credential-rejected', 502, 'server_error', 'upstream_auth'],
    ['permission-denied', 403, 'permission_error', null],
    ['overloaded', 503, 'server_error', 'server_is_overloaded'],
    ['upstream-timeout', 504, 'server_error', 'timeout'],
    ['upstream-malformed', 502, 'server_error', 'upstream_malformed'],
    ['pool-cooling', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['no-account', 503, 'server_error', 'no_account'],
  ];
  for (const [kind, status, type, code] of cases) {
    test(kind, () =>
      expect(encode(kind)).toEqual({ status, body: { error: { message: 'm', type, param: null, code } } }),
    );
  }

  test('of every kind make an SDK retry what may be retried', () => {
    for (const kind of Object.keys(ERROR_TRAITS) as ErrorKind[]) {
      const isRetried = [408, 409, 429].includes(encode(kind).status) || encode(kind).status >= 500;
      if (ERROR_TRAITS[kind].blame === 'client') expect([kind, isRetried]).toEqual([kind, false]);
    }
  });
});

test('the field is named', () => {
  expect(encode('invalid-request', 'm', { param: 'messages[0]' }).body).toMatchObject({
    error: { param: 'messages[0]' },
  });
});

describe('the waiting time', () => {
  const messageOf = (kind: ErrorKind, message: string, retryAfterMs: number) =>
    (encode(kind, message, { retryAfterMs }).body.error as { message: string }).message;
  test('ends the message', () => {
    expect(messageOf('rate-limited', 'Too many.', 34_400)).toBe('Too many. Please try again in 34.4s');
    expect(messageOf('pool-cooling', 'Too many.', 1000)).toBe('Too many. Please try again in 1s');
  });
  test('is not said twice', () => {
    expect(messageOf('rate-limited', 'Try again in 5s.', 5000)).toBe('Try again in 5s.');
  });
  test('is not said where waiting is of no use', () => expect(messageOf('overloaded', 'Busy.', 5000)).toBe('Busy.'));
  test('makes a quota a limit', () => {
    expect(encode('quota-exhausted', 'm', { retryAfterMs: 5000 }).body).toMatchObject({
      error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    });
  });
});

describe('what the upstream said', () => {
  const body = { error: { message: 'own words', code: 'x' } };
  const upstream = (dialect: string, status = 422) => ({ upstream: { dialect, status, body }, code: 'x' });
  test('is shown unchanged within a dialect', () =>
    expect(encode('invalid-request', 'm', upstream('openai-chat'))).toEqual({ status: 422, body }));
  test('keeps its code within the vendor', () =>
    expect(encode('content-blocked', 'm', upstream('openai-responses')).body).toMatchObject({ error: { code: 'x' } }));
  test('is translated between vendors', () =>
    expect(encode('content-blocked', 'm', upstream('gemini')).body).toMatchObject({
      error: { code: 'content_filter' },
    }));
  test('is not shown when it is not the client’s fault', () =>
    expect(encode('upstream-failed', 'm', upstream('openai-chat')).status).toBe(502));
  test('with a status that says all is fine gets its own', () =>
    expect(encode('content-blocked', 'm', upstream('openai-chat', 200)).status).toBe(400));
});

test('U10: a refused seal, and an answer that was no use twice, are told in the upstream’s own words', () => {
  const body = { error: { message: 'Failed to call a function.', code: 'tool_use_failed', failed_generation: '<f' } };
  const upstream = { dialect: 'openai-chat', status: 400, body };
  expect(encode('answer-unusable', 'm', { upstream })).toEqual({ status: 400, body });
  expect(encode('seal-rejected', 'm', { upstream })).toEqual({ status: 400, body });
  expect(encode('overloaded', 'm', { upstream }).status).toBe(503);
  expect(encode('answer-unusable', 'm', { upstream: { ...upstream, dialect: 'gemini' } }).status).toBe(502);
});
