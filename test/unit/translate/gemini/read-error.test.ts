import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeError } from '../../../../src/translate/gemini/read-error.ts';

const NOON = Date.UTC(2026, 10, 22, 20, 0, 0);

function decode(status: number, body: object | string, headers: { readonly [name: string]: string } = {}) {
  return decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), now: NOON });
}

const error = (code: number, status: string, message: string, ...details: JsonObject[]) => ({
  error: { code, message, status, details },
});
const info = (reason: string, metadata: JsonObject = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  metadata,
});
const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });
const quota = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId }],
});

const kinds: readonly (readonly [status: number, body: object | string, kind: string])[] = [
  [400, error(400, 'INVALID_ARGUMENT', 'temperature is out of range'), 'invalid-request'],
  [400, error(400, 'INVALID_ARGUMENT', 'API key not valid.', info('API_KEY_INVALID')), 'credential-rejected'],
  [400, error(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'), 'credential-rejected'],
  [
    400,
    error(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    ),
    'context-too-long',
  ],
  [
    400,
    error(400, 'INVALID_ARGUMENT', 'Function call is missing a thought_signature in functionCall parts.'),
    'seal-rejected',
  ],
  [400, error(400, 'INVALID_ARGUMENT', 'Corrupted thought signature.'), 'seal-rejected'],
  [400, error(400, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'), 'request-too-large'],
  [400, error(400, 'INVALID_ARGUMENT', "words that violate Google's Responsible AI practices"), 'content-blocked'],
  [400, error(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'), 'permission-denied'],
  [400, [error(400, 'INVALID_ARGUMENT', 'in a list')], 'invalid-request'],
  [401, error(401, 'UNAUTHENTICATED', 'x'), 'credential-rejected'],
  [402, '', 'quota-exhausted'],
  [403, error(403, 'PERMISSION_DENIED', 'x', info('SERVICE_DISABLED')), 'permission-denied'],
  [404, error(404, 'NOT_FOUND', 'models/x is not found for API version v1beta'), 'upstream-model-unknown'],
  [404, error(404, 'NOT_FOUND', 'CachedContent not found'), 'invalid-request'],
  [404, '<html>Not Found</html>', 'upstream-model-unknown'],
  [413, '', 'request-too-large'],
  [422, { message: 'odd' }, 'invalid-request'],
  [429, error(429, 'RESOURCE_EXHAUSTED', 'x', info('RATE_LIMIT_EXCEEDED')), 'rate-limited'],
  [429, error(429, 'RESOURCE_EXHAUSTED', 'x', info('QUOTA_EXHAUSTED')), 'quota-exhausted'],
  [
    429,
    error(429, 'RESOURCE_EXHAUSTED', 'x', quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')),
    'quota-exhausted',
  ],
  [429, '', 'rate-limited'],
  [499, error(499, 'CANCELLED', 'x'), 'upstream-failed'],
  [500, error(500, 'INTERNAL', 'x'), 'upstream-failed'],
  [502, '<html>Bad Gateway</html>', 'upstream-failed'],
  [503, error(503, 'UNAVAILABLE', 'The model is overloaded.'), 'overloaded'],
  [504, error(504, 'DEADLINE_EXCEEDED', 'x'), 'upstream-timeout'],
];

test.each(kinds)('%d %j is %s', (status, body, kind) => {
  expect(decode(status, body).kind as string).toBe(kind);
});

test('says what the upstream said, and keeps it', () => {
  const body = error(400, 'INVALID_ARGUMENT', 'Bad field.', info('SOME_REASON'));
  const decoded = decode(400, [body]);
  expect(decoded.message).toBe('Bad field.');
  expect(decoded.detail).toEqual({ code: 'SOME_REASON', upstream: { dialect: 'gemini', status: 400, body } });
  expect(decode(502, '<html>').message).toBe('The upstream answered with status 502.');
});

describe('4.3: when to come back', () => {
  const waits: readonly (readonly [
    name: string,
    body: object,
    headers: { readonly [name: string]: string },
    ms: number | undefined,
  ])[] = [
    ['RetryInfo', error(429, '', 'x', quota('PerMinute'), retry('34.4s')), {}, 34_400],
    ['a header before RetryInfo', error(429, '', 'x', retry('34.4s')), { 'retry-after': '2.5' }, 2500],
    ['milliseconds before seconds', error(429, '', 'x'), { 'retry-after': '9', 'retry-after-ms': '1500' }, 1500],
    ['a date', error(429, '', 'x'), { 'retry-after': new Date(NOON + 60_000).toUTCString() }, 60_000],
    ['a delay of hours', error(429, '', 'x', info('QUOTA_EXHAUSTED', { quotaResetDelay: '2h1m1s' })), {}, 7_261_000],
    [
      'milliseconds in a delay',
      error(429, '', 'x', info('RATE_LIMIT_EXCEEDED', { quotaResetDelay: '1510.7ms' })),
      {},
      1511,
    ],
    ['a time', error(429, '', 'x', info('', { quotaResetTimeStamp: new Date(NOON + 5000).toISOString() })), {}, 5000],
    ['words', error(429, '', 'Please retry in 20.04466179s.'), {}, 20_045],
    ['never less than a second', error(429, '', 'x', retry('0.01s')), {}, 1000],
    ['nothing said', error(429, '', 'x'), {}, undefined],
    ['not for faults of the request', error(400, 'INVALID_ARGUMENT', 'x', retry('5s')), {}, undefined],
  ];

  test.each(waits)('%s', (_name, body, headers, ms) => {
    const status = (body as { error: { code: number } }).error.code;
    expect(decode(status, body, headers).detail.retryAfterMs as number | undefined).toEqual(ms as number);
  });

  test('a quota by day comes back at midnight in California, whatever RetryInfo says', () => {
    const body = error(429, 'RESOURCE_EXHAUSTED', 'x', quota('GenerateRequestsPerDayPerProject'), retry('20s'));
    expect(decode(429, body).detail.retryAfterMs).toBe(12 * 3600 * 1000);
  });
});
