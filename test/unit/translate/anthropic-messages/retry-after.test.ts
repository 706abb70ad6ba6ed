import { expect, test } from 'bun:test';
import { readRetryAfter } from '../../../../src/translate/anthropic-messages/retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const seconds = (ms: number) => String(ms / 1000);

test.each<[string, { readonly [name: string]: string }, string, number | undefined]>([
  ['nothing', {}, '', undefined],
  ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, '', 1500],
  ['seconds', { 'retry-after': '34.4' }, '', 34_400],
  ['a date', { 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, '', 30_000],
  ['a time that is over', { 'retry-after': '0' }, '', 1000],
  ['a time too far off', { 'retry-after': '99999999' }, '', 8 * 24 * 3_600_000],
  ['no time at all', { 'retry-after': 'soon' }, '', undefined],
  [
    'the longest window that is used up',
    {
      'retry-after': '10',
      'anthropic-ratelimit-unified-5h-status': 'rejected',
      'anthropic-ratelimit-unified-5h-reset': seconds(NOW + 60_000),
      'anthropic-ratelimit-unified-7d-status': 'rejected',
      'anthropic-ratelimit-unified-7d-reset': seconds(NOW + 90_000),
    },
    '',
    90_000,
  ],
  [
    'a window that is open',
    {
      'anthropic-ratelimit-unified-7d-status': 'allowed',
      'anthropic-ratelimit-unified-7d-reset': seconds(NOW + 90_000),
    },
    '',
    undefined,
  ],
  [
    'the dimension that is spent',
    {
      'anthropic-ratelimit-requests-remaining': '5',
      'anthropic-ratelimit-requests-reset': '2026-11-22T13:00:00Z',
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': '2026-11-22T12:00:20Z',
    },
    '',
    20_000,
  ],
  ['the message', {}, 'Please try again in 1.5s.', 1500],
  ['the message in minutes', {}, 'try again in 2 m', 120_000],
])('%s', (_name, headers, message, expected) => {
  expect(readRetryAfter({ status: 429, headers, body: '', now: NOW }, message)).toBe(expected!);
});
