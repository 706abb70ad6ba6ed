import { describe, expect, test } from 'bun:test';
import { addressOf, readSendFault, unreachable } from '../../../src/upstream/send-fault.ts';

const thrown = (code: string) => Object.assign(new TypeError('words that change'), { code });

describe('readSendFault', () => {
  test.each([
    ['ECONNREFUSED', false, 'the connection was refused'],
    ['ENOTFOUND', false, 'its name cannot be resolved'],
    ['ECONNRESET', true, 'the connection was closed before an answer came'],
    ['EPIPE', true, 'the connection was closed before an answer came'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'its TLS certificate is not trusted'],
    ['CERT_HAS_EXPIRED', false, 'its TLS certificate is not trusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'its TLS certificate is not trusted'],
    ['Malformed_HTTP_Response', false, 'its answer is not HTTP'],
    ['ERR_INVALID_URL', false, 'the URL of the upstream or the proxy is not valid'],
    ['SOMETHING_NEW', false, 'the connection failed'],
  ])('%s', (code, reset, reason) => {
    expect(readSendFault(thrown(code))).toEqual({ code, reset, reason });
  });

  test('the code may be in the cause, or nowhere', () => {
    expect(readSendFault(new Error('x', { cause: thrown('ECONNRESET') })).reset).toBe(true);
    expect(readSendFault('text')).toEqual({ code: undefined, reset: false, reason: 'the connection failed' });
    expect(readSendFault(undefined).code).toBeUndefined();
  });
});

test('addressOf names the port that a URL leaves out', () => {
  expect(addressOf('https://api.example/v1?key=secret')).toBe('api.example:443');
  expect(addressOf('http://api.example/v1')).toBe('api.example:80');
  expect(addressOf('http://user:secret@[::1]:8000/')).toBe('[::1]:8000');
  expect(addressOf('nonsense')).toBe('The upstream');
});

test('unreachable says who, by which way and why', () => {
  const error = unreachable(thrown('ECONNREFUSED'), 'https://api.example/v1?key=secret', 'http://u:secret@proxy:3128');
  expect(error.message).toBe(
    'api.example:443 cannot be reached through the proxy proxy:3128: the connection was refused (ECONNREFUSED).',
  );
  expect(error.kind).toBe('upstream-unreachable');
});
