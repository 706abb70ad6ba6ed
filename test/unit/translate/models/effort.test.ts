import { describe, expect, test } from 'bun:test';
import { effortLoss, effortOfBudget, nearestEffort, readEffort } from '../../../../src/translate/models/effort.ts';

test.each([
  [-1, 'none'],
  [0, 'none'],
  [1, 'minimal'],
  [512, 'minimal'],
  [513, 'low'],
  [1024, 'low'],
  [8192, 'medium'],
  [24576, 'high'],
  [24577, 'xhigh'],
  [1_000_000, 'xhigh'],
])('a budget of %d is %s', (budget, effort) => {
  expect(effortOfBudget(budget)).toBe(effort as never);
});

describe('nearestEffort', () => {
  test.each([
    ['max', 'low high', 'high'],
    ['medium', 'low high', 'low'],
    ['high', 'low high', 'high'],
    ['minimal', 'none low', 'low'],
    ['minimal', 'low medium', 'low'],
    ['none', 'low high', 'low'],
    ['none', 'none low', 'none'],
    ['xhigh', 'none low medium high', 'high'],
    ['low', '', 'low'],
  ])('%s among [%s] is %s', (wish, taken, nearest) => {
    expect(nearestEffort(wish as never, taken.split(' ').filter(Boolean) as never)).toBe(nearest as never);
  });
});

test('what it costs is told by what was wished for', () => {
  expect(effortLoss('max', ['low', 'high'])).toMatchObject({ field: 'effort', effect: 'approximated' });
  expect(effortLoss('none', ['low', 'high']).field).toBe('reasoning-floor');
});

test('a word nobody knows is no effort', () => {
  expect([readEffort('xhigh'), readEffort('constructor'), readEffort(undefined)]).toEqual([
    'xhigh',
    undefined,
    undefined,
  ] as never);
});
