import { describe, expect, test } from 'bun:test';
import type { ErrorKind } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeError, errorOfBody } from '../../../../src/translate/openai-responses/decode-error.ts';

const NOW = 1_700_000_000_000;
const decode = (status: number, body: JsonObject | string, headers: { [name: string]: string } = {}) =>
  decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), now: NOW });
const said = (message: string, code: string | null = null, type = 'invalid_request_error'): JsonObject => ({
  error: { message, type, param: null, code },
});

describe('kinds', () => {
  const cases: [number, JsonObject | string, ErrorKind][] = [
    [400, said('Unknown parameter.', 'unknown_parameter'), 'invalid-request'],
    [422, said('x'), 'invalid-request'],
    [400, said('x', 'context_length_exceeded'), 'context-too-long'],
    [400, said('Your input exceeds the context window of this model.'), 'context-too-long'],
    [400, said("This model's maximum context length is 8192 tokens."), 'context-too-long'],
    [400, said('x', 'content_policy_violation'), 'content-blocked'],
    [400, said('x', 'invalid_prompt'), 'content-blocked'],
    [400, said('x', 'invalid_encrypted_content'), 'seal-rejected'],
    [400, said('The encrypted content gAAA could not be verified.'), 'seal-rejected'],
    [400, said("Item 'rs_1' of type 'reasoning' was provided without its required following item."), 'seal-rejected'],
    [
      404,
      said("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false."),
      'seal-rejected',
    ],
    [400, said('x', 'model_not_found'), 'upstream-model-unknown'],
    [400, said('x', 'previous_response_not_found'), 'invalid-request'],
    [401, said('Incorrect API key provided.', 'invalid_api_key'), 'credential-rejected'],
    [402, said('Insufficient balance'), 'quota-exhausted'],
    [403, said('x', 'unsupported_country_region_territory', 'request_forbidden'), 'permission-denied'],
    [404, said('x'), 'upstream-model-unknown'],
    [408, '', 'upstream-timeout'],
    [413, '', 'request-too-large'],
    [429, said('x', 'rate_limit_exceeded', 'tokens'), 'rate-limited'],
    [429, said('x', 'insufficient_quota', 'insufficient_quota'), 'quota-exhausted'],
    [429, said('Limit reached on requests per day (RPD)', 'rate_limit_exceeded'), 'quota-exhausted'],
    [429, { error: { type: 'usage_limit_reached', message: 'x' } }, 'quota-exhausted'],
    [500, said('The server had an error', null, 'server_error'), 'upstream-failed'],
    [500, said('The server lost the context window of this.', null, 'server_error'), 'upstream-failed'],
    [502, '<html>Bad gateway</html>', 'upstream-failed'],
    [503, said('The engine is overloaded', null, 'server_error'), 'overloaded'],
    [503, said('x', 'server_is_overloaded'), 'overloaded'],
    [504, '', 'upstream-timeout'],
    [529, '', 'overloaded'],
    [400, { code: 'invalid-argument', error: 'Incorrect API key provided.' }, 'credential-rejected'],
    [422, { detail: [{ loc: ['body'], msg: 'bad' }] }, 'invalid-request'],
  ];
  test.each(cases)('%i %j', (status, body, kind) => {
    expect(decode(status, body).kind).toBe(kind);
  });
});

describe('words', () => {
  const cases: [JsonObject | string, string][] = [
    [said('as they were'), 'as they were'],
    [{ code: 'x', error: 'flat' }, 'flat'],
    [{ message: 'bare' }, 'bare'],
    [{ detail: 'of a detail' }, 'of a detail'],
    [{ detail: [{ msg: 'bad' }] }, '[{"msg":"bad"}]'],
    ['<html>', 'The upstream answered with status 400 and no message.'],
  ];
  test.each(cases)('%j', (body, message) => {
    expect(decode(400, body).message).toBe(message);
  });
  test('field, code and body are kept', () => {
    const body = { error: { message: 'm', type: 't', param: 'input', code: 'c' } };
    expect(decode(400, body).detail).toEqual({
      param: 'input',
      code: 'c',
      upstream: { dialect: 'openai-responses', status: 400, body },
    });
  });
});

describe('waiting times', () => {
  const cases: [JsonObject, { [name: string]: string }, number | undefined][] = [
    [said('x'), { 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [said('x'), { 'retry-after': '9' }, 9000],
    [said('Please try again in 1m2.5s.'), {}, 62_500],
    [said('x'), { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
    [{ error: { type: 'usage_limit_reached', message: 'x', resets_at: NOW / 1000 + 60 } }, {}, 60_000],
    [said('x'), {}, undefined],
  ];
  test.each(cases)('%j %j', (body, headers, ms) => {
    expect(decode(429, body, headers).detail.retryAfterMs).toBe(ms as number);
  });
  test('are not read where waiting does not help', () => {
    expect(decode(400, said('x'), { 'retry-after': '9' }).detail.retryAfterMs).toBeUndefined();
  });
});

describe('an error without a status', () => {
  const cases: [JsonObject, ErrorKind, number][] = [
    [{ error: { code: 'server_error', message: 'x' } }, 'upstream-failed', 502],
    [{ error: { code: 'rate_limit_exceeded', message: 'x' } }, 'rate-limited', 429],
    [{ error: { code: 'image_too_large', message: 'x' } }, 'invalid-request', 400],
    [{ error: { code: 'invalid_image', message: 'x' } }, 'invalid-request', 400],
    [{ error: { type: 'invalid_request_error', message: 'x' } }, 'invalid-request', 400],
    [{ error: { code: 'vector_store_timeout', message: 'x' } }, 'upstream-timeout', 504],
    [{ type: 'error', code: 'server_is_overloaded', message: 'x' }, 'overloaded', 503],
    [{ status: 'failed', error: null }, 'upstream-failed', 502],
  ];
  test.each(cases)('%j', (body, kind, status) => {
    const error = errorOfBody(body);
    expect(error.kind).toBe(kind);
    expect(error.detail.upstream?.status).toBe(status);
    expect(error.detail.upstream?.body).toMatchObject({ error: { message: error.message } });
  });
});
