import { describe, expect, test } from 'bun:test';
import {
  ERROR_TRAITS,
  type ErrorKind,
  GatewayError,
  invalidRequest,
  type NextStep,
  toGatewayError,
} from '../../../src/base/gateway-error.ts';

const kinds = Object.keys(ERROR_TRAITS) as readonly ErrorKind[];

describe('the traits of error kinds', () => {
  test.each(kinds)('%s has an error status', (kind) => {
    const { status } = ERROR_TRAITS[kind];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });

  test('what is the client’s own fault is never tried at another account', () => {
    const wrong = kinds.filter((kind) => ERROR_TRAITS[kind].blame === 'client' && ERROR_TRAITS[kind].next !== 'stop');
    expect(wrong).toEqual([]);
  });

  test('the client hears that the fault is its own exactly when it can do something about it', () => {
    const blamed = kinds.filter((kind) => ERROR_TRAITS[kind].blame === 'client');
    expect(blamed.filter((kind) => ERROR_TRAITS[kind].verdict !== 'client-error')).toEqual([]);
    expect(blamed.filter((kind) => ERROR_TRAITS[kind].status >= 500)).toEqual([]);
  });

  test('what an upstream did is tried at another account', () => {
    const wrong = kinds.filter(
      (kind) => ERROR_TRAITS[kind].blame === 'upstream' && ERROR_TRAITS[kind].next !== 'next-account',
    );
    expect(wrong).toEqual([]);
  });

  test.each<[ErrorKind, number, NextStep]>([
    ['invalid-request', 400, 'stop'],
    ['client-unauthenticated', 401, 'stop'],
    ['model-unknown', 404, 'stop'],
    ['request-too-large', 413, 'stop'],
    ['rate-limited', 429, 'next-account'],
    ['quota-exhausted', 429, 'next-account'],
    ['credential-rejected', 502, 'refresh'],
    ['overloaded', 503, 'next-account'],
    ['upstream-failed', 502, 'next-account'],
    ['upstream-timeout', 504, 'next-account'],
    ['upstream-unreachable', 502, 'next-account'],
    ['upstream-malformed', 502, 'next-account'],
    ['no-account', 503, 'stop'],
    ['canceled', 499, 'stop'],
    ['internal', 500, 'stop'],
  ])('%s: %i, then %s', (kind, status, next) => {
    expect(new GatewayError(kind, 'words').traits).toMatchObject({ status, next });
  });
});

describe('a gateway error', () => {
  test('is an error with its kind, its words and its details', () => {
    const cause = new Error('below');
    const error = new GatewayError('rate-limited', 'slow down', { retryAfterMs: 5, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('GatewayError');
    expect(error.message).toBe('slow down');
    expect(error.kind).toBe('rate-limited');
    expect(error.detail.retryAfterMs).toBe(5);
    expect(error.cause).toBe(cause);
  });

  test('has no cause when there was none', () => {
    expect('cause' in new GatewayError('internal', 'words')).toBe(false);
  });

  test('of a wrong request names the field where one is to blame', () => {
    expect(invalidRequest('no', 'messages[0]').detail).toEqual({ param: 'messages[0]' });
    expect(invalidRequest('no').detail).toEqual({});
    expect(invalidRequest('no').kind).toBe('invalid-request');
  });
});

describe('what was thrown, as a gateway error', () => {
  test('stays what it is when it is one', () => {
    const error = new GatewayError('overloaded', 'busy');
    expect(toGatewayError(error)).toBe(error);
  });

  test('is the client’s fault when its request nests beyond the stack', () => {
    const dive = (depth: number): number => dive(depth + 1) + 1;
    let thrown: unknown;
    try {
      dive(0);
    } catch (fault) {
      thrown = fault;
    }
    expect(toGatewayError(thrown).kind).toBe('invalid-request');
  });

  test.each([
    [new TypeError('x is not a function')],
    [new RangeError('Invalid array length')],
    ['a string'],
    [undefined],
  ])('is our own fault otherwise, and keeps the words to itself: %p', (thrown) => {
    const error = toGatewayError(thrown);
    expect(error.kind).toBe('internal');
    expect(error.detail.cause).toBe(thrown);
    expect(error.message).not.toContain('function');
  });
});
