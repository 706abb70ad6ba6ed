import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { Json } from '../../../../src/base/json.ts';
import {
  decodeError,
  encodeError,
  encodeStreamError,
  errorOfBody,
} from '../../../../src/translate/openai-chat/errors.ts';

const NOW = Date.UTC(2026, 10, 22);
const decode = (status: number, body: Json | string, headers: Record<string, string> = {}) =>
  decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), now: NOW });
const openai = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});

describe('an error is of the kind', () => {
  const cases: readonly (readonly [string, number, Json | string, string])[] = [
    ['a wrong field', 400, openai('Unsupported parameter', 'unsupported_parameter'), 'invalid-request'],
    [
      'Mistral: a wrong field',
      422,
      { detail: [{ loc: ['body', 'messages'], msg: 'Field required' }] },
      'invalid-request',
    ],
    [
      'OpenAI: too long',
      400,
      openai('This model’s maximum context length is 8192 tokens', 'context_length_exceeded'),
      'context-too-long',
    ],
    [
      'DeepSeek: too long',
      400,
      openai("This model's maximum context length is 5 tokens.", 'invalid_request_error'),
      'context-too-long',
    ],
    ['Ollama: too long', 400, openai('prompt too long; exceeded max context length by 9 tokens'), 'context-too-long'],
    ['llama.cpp: too long', 400, openai('the request exceeds', null, 'exceed_context_size_error'), 'context-too-long'],
    [
      'Gemini: too long',
      400,
      [
        {
          error: {
            code: 400,
            message: 'The input token count (9) exceeds the maximum number of tokens allowed (5).',
            status: 'INVALID_ARGUMENT',
          },
        },
      ],
      'context-too-long',
    ],
    ['z.ai: too long', 400, { error: { code: '1261', message: 'Prompt exceeds max length' } }, 'context-too-long'],
    ['too large and too long', 413, openai('Prompt is too long'), 'context-too-long'],
    ['too large', 413, 'Payload Too Large', 'request-too-large'],
    ['blocked', 400, openai('no', 'content_policy_violation'), 'content-blocked'],
    [
      'Azure: blocked',
      400,
      { error: { message: 'no', code: 'BadRequest', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
      'content-blocked',
    ],
    [
      'a foreign signature',
      400,
      openai('Function call is missing a thought_signature in functionCall parts.'),
      'seal-rejected',
    ],
    ['a wrong key', 401, openai('Incorrect API key provided', 'invalid_api_key'), 'credential-rejected'],
    [
      'DeepSeek: a wrong key',
      401,
      openai('Authentication Fails', 'invalid_request_error', 'authentication_error'),
      'credential-rejected',
    ],
    ['Azure: a wrong key', 401, { statusCode: 401, message: 'Access denied' }, 'credential-rejected'],
    [
      'Gemini: a wrong key with 400',
      400,
      [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.' } }],
      'credential-rejected',
    ],
    ['no money', 402, openai('Insufficient Balance', 'invalid_request_error', 'unknown_error'), 'quota-exhausted'],
    [
      'no quota',
      429,
      openai('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota'),
      'quota-exhausted',
    ],
    [
      'the day’s quota',
      429,
      openai('Rate limit reached on requests per day (RPD)', 'rate_limit_exceeded', 'requests'),
      'quota-exhausted',
    ],
    [
      'the day’s quota that is back at once',
      429,
      openai('Limit on tokens per day (TPD). Please try again in 1m9.696s.', 'rate_limit_exceeded', 'tokens'),
      'rate-limited',
    ],
    ['forbidden', 403, openai('no', 'unsupported_country_region_territory', 'request_forbidden'), 'permission-denied'],
    ['a model one may not use', 403, openai('no access to model', 'model_not_found'), 'upstream-model-unknown'],
    ['no such model', 404, openai('The model `x` does not exist', 'model_not_found'), 'upstream-model-unknown'],
    ['no such place', 404, { error: { code: '404', message: 'Resource not found' } }, 'upstream-model-unknown'],
    ['too many requests', 429, openai('Rate limit reached', 'rate_limit_exceeded', 'requests'), 'rate-limited'],
    ['z.ai: too many requests', 429, { error: { code: '1302', message: 'slower' } }, 'rate-limited'],
    ['Groq: no capacity', 498, openai('Flex tier capacity exceeded'), 'rate-limited'],
    ['busy', 503, openai('The engine is currently overloaded', null, 'server_error'), 'overloaded'],
    ['busy, by another status', 500, openai('The model is overloaded', null, 'server_error'), 'overloaded'],
    ['busy, in a word', 500, openai('x', 'server_is_overloaded', 'server_error'), 'overloaded'],
    ['Anthropic’s own status', 529, '', 'overloaded'],
    ['a fault', 500, openai('The server had an error', null, 'server_error'), 'upstream-failed'],
    ['a proxy’s page', 502, '<html><h1>Bad gateway</h1></html>', 'upstream-failed'],
    ['Cloudflare', 524, 'error code: 524', 'upstream-failed'],
    ['too slow', 504, '', 'upstream-timeout'],
  ];
  for (const [name, status, body, kind] of cases) {
    test(`${name}: ${kind}`, () => expect(decode(status, body).kind).toBe(kind as never));
  }
});

describe('the message', () => {
  const cases: readonly (readonly [string, Json | string, string])[] = [
    ['OpenAI', openai('m'), 'm'],
    ['xAI', { code: 'x', error: 'm' }, 'm'],
    ['Ollama', { error: 'm' }, 'm'],
    ['Mistral', { object: 'error', message: 'm' }, 'm'],
    ['Mistral, of a field', { detail: [{ loc: ['body', 'x'], msg: 'm' }] }, 'body.x: m'],
    ['FastAPI', { detail: 'm' }, 'm'],
    ['Bedrock', { Message: 'm' }, 'm'],
    [
      'OpenRouter',
      { error: { code: 400, message: 'Provider returned error', metadata: { raw: '{"error":{"message":"m"}}' } } },
      'Provider returned error: m',
    ],
    ['plain text', 'm', 'm'],
    ['a page', '<html>m</html>', 'The upstream answered with status 400 and no message.'],
    ['nothing', '', 'The upstream answered with status 400 and no message.'],
    ['a key', openai('Bad key sk-proj-abcdefghijklmnop.'), 'Bad key sk-….'],
    ['a person', openai('Ask bob@example.com'), 'Ask …@…'],
    ['a link', openai('See https://x.y/z?key=secret now'), 'See https://x.y/z now'],
  ];
  for (const [name, body, message] of cases) test(name, () => expect(decode(400, body).message).toBe(message));
});

test('code, field and the very words are kept', () => {
  const body = {
    error: { message: 'm', type: 'invalid_request_error', param: 'max_tokens', code: 'unsupported_parameter' },
  };
  expect(decode(400, body).detail).toEqual({
    param: 'max_tokens',
    code: 'unsupported_parameter',
    upstream: { dialect: 'openai-chat', status: 400, body },
  });
});

describe('the waiting time', () => {
  const limited = openai('slow down', 'rate_limit_exceeded', 'requests');
  test('is read', () => expect(decode(429, limited, { 'retry-after': '7' }).detail.retryAfterMs).toBe(7000));
  test('is of no use where nothing will change', () => {
    expect(decode(400, openai('m'), { 'retry-after': '7' }).detail).not.toHaveProperty('retryAfterMs');
  });
});

describe('an error inside a stream', () => {
  test('shows the error and not the chunk around it', () => {
    const error = { code: 400, message: 'Token limit reached' };
    const decoded = errorOfBody({ id: 'gen-1', error, choices: [] });
    expect(decoded.kind).toBe('invalid-request');
    expect(decoded.detail.upstream).toEqual({ dialect: 'openai-chat', status: 400, body: { error } });
  });
  test('takes its status from where servers put it', () => {
    const statuses = [{ status_code: 400 }, { code: '429' }, { status: 503 }, { type: 'invalid_request_error' }, {}];
    expect(statuses.map((fields) => errorOfBody({ error: { message: 'm', ...fields } }).kind)).toEqual([
      'invalid-request',
      'rate-limited',
      'overloaded',
      'invalid-request',
      'upstream-failed',
    ]);
  });
});

describe('what a client is told', () => {
  test('U10: the client’s own mistake in the upstream’s own words', () => {
    const body = openai('Unsupported parameter', 'unsupported_parameter');
    expect(encodeError(decode(400, body))).toEqual({ status: 400, body });
  });

  test('a mistake of the account is not shown as the client’s', () => {
    expect(encodeError(decode(401, openai('Incorrect API key', 'invalid_api_key')))).toMatchObject({
      status: 502,
      body: { error: { type: 'server_error', code: 'upstream_auth' } },
    });
  });

  test('a stream that has ended gets no error', () => {
    const error = new GatewayError('upstream-failed', 'm');
    expect(encodeStreamError(error, { contentSeen: true, ended: true })).toEqual([]);
    expect(encodeStreamError(error, { contentSeen: true, ended: false })).toEqual([
      { data: '{"error":{"message":"m","type":"server_error","param":null,"code":null}}' },
    ]);
  });
});
