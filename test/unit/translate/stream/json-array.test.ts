import { expect, test } from 'bun:test';
import { parseJsonArray, writeJsonArray } from '../../../../src/translate/stream/json-array.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

const parse = (...pieces: readonly string[]) =>
  runAll(
    parseJsonArray,
    pieces.map((piece) => new TextEncoder().encode(piece)),
  ).map((frame) => frame.data);

test('each element is a frame', () => {
  expect(parse('[{"a":[1,{}]}\n,\n{"b":"]}\\"["}]')).toEqual(['{"a":[1,{}]}', '{"b":"]}\\"["}']);
});

test('an element may come in pieces, cut inside strings and escapes', () => {
  expect(parse('[{"a":"\\', '"}", "', 'b":[', ']}', ']')).toEqual(['{"a":"\\"}", "b":[]}']);
});

test('half an element at the end is discarded', () => {
  expect(parse('[{"a":1},{"b":')).toEqual(['{"a":1}']);
});

test('writes an array in pieces', () => {
  const text = runAll(writeJsonArray, [{ data: '{"a":1}' }, { data: '{"b":2}' }]).join('');
  expect(JSON.parse(text)).toEqual([{ a: 1 }, { b: 2 }]);
  expect(runAll(writeJsonArray, []).join('')).toBe('[]');
});

test('nothing follows the last bracket: a reader that takes one character at a time has ended with it', () => {
  expect(runAll(writeJsonArray, [{ data: '{"a":1}' }]).join('')).toEndWith('}]');
});
