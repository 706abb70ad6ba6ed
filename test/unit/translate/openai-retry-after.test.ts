import { describe, expect, test } from 'bun:test';
import { type RetrySources, readDuration, readRetryAfter } from '../../../src/translate/openai-retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const read = (sources: Partial<RetrySources>) =>
  readRetryAfter({ headers: {}, error: {}, message: '', now: NOW, ...sources });

describe('the waiting time', () => {
  const cases: readonly (readonly [string, Partial<RetrySources>, number | undefined])[] = [
    ['nowhere', {}, undefined],
    ['in milliseconds', { headers: { 'retry-after-ms': '1500', 'retry-after': '9' } }, 1500],
    ['in seconds', { headers: { 'retry-after': '7' } }, 7000],
    ['in parts of seconds', { headers: { 'retry-after': '1.5' } }, 1500],
    ['as a date', { headers: { 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' } }, 30_000],
    ['as a date that is over', { headers: { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' } }, 1000],
    ['as nonsense', { headers: { 'retry-after': 'soon' } }, undefined],
    ['too short', { headers: { 'retry-after-ms': '3' } }, 1000],
    ['too long', { headers: { 'retry-after': '99999999' } }, 691_200_000],
    ['in a window’s seconds', { error: { resets_in_seconds: 60 } }, 60_000],
    ['at a window’s end', { error: { resets_at: NOW / 1000 + 60 } }, 60_000],
    ['in Google’s details', { error: { details: [{ reason: 'x' }, { retryDelay: '34.4s' }] } }, 34_400],
    ['in OpenRouter’s headers', { error: { metadata: { headers: { 'X-RateLimit-Reset': `${NOW + 5000}` } } } }, 5000],
    [
      'in the header of what is used up',
      {
        headers: {
          'x-ratelimit-remaining-requests': '5',
          'x-ratelimit-reset-requests': '1h',
          'x-ratelimit-remaining-tokens': '0',
          'x-ratelimit-reset-tokens': '6m0s',
        },
      },
      360_000,
    ],
    ['in Azure’s headers, which know nothing', { headers: { 'x-ratelimit-remaining-tokens': '-1' } }, undefined],
    ['in words', { message: 'Limit reached. Please try again in 1m9.696s. Visit' }, 69_696],
    ['in words of Google', { message: 'Please retry in 34.4s.' }, 34_400],
    ['in words of a quota', { message: 'Resets in 92h27m28s' }, 332_848_000],
    ['in long words', { message: 'Try again in 20 seconds' }, 20_000],
  ];
  for (const [name, sources, ms] of cases) test(`stands ${name}`, () => expect(read(sources)).toBe(ms as number));

  test('of day is not read where nobody knows the time', () => {
    const headers = { 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' };
    expect(readRetryAfter({ headers, error: {}, message: '' })).toBeUndefined();
  });
});

test('durations', () => {
  expect(['1s', '120ms', '1h2m3s', '1d', '2m59.56s', '', '5', 'x5s'].map(readDuration)).toEqual([
    1000,
    120,
    3_723_000,
    86_400_000,
    179_560,
    undefined,
    undefined,
    undefined,
  ]);
});
