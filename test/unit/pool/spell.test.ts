import { expect, test } from 'bun:test';
import { spell } from '../../../src/pool/spell.ts';

test.each([
  [1, '1 s'],
  [60_000, '1 min'],
  [3_600_000 * 26, '1 d 2 h'],
])('%p ms are %s', (ms, words) => {
  expect(spell(ms)).toBe(words);
});
