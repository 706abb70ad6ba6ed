import { expect, test } from 'bun:test';
import { writeBody } from '../../../src/translate/write-body.ts';

test.each([
  ['a\ud83d', 'a\u{FFFD}'],
  ['\ude00\ud83d', '\u{FFFD}\u{FFFD}'],
  ['\\\ud83d', '\\\u{FFFD}'],
  ['😀', '😀'],
  ['\\ud83d as six letters', '\\ud83d as six letters'],
  ['\\\\ud83d behind two strokes', '\\\\ud83d behind two strokes'],
])('%j is sent as text that UTF-8 can hold', (text, sent) => {
  expect(JSON.parse(writeBody({ text, [text]: 1 }))).toEqual({ text: sent, [sent]: 1 });
  expect(writeBody({ text })).not.toMatch(/(?<!\\)(\\\\)*\\ud/);
});
