import { expect, test } from 'bun:test';
import { editDistance, nearestNames } from '../../../src/pool/nearest-names.ts';
import { cpuTimeOf } from '../../support/cpu-time.ts';

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['gpt-5', 'gpt-5', 0],
  ['gtp-5', 'gpt-5', 2],
])('from %p to %p it is %p', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
  expect(editDistance(other, one)).toBe(distance);
});

test('the three nearest, each once, the nearest first', () => {
  const names = ['gemini-3-flash', 'gpt-5-mini', 'gpt-5', 'gpt-4', 'gpt-5', 'claude-opus-5'];
  expect(nearestNames('gpt5', names)).toEqual(['gpt-5', 'gpt-4', 'gpt-5-mini']);
});

test('capital letters are no difference, and what has nothing in common is not offered', () => {
  expect(nearestNames('GPT-5', ['gpt-5', 'zzzzzzzz'])).toEqual(['gpt-5']);
});

test('a name of a megabyte costs no more than a short one', () => {
  const names = ['gpt-5', 'y'.repeat(1_000_000)];
  expect(cpuTimeOf(() => nearestNames('x'.repeat(1_000_000), names))).toBeLessThan(2_000);
});
