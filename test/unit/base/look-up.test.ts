import { expect, test } from 'bun:test';
import { lookUp } from '../../../src/base/look-up.ts';

const TABLE = { stop: 'end', length: 'limit' };

test.each([
  ['stop', 'end'],
  ['none', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
  ['toString', undefined],
  [undefined, undefined],
])('the entry of %p', (key, entry) => {
  expect(lookUp(TABLE, key)).toBe(entry);
});
