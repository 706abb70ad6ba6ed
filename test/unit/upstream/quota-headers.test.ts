import { describe, expect, test } from 'bun:test';
import { parseDuration, readQuota } from '../../../src/upstream/quota-headers.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

test.each([
  ['1s', 1_000],
  ['6m0s', 360_000],
  ['120ms', 120],
  ['1h2m3s', 3_723_000],
  ['2m59.56s', 179_560],
  ['7d', 604_800_000],
])('parseDuration %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '12', 'soon', '1s later', '-1s'])('parseDuration refuses %p', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

describe('readQuota', () => {
  test('OpenAI counts requests and tokens, and names durations', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '499',
      'x-ratelimit-reset-requests': '120ms',
      'x-ratelimit-limit-tokens': '30000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1m30s',
    });
    expect(readQuota('openai-responses', headers, NOW)).toEqual([
      { name: 'requests', limit: 500, remaining: 499, resetsAt: NOW + 120 },
      { name: 'tokens', limit: 30_000, remaining: 0, resetsAt: NOW + 90_000 },
    ]);
  });

  test('Azure writes -1 for what it does not know and 0 for no limit', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '0',
      'x-ratelimit-remaining-requests': '-1',
      'x-ratelimit-remaining-tokens': '-1',
    });
    expect(readQuota('openai-chat', headers, NOW)).toEqual([]);
  });

  test('OpenRouter has one allowance with an epoch reset', () => {
    const headers = new Headers({
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': `${NOW + 5}`,
    });
    expect(readQuota('openai-chat', headers, NOW)).toEqual([
      { name: 'requests', limit: 20, remaining: 3, resetsAt: NOW + 5 },
    ]);
  });

  test('Anthropic names times', () => {
    const headers = new Headers({
      'anthropic-ratelimit-input-tokens-limit': '400000',
      'anthropic-ratelimit-input-tokens-remaining': '399000',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-22T10:01:00Z',
    });
    expect(readQuota('anthropic-messages', headers, NOW)).toEqual([
      { name: 'input-tokens', limit: 400_000, remaining: 399_000, resetsAt: NOW + 60_000 },
    ]);
  });

  test('Anthropic tells the use of its windows as a share', () => {
    const headers = new Headers({
      'anthropic-ratelimit-unified-5h-utilization': '1.08',
      'anthropic-ratelimit-unified-5h-reset': '1795341600',
      'anthropic-ratelimit-unified-7d-utilization': '0.25',
    });
    expect(readQuota('anthropic-messages', headers, NOW)).toEqual([
      { name: '5h', limit: 1, remaining: 0, resetsAt: 1_795_341_600_000 },
      { name: '7d', limit: 1, remaining: 0.75 },
    ]);
  });

  test('headers of another vendor and broken figures tell nothing', () => {
    const headers = new Headers({ 'x-ratelimit-limit-requests': 'many', 'anthropic-ratelimit-tokens-limit': '5' });
    expect(readQuota('openai-chat', headers, NOW)).toEqual([]);
    expect(readQuota('gemini', headers, NOW)).toEqual([]);
  });
});
