import { expect, test } from 'bun:test';
import { filterSame, mapSame } from '../../../../src/translate/canonical/map-same.ts';

test('mapSame answers the same list when nothing changed, else a copy', () => {
  const list = [1, 2, 3];
  expect(mapSame(list, (n) => n)).toBe(list);
  expect(mapSame(list, (n, at) => (at === 0 ? n : n * 10))).toEqual([1, 20, 30]);
  expect(list).toEqual([1, 2, 3]);
});

test('filterSame answers the same list when it keeps all', () => {
  const list = [1, 2, 3];
  expect(filterSame(list, () => true)).toBe(list);
  expect(filterSame(list, (n) => n !== 2)).toEqual([1, 3]);
});
