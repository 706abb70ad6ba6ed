import { describe, expect, test } from 'bun:test';
import { createInputDecoder, unwrapInput, wrapInput } from '../../../src/translate/custom-input.ts';

describe('custom input', () => {
  test('is led through the wrapper and back', () => {
    const input = '*** Begin\n+é"\\\t\u0001😀*** End';
    expect(JSON.parse(wrapInput(input))).toEqual({ input });
    expect(unwrapInput(wrapInput(input))).toBe(input);
  });

  test('R→C 25: an escape cut in the middle and a cut pair come out whole', () => {
    const decoder = createInputDecoder();
    const pieces = ['{"input":"*** Begin\\n…\\u00', 'e9\\ud83d', '\\ude', '00"}'].map((piece) => decoder.push(piece));
    expect(pieces).toEqual(['*** Begin\n…', 'é', '', '😀']);
    expect(decoder.finish()).toBe('');
  });

  test.each([
    ['', ''],
    ['{}', ''],
    ['{"input":""}', ''],
    [' { "input" : "a" , "more": 1 }', 'a'],
    ['{"patch":"a\\n"}', 'a\n'],
    ['{"other":1,"input":"b"}', 'b'],
    ['"just a string"', 'just a string'],
    ['echo hi', 'echo hi'],
    ['{"input":"cut off', 'cut off'],
    ['{"input":"half \\u00', 'half '],
    ['{"input":{"a":1}}', '{"input":{"a":1}}'],
  ])('reads %p', (args, input) => {
    expect(unwrapInput(args)).toBe(input);
  });
});
