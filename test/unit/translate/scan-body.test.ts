import { describe, expect, test } from 'bun:test';
import { openScan, readText, replaceSpan, scanBody } from '../../../src/translate/scan-body.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function scan(text: string): { [key: string]: string } | undefined {
  const bytes = encode(text);
  const spans = scanBody(bytes);
  return spans && Object.fromEntries([...spans].map(([key, span]) => [key, readText(bytes, span)]));
}

describe('a scan that is asked for keys', () => {
  const valueIn = (text: string, key: string) => {
    const bytes = encode(text);
    const span = openScan(bytes).span(key);
    return span && readText(bytes, span);
  };

  test('takes the last of doubled keys, written with escapes or not', () => {
    expect(valueIn('{"model":"first","a":1,"model":"second"}', 'model')).toBe('"second"');
    expect(valueIn('{"model":"first","m\\u006fdel":"second"}', 'model')).toBe('"second"');
  });

  test('takes no key for its own that stands deeper, or in a text', () => {
    expect(valueIn('{"a":{"model":"inner"},"model":"outer","b":["model"]}', 'model')).toBe('"outer"');
    expect(valueIn('{"a":{"model":"inner"},"b":"\\"model\\":1"}', 'model')).toBeUndefined();
  });

  test('does not read what stands behind', () => {
    const scan = openScan(encode('{"model":"m","messages":[{]}'));
    expect(scan.start('messages')).toBe('{"model":"m","messages":'.length);
    expect(scan.isBroken()).toBe(false);
    expect(scan.span('messages')).toBeUndefined();
    expect(scan.isBroken()).toBe(true);
  });

  test.each(['[]', '', '"text"', '{"model":"m"', '}'])(
    'knows that %j is no object before any key is asked for',
    (text) => {
      expect(openScan(encode(text)).isBroken()).toBe(true);
    },
  );
});

describe('the values of an object', () => {
  test.each<[string, { [key: string]: string }]>([
    ['{}', {}],
    [' \t\r\n{ } \n', {}],
    ['{"model":"m"}', { model: '"m"' }],
    ['{ "model" : "m" , "stream" : true }', { model: '"m"', stream: 'true' }],
    ['{"a":[1,{"model":"inner"}],"model":"outer"}', { a: '[1,{"model":"inner"}]', model: '"outer"' }],
    ['{"a":"}\\",\\"model\\":\\"no\\"","model":"m"}', { a: '"}\\",\\"model\\":\\"no\\""', model: '"m"' }],
    ['{"a":"\\\\","b":1}', { a: '"\\\\"', b: '1' }],
    ['{"model":"first","model":"second"}', { model: '"second"' }],
    ['{"m\\u006fdel":"m"}', { model: '"m"' }],
    ['{"a\\"b":1}', { 'a"b': '1' }],
    ['{"text":"日本語 😀","n":-1.5e3}', { text: '"日本語 😀"', n: '-1.5e3' }],
    ['{"":null}', { '': 'null' }],
  ])('%s', (text, values) => {
    expect(scan(text)).toEqual(values);
  });

  test.each([
    '',
    '   ',
    '[]',
    '"model"',
    'null',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a":}',
    '{"a" 1}',
    '{a:1}',
    '{"a":1} x',
    '{"a":1}}',
    '{"a":"open}',
    '{"a":[1}',
    '{"a":1]',
    '{"\\x":1}',
  ])('there are none in %p', (text) => {
    expect(scan(text)).toBeUndefined();
  });

  test('are found in megabytes without reading them', () => {
    const history = JSON.stringify('word "quoted" \\ '.repeat(100_000));
    const text = `{"messages":[${history}],"model":"m"}`;
    expect(scan(text)?.model).toBe('"m"');
  });
});

describe('replacing a value', () => {
  test.each([
    ['{"model":"m"}', '"longer"', '{"model":"longer"}'],
    ['{ "model" :  "long name" , "n":1.0 }', '"s"', '{ "model" :  "s" , "n":1.0 }'],
    ['{"x":"é","model":"ü","y":"😀"}', '"日本"', '{"x":"é","model":"日本","y":"😀"}'],
  ])('in %s by %s', (text, replacement, expected) => {
    const bytes = encode(text);
    expect(decode(replaceSpan(bytes, scanBody(bytes)!.get('model')!, replacement))).toBe(expected);
  });

  test('keeps bytes that are not text', () => {
    const bytes = Uint8Array.from([...encode('{"x":"'), 0xff, 0xfe, ...encode('","model":"m"}')]);
    const replaced = replaceSpan(bytes, scanBody(bytes)!.get('model')!, '"n"');
    expect([...replaced]).toEqual([...encode('{"x":"'), 0xff, 0xfe, ...encode('","model":"n"}')]);
  });
});
