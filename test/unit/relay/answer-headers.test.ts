import { describe, expect, test } from 'bun:test';
import { type ErrorDetail, type ErrorKind, GatewayError } from '../../../src/base/gateway-error.ts';
import { answerHeaders, errorHeaders } from '../../../src/relay/answer-headers.ts';
import type { ExchangeDraft } from '../../../src/relay/exchange-draft.ts';
import { dropped } from '../../../src/translate/loss.ts';

function headersOf(attempts: readonly { account: string; model: string }[], lost: readonly string[] = []) {
  const losses = lost.map((field) => dropped(field, 'why'));
  return answerHeaders('id1', { attempts, losses } as unknown as ExchangeDraft);
}

describe('the headers of every answer', () => {
  test('name the request even when nobody was asked', () => {
    expect(headersOf([])).toEqual({ 'x-trivium-request-id': 'id1', 'x-trivium-attempts': '0' });
  });

  test('name the account that was asked last', () => {
    const attempts = [
      { account: 'acc_1', model: 'm1' },
      { account: 'acc_2', model: 'm2' },
    ];
    expect(headersOf(attempts)).toMatchObject({
      'x-trivium-attempts': '2',
      'x-trivium-account': 'acc_2',
      'x-trivium-model': 'm2',
    });
  });

  test('name each loss once', () => {
    expect(headersOf([], ['seed', 'tool=web_search', 'seed'])['x-trivium-warnings']).toBe('seed, tool=web_search');
  });

  test('can be sent whatever models and fields are called', () => {
    const headers = headersOf([{ account: 'acc_1', model: 'モデル\r\nx-evil: 1' }], ['größe\n', 'a, b']);
    for (const value of Object.values(headers)) expect(value).toMatch(/^[ -~]*$/);
    expect(() => new Headers(headers)).not.toThrow();
    expect(headers['x-trivium-warnings']).toBe('gr??e?, a??b');
  });

  test('stay short however much was lost', () => {
    const lost = Array.from({ length: 500 }, (_, at) => `field_${at}`);
    const warnings = headersOf([], lost)['x-trivium-warnings']!;
    expect(warnings.length).toBeLessThanOrEqual(1024);
    expect(warnings).toStartWith('field_0, field_1, ');
    expect(lost).toContain(warnings.split(', ').at(-1)!);
  });
});

describe('the headers of an error', () => {
  const headersFor = (kind: ErrorKind, detail: ErrorDetail = {}, attempts = 0) =>
    errorHeaders(new GatewayError(kind, 'words', detail), attempts);

  test.each<[ErrorKind, string]>([
    ['invalid-request', 'client-error'],
    ['credential-rejected', 'account-invalid'],
    ['rate-limited', 'rate-limited'],
    ['quota-exhausted', 'quota-exhausted'],
    ['overloaded', 'upstream-overloaded'],
    ['upstream-failed', 'upstream-failed'],
    ['upstream-unreachable', 'network'],
    ['no-account', 'no-account'],
    ['internal', 'gateway-error'],
  ])('%s: %s', (kind, verdict) => {
    expect(headersFor(kind)).toEqual({ 'x-trivium-verdict': verdict });
  });

  test.each([
    [1, '1'],
    [1000, '1'],
    [1001, '2'],
    [90_000, '90'],
    [0, '1'],
  ])('after %i ms: retry-after %s', (retryAfterMs, seconds) => {
    expect(headersFor('rate-limited', { retryAfterMs })['retry-after']).toBe(seconds);
  });

  test.each<[number, number | undefined, string | undefined]>([
    [0, undefined, undefined],
    [2, undefined, 'false'],
    [2, 60_000, 'false'],
    [2, 20_000, undefined],
    [0, 60_000, undefined],
  ])('after %i attempts, %p ms until another makes sense: x-should-retry %p', (attempts, retryAfterMs, value) => {
    const detail = retryAfterMs === undefined ? {} : { retryAfterMs };
    expect(headersFor('rate-limited', detail, attempts)['x-should-retry']).toBe(value as string);
  });

  test('name the methods that are allowed', () => {
    expect(headersFor('method-not-allowed', { allowed: ['GET', 'HEAD'] }).allow).toBe('GET, HEAD');
  });
});
