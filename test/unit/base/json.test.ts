import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import {
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asObjects,
  asString,
  isNumber,
  isObject,
  type Json,
  nestsBeyond,
  parseJsonObject,
  tryParseJson,
} from '../../../src/base/json.ts';

describe('parsing text that may be anything', () => {
  test.each<[string, Json]>([
    ['{"a":[1,null]}', { a: [1, null] }],
    [' "x" ', 'x'],
    ['0', 0],
    ['null', null],
  ])('%s is a value', (text, value) => {
    expect(tryParseJson(text)).toEqual(value);
  });

  test.each(['', '{', '{"a":}', 'undefined', "{'a':1}", '1 2', '\u0000'])('%p is none', (text) => {
    expect(tryParseJson(text)).toBeUndefined();
  });
});

describe('parsing a request body', () => {
  test('gives the object', () => {
    expect(parseJsonObject('{"model":"m"}')).toEqual({ model: 'm' });
  });

  test.each(['', '{"a"', 'hello'])('%p is refused as no JSON', (text) => {
    expect(() => parseJsonObject(text)).toThrow(/^The request body is not valid JSON: ./);
  });

  test.each(['[]', 'null', '1', '"text"', 'true'])('%p is refused as no object', (text) => {
    expect(() => parseJsonObject(text)).toThrow('must be a JSON object');
  });

  test('refuses in a way that blames the client', () => {
    try {
      parseJsonObject('{');
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(GatewayError);
      expect((thrown as GatewayError).kind).toBe('invalid-request');
      return;
    }
    throw new Error('nothing was thrown');
  });
});

describe('how deep a value nests', () => {
  test.each<[string, number, boolean]>([
    ['1', 0, false],
    ['[]', 0, true],
    ['[]', 1, false],
    ['[[]]', 1, true],
    ['[[]]', 2, false],
    ['{"a":{"b":[1]}}', 2, true],
    ['{"a":{"b":[1]}}', 3, false],
    ['[1,2,{"a":[]}]', 2, true],
    ['null', 0, false],
  ])('%s beyond %i levels: %p', (text, levels, answer) => {
    expect(nestsBeyond(tryParseJson(text), levels)).toBe(answer);
  });

  test('is told of nothing as well', () => {
    expect(nestsBeyond(undefined, 0)).toBe(false);
  });
});

describe('narrowing', () => {
  const values = [undefined, null, true, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '', 'x', [], [1], {}, { a: 1 }];

  test.each<[string, (value: unknown) => unknown, readonly unknown[]]>([
    ['asObject', asObject, [{}, { a: 1 }]],
    ['asString', asString, ['', 'x']],
    ['asNumber', asNumber, [0, 1.5]],
    ['asBoolean', asBoolean, [true]],
  ])('%s takes what it names and nothing else', (_name, narrow, taken) => {
    const kept = values.map((value) => narrow(value)).filter((value) => value !== undefined);
    expect<readonly unknown[]>(kept).toEqual(taken);
  });

  test('isObject knows arrays and null for what they are', () => {
    expect(values.filter(isObject)).toEqual([{}, { a: 1 }]);
  });

  test('asArray makes an empty one of everything else', () => {
    expect(asArray([1, null])).toEqual([1, null]);
    expect(asArray({ length: 1 })).toEqual([]);
    expect(asArray(undefined)).toEqual([]);
  });

  test('asObjects leaves out what is none', () => {
    expect(asObjects([{ a: 1 }, null, 'x', [], {}])).toEqual([{ a: 1 }, {}]);
    expect(asObjects('x')).toEqual([]);
  });
});

describe('numbers that no double holds', () => {
  test.each([
    '1234567890123456789',
    '-9007199254740993',
    '[12345678901234567890,{"id":123456789012345678901234567890}]',
    '1234567890123456789.5',
    '0.1000000000000000055511151231257827',
    `1${'0'.repeat(400)}`,
    '{"__proto__":1234567890123456789}',
    '{"rawJSON":1234567890123456789}',
    '{"id":"x-0000000000000000000","n":1234567890123456789}',
    '[-1234567890123456789e3]',
  ])('%s is written as it was read', (text) => {
    expect(JSON.stringify(tryParseJson(text))).toBe(text);
  });

  test.each<[string, number]>([
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['[1,1760000000000000000]', 1.76e18],
    ['0.30000000000000004', 0.1 + 0.2],
    ['-1.234567890123456e-05', -1.234567890123456e-5],
  ])('%s is a number like any other', (text, number) => {
    const value = tryParseJson(text);
    expect(Array.isArray(value) ? value[1] : value).toBe(number);
  });

  test('are found wherever they stand', () => {
    for (let before = 0; before < 40; before++) {
      const text = `"${'x'.repeat(before)}"`;
      const long = `[${text},9007199254740993]`;
      expect(JSON.stringify(tryParseJson(long))).toBe(long);
    }
  });

  test('are numbers, and neither objects nor texts', () => {
    const [id, far] = tryParseJson(`[9007199254740993,1${'0'.repeat(400)}]`) as [Json, Json];
    expect([isNumber(id), isNumber(1), isNumber('1'), isNumber({})]).toEqual([true, true, false, false]);
    expect([asNumber(id), asNumber(far)]).toEqual([9007199254740992, undefined]);
    expect([isObject(id), asString(id), asObjects([id]), nestsBeyond({ id }, 1)]).toEqual([
      false,
      undefined,
      [],
      false,
    ]);
    expect(String(id)).toBe('9007199254740993');
  });

  test('do not keep text from being read that nests deeper than they can be looked for', () => {
    const text = `${'['.repeat(60_000)}9007199254740993${']'.repeat(60_000)}`;
    let levels = 0;
    for (let at = tryParseJson(text); Array.isArray(at); at = at[0]) levels++;
    expect(levels).toBe(60_000);
    expect(tryParseJson(`${text}]`)).toBeUndefined();
  });
});
