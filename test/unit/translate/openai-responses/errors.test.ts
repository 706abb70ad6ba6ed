import { describe, expect, test } from 'bun:test';
import { ERROR_TRAITS, type ErrorDetail, type ErrorKind, GatewayError } from '../../../../src/base/gateway-error.ts';
import { encodeError, encodeStreamError, streamErrorOf } from '../../../../src/translate/openai-responses/errors.ts';
import type { Wire } from './samples.ts';

const error = (kind: ErrorKind, detail: ErrorDetail = {}) => new GatewayError(kind, 'What happened.', detail);

describe('before an answer', () => {
  const cases: [ErrorKind, ErrorDetail, number, string, string | null][] = [
    ['invalid-request', { param: 'input[0]' }, 400, 'invalid_request_error', null],
    ['context-too-long', {}, 400, 'invalid_request_error', 'context_length_exceeded'],
    ['client-unauthenticated', {}, 401, 'invalid_request_error', 'invalid_api_key'],
    ['model-unknown', {}, 404, 'invalid_request_error', 'model_not_found'],
    ['credential-rejected', {}, 502, 'server_error', 'upstream_auth'],
    ['overloaded', {}, 503, 'server_error', 'server_is_overloaded'],
    ['quota-exhausted', {}, 429, 'insufficient_quota', 'insufficient_quota'],
    ['quota-exhausted', { retryAfterMs: 5000 }, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['pool-cooling', { retryAfterMs: 5000 }, 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['upgrade-required', {}, 426, 'invalid_request_error', 'upgrade_required'],
  ];
  test.each(cases)('%s with %j', (kind, detail, status, type, code) => {
    const encoded = encodeError(error(kind, detail));
    expect(encoded.status).toBe(status);
    expect(encoded.body.error).toMatchObject({ type, code, param: detail.param ?? null });
  });
});

test('a limit says how long to wait', () => {
  const { body } = encodeError(error('rate-limited', { retryAfterMs: 6000 }));
  expect((body.error as Wire).message).toMatch(/try again in 6s/);
});

describe('what an upstream said to the client', () => {
  const body = { error: { message: 'as it was', type: 'x', param: 'y', code: 'z', extra: 1 } };
  test.each(['openai-responses', 'openai-chat'])('U10: passes unchanged from %s', (dialect) => {
    const upstream = { dialect, status: 422, body };
    expect(encodeError(error('invalid-request', { upstream }))).toEqual({ status: 422, body });
  });
  test('does not pass when it is no fault of the client', () => {
    const upstream = { dialect: 'openai-responses', status: 401, body };
    expect(encodeError(error('credential-rejected', { upstream })).status).toBe(502);
  });
  test('does not pass in a form that clients cannot read', () => {
    const upstream = { dialect: 'openai-responses', status: 400, body: { code: 'x', error: 'flat' } };
    const encoded = encodeError(error('invalid-request', { upstream }));
    expect(encoded.body.error).toMatchObject({ message: 'What happened.' });
  });
  test('does not pass from another dialect', () => {
    const upstream = { dialect: 'anthropic-messages', status: 400, body };
    expect(encodeError(error('invalid-request', { upstream })).body).not.toEqual(body);
  });
});

describe('inside a response that fails on the way (test case 57)', () => {
  const cases: [ErrorKind, ErrorDetail, string][] = [
    ['overloaded', {}, 'server_error'],
    ['upstream-malformed', {}, 'server_error'],
    ['rate-limited', { retryAfterMs: 1500 }, 'rate_limit_exceeded'],
    ['context-too-long', {}, 'context_length_exceeded'],
    ['content-blocked', {}, 'invalid_prompt'],
    ['quota-exhausted', {}, 'insufficient_quota'],
    ['quota-exhausted', { retryAfterMs: 5000 }, 'rate_limit_exceeded'],
    ['pool-cooling', {}, 'server_is_overloaded'],
    ['pool-cooling', { retryAfterMs: 5000 }, 'rate_limit_exceeded'],
    ['no-account', {}, 'server_is_overloaded'],
  ];
  test.each(cases)('%s with %j is %s', (kind, detail, code) => {
    expect(streamErrorOf(error(kind, detail)).code).toBe(code);
  });
  test('every kind has its code', () => {
    for (const kind of Object.keys(ERROR_TRAITS) as ErrorKind[]) {
      expect(streamErrorOf(error(kind)).code).toMatch(/^[a-z_]+$/);
    }
  });
});

describe('S25: at the end of a passed-through stream', () => {
  const read = (...frames: readonly { data: string }[]) => frames.map((frame) => JSON.parse(frame.data) as Wire);
  test('goes on counting and repeats the response that was begun', () => {
    const opening = { id: 'resp_1', model: 'm', status: 'in_progress', output: [], tools: [{ type: 'web_search' }] };
    const watched = { contentSeen: true, ended: false, sequenceNumber: 7, opening };
    const frames = encodeStreamError(error('upstream-unreachable'), watched);
    expect(frames.map((frame) => frame.event)).toEqual(['error', 'response.failed']);
    const [first, second] = read(...frames);
    expect(first).toMatchObject({ type: 'error', sequence_number: 8, error: { type: 'server_error' } });
    expect(second).toEqual({
      type: 'response.failed',
      sequence_number: 9,
      response: { ...opening, status: 'failed', error: { code: 'server_error', message: 'What happened.' } },
    });
  });
  test('begins to count when nothing was seen', () => {
    const [first, second] = read(...encodeStreamError(error('overloaded')));
    expect([first?.sequence_number, second?.sequence_number]).toEqual([0, 1]);
    expect(second?.response).toMatchObject({ object: 'response', status: 'failed', output: [] });
    expect(second?.response.id).toMatch(/^resp_/);
  });
});
