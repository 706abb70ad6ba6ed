import { expect, test } from 'bun:test';
import { fitsName } from '../../../src/base/name-pattern.ts';

test.each([
  ['gpt-5', 'gpt-5', true],
  ['gpt-5', 'gpt-5-mini', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['gpt-*', 'gpt-', true],
  ['gpt-*', 'xgpt-5', false],
  ['*-mini', 'gpt-5-mini', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'acb', false],
  ['a*a', 'a', false],
  ['(.+)', 'xx', false],
])('%p takes %p: %p', (pattern, name, fits) => {
  expect(fitsName(pattern, name)).toBe(fits);
});
