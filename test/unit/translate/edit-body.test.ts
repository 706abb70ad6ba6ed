import { describe, expect, test } from 'bun:test';
import { type Edit, editBytes, editObject, prependMember, REMOVE, set } from '../../../src/translate/edit-body.ts';

const inside = (edits: [string, Edit][]): Edit => ({ type: 'members', edits: new Map(edits) });
const elements = (replaced: [number, unknown][], added: unknown[] = []): Edit =>
  ({ type: 'elements', replaced: new Map(replaced), added }) as Edit;

const cases: readonly (readonly [text: string, edits: [string, Edit][], expected: string])[] = [
  ['{"a":1,"b":2}', [], '{"a":1,"b":2}'],
  ['{ "a" : 1.0 , "b" : 2 }', [['b', set(3)]], '{ "a" : 1.0 , "b" : 3 }'],
  ['{"a":1, "b":2, "c":3}', [['a', REMOVE]], '{"b":2, "c":3}'],
  ['{"a":1, "b":2, "c":3}', [['b', REMOVE]], '{"a":1, "c":3}'],
  ['{"a":1, "b":2, "c":3 }', [['c', REMOVE]], '{"a":1, "b":2 }'],
  [
    '{"a":1,"b":2}',
    [
      ['a', REMOVE],
      ['b', REMOVE],
    ],
    '{}',
  ],
  [
    '{"a":1,"b":2}',
    [
      ['a', REMOVE],
      ['b', REMOVE],
      ['c', set('x')],
    ],
    '{"c":"x"}',
  ],
  ['{}', [['a', set({ b: null })]], '{"a":{"b":null}}'],
  [' {\n} ', [['a', set(1)]], ' {"a":1\n} '],
  ['{"a":1}', [['b', REMOVE]], '{"a":1}'],
  ['{"a":1}', [['b', set('é😀')]], '{"a":1,"b":"é😀"}'],
  ['{"a":{"x":1e3,"y":[1,2]},"b":"}"}', [['a', inside([['y', set(0)]])]], '{"a":{"x":1e3,"y":0},"b":"}"}'],
  [
    '{"a":{"x":1}}',
    [
      [
        'a',
        inside([
          ['z', set(1)],
          ['x', REMOVE],
        ]),
      ],
    ],
    '{"a":{"z":1}}',
  ],
  ['{"m":[ {"r":1.50} , {"r":2} ]}', [['m', elements([[1, { r: 3 }]])]], '{"m":[ {"r":1.50} , {"r":3} ]}'],
  ['{"m":[{"r":1},"]",[3]]}', [['m', elements([[0, 5]], [6, 7])]], '{"m":[5,"]",[3],6,7]}'],
  ['{"m":[ ]}', [['m', elements([], [1])]], '{"m":[1 ]}'],
  ['{"model":"x","\\u006dodel":"y"}', [['model', set('z')]], '{"model":"z","\\u006dodel":"z"}'],
  ['[1]', [['a', set(1)]], '[1]'],
];

describe('edits of bytes', () => {
  test.each(cases)('%s with %j is %s', (text, edits, expected) => {
    const bytes = new TextEncoder().encode(text);
    expect(new TextDecoder().decode(editBytes(bytes, new Map(edits)))).toBe(expected);
  });

  test.each(cases)('%s with %j means the same as an edit of the object', (text, edits, expected) => {
    const object = JSON.parse(text);
    if (Array.isArray(object)) return;
    expect<unknown>(editObject(object, new Map(edits))).toEqual(JSON.parse(expected));
  });
});

test('prependMember puts a member first and keeps every other byte', () => {
  const prepend = (text: string) => Buffer.from(prependMember(Buffer.from(text), 'b', { c: 1 })).toString();
  expect(prepend('{"a":1.0}')).toBe('{"b":{"c":1},"a":1.0}');
  expect(prepend('\ufeff { "a": {} }')).toBe('\ufeff {"b":{"c":1}, "a": {} }');
});
