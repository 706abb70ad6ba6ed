import { describe, expect, test } from 'bun:test';
import { type ErrorKind, GatewayError, type NextStep } from '../../../src/base/gateway-error.ts';
import { type History, judge, mostTelling } from '../../../src/relay/verdict.ts';

const LIMITS = { budgetMs: 1000, maxAttempts: 3 };
const FRESH: History = { attempts: 1, elapsedMs: 0, refreshed: false, contentSent: false };
const error = (kind: ErrorKind, message = kind as string) => new GatewayError(kind, message);

describe('what follows a failed attempt', () => {
  test.each<[ErrorKind, Partial<History>, NextStep]>([
    ['overloaded', {}, 'next-account'],
    ['rate-limited', {}, 'next-account'],
    ['invalid-request', {}, 'stop'],
    ['canceled', {}, 'stop'],
    ['internal', {}, 'stop'],
    ['seal-rejected', {}, 'same-account'],
    ['credential-rejected', {}, 'refresh'],
    ['credential-rejected', { refreshed: true }, 'next-account'],
    ['overloaded', { contentSent: true }, 'stop'],
    ['credential-rejected', { contentSent: true }, 'stop'],
    ['overloaded', { elapsedMs: 999 }, 'next-account'],
    ['overloaded', { elapsedMs: 1000 }, 'stop'],
    ['overloaded', { attempts: 2 }, 'next-account'],
    ['overloaded', { attempts: 3 }, 'stop'],
  ])('%s with %j: %s', (kind, history, next) => {
    expect(judge(error(kind), { ...FRESH, ...history }, LIMITS)).toBe(next);
  });
});

describe('the error that a client is told', () => {
  test.each<[ErrorKind[], ErrorKind | undefined]>([
    [[], undefined],
    [['upstream-failed'], 'upstream-failed'],
    [['rate-limited', 'upstream-failed'], 'rate-limited'],
    [['upstream-failed', 'rate-limited', 'upstream-timeout'], 'rate-limited'],
    [['overloaded', 'quota-exhausted'], 'quota-exhausted'],
    [['rate-limited', 'context-too-long', 'overloaded'], 'context-too-long'],
    [['upstream-failed', 'no-account'], 'no-account'],
  ])('of %j is %p', (kinds, told) => {
    expect(mostTelling(kinds.map((kind) => error(kind)))?.kind).toBe(told as ErrorKind);
  });

  test('is the last of those that tell as much', () => {
    expect(mostTelling([error('rate-limited', 'first'), error('rate-limited', 'last')])?.message).toBe('last');
  });
});
