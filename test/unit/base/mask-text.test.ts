import { describe, expect, test } from 'bun:test';
import { maskText } from '../../../src/base/mask-text.ts';

describe('maskText', () => {
  test.each([
    ['Incorrect API key provided: sk-proj-abcDEF123456.', 'Incorrect API key provided: sk-….'],
    ['key AIzaSyA1234567890abcdef is not valid', 'key AIza… is not valid'],
    ['sent Authorization: Bearer abc.def-ghi123', 'sent Authorization: Bearer …'],
    ['ask jane.doe+ai@mail.example.org for access', 'ask …@… for access'],
    ['see https://example.org/usage?project=123#top now', 'see https://example.org/usage now'],
    ['token ya29.a0AfH6SMBxyz refused', 'token ya29.… refused'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  test.each(['The model gpt-5.6 is overloaded; try again in 1.5s.', 'task-1 of 12 failed', 'max_tokens: 5 > 4'])(
    'leaves alone: %s',
    (text) => {
      expect(maskText(text)).toBe(text);
    },
  );
});
