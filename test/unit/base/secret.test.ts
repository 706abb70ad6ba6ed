import { describe, expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { maskSecret, Secret } from '../../../src/base/secret.ts';

const VALUE = 'sk-proj-0123456789abcdef';

describe('a secret', () => {
  const secret = new Secret(VALUE);

  test('tells itself to the one who asks', () => {
    expect(secret.reveal()).toBe(VALUE);
  });

  test.each<[string, () => string]>([
    ['in a template', () => `${secret}`],
    ['in JSON', () => JSON.stringify({ secret })],
    ['when inspected', () => inspect({ secret })],
    ['when inspected by the runtime', () => Bun.inspect({ secret })],
    ['when joined', () => [secret].join()],
    ['by its keys', () => JSON.stringify([Object.keys(secret), Object.entries(secret), { ...secret }])],
    ['in the message of an error', () => String(new Error(`wrong: ${secret}`))],
  ])('never shows itself %s', (_where, show) => {
    expect(show()).not.toContain('0123456789');
  });
});

describe('the mask of a secret', () => {
  test.each([
    ['sk-proj-0123456789abcdef', 'sk-…cdef'],
    ['AIzaSy0123456789abcd', '…abcd'],
    ['gsk_0123456789wxyz', 'gsk_…wxyz'],
    ['0123456789ab', '…89ab'],
    ['0123456789a', '…'],
    ['sk-short', '…'],
    ['', '…'],
  ])('of %p is %s', (value, mask) => {
    expect(maskSecret(value)).toBe(mask);
  });
});
