import { describe, expect, test } from 'bun:test';
import { type ErrorKind, GatewayError } from '../../../../src/base/gateway-error.ts';
import { refineZaiError } from '../../../../src/upstream/providers/zai-errors.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const read = (body: unknown, status = 429, error = new GatewayError('rate-limited', 'words')) =>
  refineZaiError({ status, headers: {}, body: JSON.stringify(body), now: NOW }, error);

describe('refineZaiError', () => {
  test.each<[string, ErrorKind]>([
    ['1302', 'rate-limited'],
    ['1113', 'quota-exhausted'],
    ['1308', 'quota-exhausted'],
    ['1001', 'credential-rejected'],
    ['1211', 'upstream-model-unknown'],
    ['1261', 'context-too-long'],
    ['1301', 'content-blocked'],
  ])('code %s is %s, whatever the status', (code, kind) => {
    expect(read({ error: { code, message: 'words' } })).toMatchObject({ kind, detail: { code } });
  });

  test('a time without a zone is Beijing time', () => {
    const message = 'Usage limit reached for 5 hour. Your limit will reset at 2026-11-22 19:30:00';
    expect(read({ error: { code: '1308', message } }).detail.retryAfterMs).toBe(90 * 60_000);
    expect(
      read({ type: 'error', error: { code: '1308', message: `[1308][${message}][id]` } }).detail.retryAfterMs,
    ).toBe(90 * 60_000);
  });

  test("the header's own time comes first", () => {
    const known = new GatewayError('rate-limited', 'words', { retryAfterMs: 5 });
    const message = 'Your limit will reset at 2026-11-22 19:30:00';
    expect(read({ error: { code: '1308', message } }, 429, known).detail.retryAfterMs).toBe(5);
  });

  test('an unknown code, or no JSON at all, changes nothing', () => {
    const error = new GatewayError('upstream-failed', 'words');
    expect(read({ error: { code: '9999', message: 'x' } }, 500, error)).toBe(error);
    expect(refineZaiError({ status: 502, headers: {}, body: '<html>', now: NOW }, error)).toBe(error);
  });
});
