import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { checkClientKey, type KeyPolicy, sameSecret } from '../../../src/routes/client-key.ts';

const KEY = 'sk-0123456789';

/** Whether a request is let in; what is thrown otherwise must be the refusal that clients understand. */
function isLetIn(
  shown: { headers?: { [name: string]: string }; query?: string; method?: string },
  mode: KeyPolicy['mode'] = 'strict',
  isHealth = false,
): boolean {
  const url = new URL(`http://localhost/v1/models${shown.query ?? ''}`);
  const request = new Request(url, { method: shown.method ?? 'GET', headers: shown.headers ?? {} });
  try {
    checkClientKey(request, url, { mode, apiKey: KEY }, isHealth);
    return true;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).kind).toBe('client-unauthenticated');
    expect((thrown as GatewayError).message).not.toContain(KEY);
    return false;
  }
}

describe('the key', () => {
  test.each([
    { headers: { authorization: `Bearer ${KEY}` } },
    { headers: { authorization: `bearer  ${KEY}` } },
    { headers: { authorization: KEY } },
    { headers: { 'x-api-key': KEY } },
    { headers: { 'x-goog-api-key': KEY } },
    { headers: { 'api-key': KEY } },
    { query: `?key=${KEY}` },
    { headers: { authorization: 'Bearer placeholder', 'x-api-key': KEY } },
  ])('may be shown as %j', (shown) => {
    expect(isLetIn(shown)).toBe(true);
  });

  test.each([
    {},
    { headers: { authorization: '' } },
    { headers: { authorization: 'Bearer' } },
    { headers: { authorization: `Bearer ${KEY}x` } },
    { headers: { authorization: `Bearer ${KEY.slice(0, -1)}` } },
    { headers: { authorization: `Basic ${btoa(`user:${KEY}`)}` } },
    { headers: { 'x-api-key': KEY.toUpperCase() } },
    { headers: { cookie: `key=${KEY}` } },
    { query: '?key=' },
    { query: `?KEY=${KEY}` },
  ])('is not shown by %j', (shown) => {
    expect(isLetIn(shown)).toBe(false);
  });

  test('that is empty opens nothing', () => {
    const url = new URL('http://localhost/v1/models?key=');
    const request = new Request(url, { headers: { authorization: 'Bearer ' } });
    expect(() => checkClientKey(request, url, { mode: 'strict', apiKey: '' }, false)).toThrow('API key');
  });
});

describe('the key is asked for', () => {
  test.each<[KeyPolicy['mode'], boolean, boolean]>([
    ['off', false, false],
    ['off', true, false],
    ['strict', false, true],
    ['strict', true, true],
    ['all_except_health', false, true],
    ['all_except_health', true, false],
  ])('in the mode %s, for health %p: %p', (mode, isHealth, isAsked) => {
    expect(isLetIn({}, mode, isHealth)).toBe(!isAsked);
    expect(isLetIn({ headers: { 'x-api-key': KEY } }, mode, isHealth)).toBe(true);
  });
});

describe('the refusal', () => {
  const refusal = (headers: { [name: string]: string }) => {
    const url = new URL('http://localhost/');
    try {
      checkClientKey(new Request(url, { headers }), url, { mode: 'strict', apiKey: KEY }, false);
    } catch (thrown) {
      return (thrown as Error).message;
    }
    throw new Error('nothing was thrown');
  };

  test('says what is missing, and how to send it', () => {
    for (const word of ['No API key', 'Authorization: Bearer', 'x-api-key', 'x-goog-api-key', '?key=']) {
      expect(refusal({})).toContain(word);
    }
  });

  test('says when a key was wrong, without repeating it', () => {
    expect(refusal({ 'x-api-key': 'sk-somebody-elses' })).toStartWith('The API key is wrong.');
    expect(refusal({ 'x-api-key': 'sk-somebody-elses' })).not.toContain('somebody');
  });
});

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['a', 'aa', false],
  ['', '', true],
  ['é', 'é', true],
])('%p and %p are one secret: %p', (shown, expected, answer) => {
  expect(sameSecret(shown, expected)).toBe(answer);
});
