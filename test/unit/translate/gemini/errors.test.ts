import { describe, expect, test } from 'bun:test';
import { ERROR_TRAITS, type ErrorDetail, type ErrorKind, GatewayError } from '../../../../src/base/gateway-error.ts';
import { asArray, asObject } from '../../../../src/base/json.ts';
import { encodeError, encodeStreamError } from '../../../../src/translate/gemini/errors.ts';

const encode = (kind: ErrorKind, message = 'Words.', detail: ErrorDetail = {}) =>
  encodeError(new GatewayError(kind, message, detail));

const rows: readonly (readonly [kind: ErrorKind, status: number, word: string])[] = [
  ['invalid-request', 400, 'INVALID_ARGUMENT'],
  ['context-too-long', 400, 'INVALID_ARGUMENT'],
  ['request-too-large', 400, 'INVALID_ARGUMENT'],
  ['client-unauthenticated', 401, 'UNAUTHENTICATED'],
  ['model-unknown', 404, 'NOT_FOUND'],
  ['rate-limited', 429, 'RESOURCE_EXHAUSTED'],
  ['quota-exhausted', 429, 'RESOURCE_EXHAUSTED'],
  ['pool-cooling', 429, 'RESOURCE_EXHAUSTED'],
  ['credential-rejected', 502, 'INTERNAL'],
  ['permission-denied', 403, 'PERMISSION_DENIED'],
  ['overloaded', 503, 'UNAVAILABLE'],
  ['no-account', 503, 'UNAVAILABLE'],
  ['upstream-failed', 500, 'INTERNAL'],
  ['upstream-timeout', 504, 'DEADLINE_EXCEEDED'],
  ['upstream-malformed', 502, 'INTERNAL'],
  ['canceled', 499, 'CANCELLED'],
];

test.each(rows)('%s is %d %s', (kind, status, word) => {
  expect(encode(kind)).toMatchObject({ status, body: { error: { code: status, status: word } } });
});

test('every kind has a status that clients take for an error', () => {
  for (const kind of Object.keys(ERROR_TRAITS) as ErrorKind[]) {
    const { status, body } = encode(kind);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.error).toMatchObject({ code: status, message: expect.stringContaining('Words.') as never });
  }
});

describe('details', () => {
  const detailsOf = (kind: ErrorKind, detail: ErrorDetail) =>
    asArray(asObject(encode(kind, 'Words.', detail).body.error)?.details);

  test('E6: a limit says when to come back', () => {
    const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' };
    expect(detailsOf('rate-limited', { retryAfterMs: 34_400 })).toEqual([retryInfo]);
    expect(detailsOf('pool-cooling', { retryAfterMs: 34_400 })).toEqual([retryInfo]);
    expect(detailsOf('rate-limited', {})).toEqual([]);
  });

  test('a spent quota is one by day', () => {
    expect(detailsOf('quota-exhausted', { retryAfterMs: 1000 })).toMatchObject([
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ quotaId: expect.stringContaining('PerDay') as never }],
      },
      { retryDelay: '1s' },
    ]);
  });

  test('E8: a wrong field is named', () => {
    expect(detailsOf('invalid-request', { param: 'contents[2].parts' })).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'contents[2].parts', description: 'Words.' }],
      },
    ]);
  });
});

test.each([
  ['prompt is too long: 210000 tokens > 200000 maximum', '(210000)', '(200000)'],
  [
    'maximum context length is 128,000 tokens. However, your messages resulted in 130,500 tokens',
    '(130500)',
    '(128000)',
  ],
  ['too long', '(0)', '(0)'],
])('4.4: %p is told in the sentence that clients of this dialect know', (message, count, limit) => {
  const sentence = `The input token count ${count} exceeds the maximum number of tokens allowed ${limit}.`;
  expect(asObject(encode('context-too-long', message).body.error)?.message).toBe(`${sentence} ${message}`);
});

describe("an upstream's own words", () => {
  const upstream = {
    dialect: 'gemini',
    status: 400,
    body: { error: { code: 400, message: 'Theirs.', status: 'INVALID_ARGUMENT', details: [] } },
  };

  test("U10: pass when the fault is the client's and the dialect the same", () => {
    expect(encode('invalid-request', 'Ours.', { upstream })).toEqual({ status: 400, body: upstream.body });
  });

  test('do not pass when they are about an account, or in another dialect', () => {
    expect(encode('credential-rejected', 'Ours.', { upstream }).status).toBe(502);
    const other = { ...upstream, dialect: 'openai-chat' };
    expect(encode('invalid-request', 'Ours.', { upstream: other }).body.error).toMatchObject({ message: 'Ours.' });
  });
});

test('S25: a stream that breaks ends in an error, unless it had ended', () => {
  const error = new GatewayError('upstream-malformed', 'Cut.');
  expect(encodeStreamError(error, { contentSeen: true, ended: false })).toEqual([
    { data: '{"error":{"code":502,"message":"Cut.","status":"INTERNAL"}}' },
  ]);
  expect(encodeStreamError(error, { contentSeen: true, ended: true })).toEqual([]);
});

test('an error within a stream is no chunk at all for the SDK that takes one for an answer without text', () => {
  const error = new GatewayError('overloaded', 'Busy.\nCome back.');
  const frames = encodeStreamError(error, undefined, 'generative-ai');
  expect(frames).toEqual([{ data: '503 UNAVAILABLE: Busy. Come back.' }]);
  expect(encodeStreamError(error, { contentSeen: true, ended: true }, 'generative-ai')).toEqual([]);
});
