import { FAILED_AT, HOUR, SECOND, type VendorFailure } from './vendor-failure.ts';

const epoch = (ms: number) => String((FAILED_AT + ms) / SECOND);
const rfc = (ms: number) => new Date(FAILED_AT + ms).toISOString();
const claude = (type: string, message: string) => ({ type: 'error', error: { type, message }, request_id: 'req_1' });
const LIMITED = claude(
  'rate_limit_error',
  "This request would exceed your account's rate limit. Please try again later.",
);
const unified = (headers: { readonly [name: string]: string }) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [`anthropic-ratelimit-unified-${name}`, value]));
const ANTHROPIC = { provider: 'anthropic', dialect: 'anthropic-messages' } as const;

/** What Anthropic and servers like it say. */
export const ANTHROPIC_FAILURES: readonly VendorFailure[] = [
  {
    ...ANTHROPIC,
    name: 'Anthropic, requests of a minute',
    status: 429,
    headers: {
      'retry-after': '21',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': rfc(21 * SECOND),
    },
    body: claude('rate_limit_error', 'Number of requests has exceeded your per-minute rate limit.'),
    kind: 'rate-limited',
    scope: 'model',
    waitMs: 21 * SECOND,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, tokens of a minute without retry-after',
    status: 429,
    headers: {
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': rfc(34 * SECOND),
      'anthropic-ratelimit-output-tokens-remaining': '800',
      'anthropic-ratelimit-output-tokens-reset': rfc(59 * SECOND),
    },
    body: claude('rate_limit_error', 'Number of input tokens has exceeded your per-minute rate limit.'),
    kind: 'rate-limited',
    scope: 'model',
    waitMs: 34 * SECOND,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, both windows used up',
    status: 429,
    headers: {
      'retry-after': '3600',
      ...unified({
        status: 'rejected',
        reset: epoch(HOUR),
        'representative-claim': 'five_hour',
        '5h-status': 'rejected',
        '5h-reset': epoch(HOUR),
        '7d-status': 'rejected',
        '7d-reset': epoch(50 * HOUR),
      }),
    },
    body: LIMITED,
    kind: 'quota-exhausted',
    scope: 'account',
    waitMs: 50 * HOUR,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, the five hours used up and the week not',
    status: 429,
    headers: unified({
      status: 'rejected',
      '5h-status': 'rejected',
      '5h-reset': epoch(2 * HOUR),
      '7d-status': 'allowed_warning',
      '7d-reset': epoch(50 * HOUR),
      'overage-status': 'rejected',
      'overage-disabled-reason': 'org_level_disabled',
    }),
    body: LIMITED,
    kind: 'quota-exhausted',
    scope: 'account',
    waitMs: 2 * HOUR,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, the week of one family',
    status: 429,
    headers: unified({
      status: 'rejected',
      'representative-claim': 'seven_day_opus',
      '5h-status': 'allowed',
      '5h-reset': epoch(2 * HOUR),
      '7d-status': 'allowed',
      '7d-reset': epoch(50 * HOUR),
      '7d_opus-status': 'rejected',
      '7d_opus-reset': epoch(70 * HOUR),
    }),
    body: LIMITED,
    kind: 'quota-exhausted',
    scope: 'family opus',
    waitMs: 70 * HOUR,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, a window of a name unheard of',
    status: 429,
    headers: unified({ status: 'rejected', '7d_oi-status': 'rejected', '7d_oi-reset': epoch(9 * HOUR) }),
    body: LIMITED,
    kind: 'quota-exhausted',
    scope: 'model',
    waitMs: 9 * HOUR,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, a claim alone',
    status: 429,
    headers: unified({ status: 'rejected', reset: epoch(3 * HOUR), 'representative-claim': 'five_hour' }),
    body: LIMITED,
    kind: 'quota-exhausted',
    scope: 'account',
    waitMs: 3 * HOUR,
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, no credit',
    status: 400,
    body: claude(
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
    ),
    kind: 'quota-exhausted',
    scope: 'account',
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, overloaded',
    status: 529,
    body: claude('overloaded_error', 'Overloaded'),
    kind: 'overloaded',
    scope: 'model',
  },
  {
    ...ANTHROPIC,
    name: 'Anthropic, a bad key',
    status: 401,
    body: claude('authentication_error', 'invalid x-api-key'),
    kind: 'credential-rejected',
    scope: 'model',
  },
  {
    ...ANTHROPIC,
    provider: 'anthropic-compatible',
    name: 'the same in the dialect of Anthropic',
    status: 400,
    body: claude('invalid_request_error', "model 'glm-9' is not supported"),
    kind: 'upstream-model-unknown',
    scope: 'model',
  },
];
