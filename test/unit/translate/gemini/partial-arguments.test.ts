import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { createPartialArguments } from '../../../../src/translate/gemini/partial-arguments.ts';

function put(...pieces: JsonObject[]): string {
  const args = createPartialArguments();
  return pieces.map((piece) => args.add(piece)).join('') + args.close();
}

const rows: readonly (readonly [pieces: readonly JsonObject[], text: string])[] = [
  [[], '{}'],
  [
    [
      { jsonPath: '$.city', stringValue: 'Bos', willContinue: true },
      { jsonPath: '$.city', stringValue: 'ton' },
    ],
    '{"city":"Boston"}',
  ],
  [
    [
      { jsonPath: '$.city', stringValue: 'Boston', willContinue: true },
      { jsonPath: '$.city', stringValue: '' },
    ],
    '{"city":"Boston"}',
  ],
  [
    [
      { jsonPath: '$.n', numberValue: 1.5 },
      { jsonPath: '$.b', boolValue: false },
      { jsonPath: '$.z', nullValue: 'NULL_VALUE' },
    ],
    '{"n":1.5,"b":false,"z":null}',
  ],
  [
    [
      { jsonPath: '$.a.b[0].c', stringValue: 'x' },
      { jsonPath: '$.a.b[1].c', stringValue: 'y' },
    ],
    '{"a":{"b":[{"c":"x"},{"c":"y"}]}}',
  ],
  [
    [
      { jsonPath: '$.list[0]', numberValue: 1 },
      { jsonPath: '$.list[1]', numberValue: 2 },
    ],
    '{"list":[1,2]}',
  ],
  [[{ jsonPath: "$['a b']['c.d']", stringValue: 'x' }], '{"a b":{"c.d":"x"}}'],
  [
    [
      { jsonPath: '$.a.x', stringValue: '1' },
      { jsonPath: '$.b', stringValue: '2' },
      { jsonPath: '$.a.y', stringValue: '3' },
    ],
    '{"a":{"x":"1"},"b":"2","a":{"x":"1","y":"3"}}',
  ],
  [[{ jsonPath: '$.__proto__.x', stringValue: '1' }], '{"__proto__":{"x":"1"}}'],
  [
    [
      { jsonPath: '$.list[4000000000]', stringValue: 'x' },
      { jsonPath: '$.a', stringValue: 'y' },
    ],
    '{"a":"y"}',
  ],
  [[{ jsonPath: '$', stringValue: 'x' }, { stringValue: 'x' }, { jsonPath: '$.a' }], '{}'],
];

test.each(rows)('%j', (pieces, text) => {
  expect(put(...pieces)).toBe(text);
});

test('nothing outside the arguments is touched', () => {
  put({ jsonPath: '$.__proto__.polluted', stringValue: 'x' });
  expect(({} as JsonObject).polluted).toBeUndefined();
});

test('text is told as it comes', () => {
  const args = createPartialArguments();
  const told = [
    { jsonPath: '$.a.city', stringValue: 'Bos"', willContinue: true },
    { jsonPath: '$.a.city', stringValue: 'ton', willContinue: true },
    { jsonPath: '$.a.city', stringValue: '' },
    { jsonPath: '$.a.n', numberValue: 1 },
    { jsonPath: '$.list[0].x', boolValue: true },
    { jsonPath: '$.list[1].x', nullValue: 'NULL_VALUE' },
    { jsonPath: '$.b', stringValue: 'x', willContinue: true },
  ].map((piece) => args.add(piece));
  expect(told).toEqual([
    '{"a":{"city":"Bos\\"',
    'ton',
    '"',
    ',"n":1',
    '},"list":[{"x":true',
    '},{"x":null',
    '}],"b":"x',
  ]);
  expect(args.close()).toBe('"}');
});

test('what comes late is in the arguments all the same', () => {
  const text = put(
    { jsonPath: '$.list[0]', stringValue: 'a', willContinue: true },
    { jsonPath: '$.b', numberValue: 1 },
    { jsonPath: '$.list[0]', stringValue: 'b' },
    { jsonPath: '$.list[1]', stringValue: 'c' },
    { jsonPath: '$.b', numberValue: 2 },
  );
  expect(JSON.parse(text)).toEqual({ list: ['ab', 'c'], b: 2 });
});

test('two halves of one character come out as it', () => {
  const halves = ['\ud83d', '\ude00'].map((half) => ({ jsonPath: '$.a', stringValue: half, willContinue: true }));
  expect(JSON.parse(put(...halves))).toEqual({ a: '😀' });
});
