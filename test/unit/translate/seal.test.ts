import { expect, test } from 'bun:test';
import { openEnvelope, readSeal, type Seal, writeSeal } from '../../../src/translate/seal.ts';

test('a seal goes home as it is', () => {
  expect(writeSeal({ dialect: 'gemini', value: 'abc' }, 'gemini')).toBe('abc');
  expect(readSeal('abc', 'gemini')).toEqual({ dialect: 'gemini', value: 'abc' });
});

test('through another dialect it travels in an envelope', () => {
  const seal: Seal = { dialect: 'gemini', value: 'äbc', attach: 'call', id: 'rs_1' };
  const text = writeSeal(seal, 'anthropic-messages');
  expect(text).toMatch(/^VFJJVjAx[A-Za-z0-9+/]+=*$/);
  expect(readSeal(text, 'anthropic-messages')).toEqual(seal);
});

test('a redacted thought is in an envelope at home too, so that its kind is kept', () => {
  const seal: Seal = { dialect: 'anthropic-messages', value: 'data', kind: 'redacted' };
  expect(readSeal(writeSeal(seal, 'anthropic-messages'), 'anthropic-messages')).toEqual(seal);
});

test.each([
  'VFJJVjAx',
  'VFJJVjAxe30=',
  `${btoa('TRIV01{"dialect":"martian","value":"x"}')}`,
  btoa('TRIV01{"dialect":'),
])('what only looks like an envelope is a seal of the vendor: %p', (text) => {
  expect(openEnvelope(text)).toBeUndefined();
  expect(readSeal(text, 'openai-responses')).toEqual({ dialect: 'openai-responses', value: text });
});

test('unknown words in an envelope are left out', () => {
  const text = btoa('TRIV01{"dialect":"gemini","value":"x","kind":"new","attach":"elsewhere","more":1}');
  expect(openEnvelope(text)).toEqual({ dialect: 'gemini', value: 'x' });
});
