import { expect, test } from 'bun:test';
import { findSeals, mayHoldSeals, mayHoldSealsIn } from '../../../src/translate/find-seals.ts';

const MESSAGES = {
  content: [
    { type: 'thinking', thinking: 'hm', signature: 'a' },
    { type: 'redacted_thinking', data: 'b' },
    { type: 'tool_use', input: { signature: 'no' } },
  ],
};
const OUTPUT = { response: { output: [{ type: 'reasoning', encrypted_content: 'c' }, { type: 'reasoning' }] } };
const DELTA = { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'd' } };

test('seals are found where the two dialects have them', () => {
  expect([MESSAGES, OUTPUT, DELTA, [null, 'x', 1]].map(findSeals)).toEqual([['a', 'b'], ['c'], ['d'], []]);
  expect(findSeals({ parts: [{ functionCall: {}, thoughtSignature: 'e' }] })).toEqual(['e']);
});

test('a look at a text tells whether there may be any', () => {
  const texts = [MESSAGES, OUTPUT, DELTA, { include: ['reasoning.encrypted_content'], thinking: 'no signature' }];
  const written = texts.map((text) => JSON.stringify(text));
  expect(written.map(mayHoldSeals)).toEqual([true, true, true, false]);
  expect(written.map((text) => mayHoldSealsIn(new TextEncoder().encode(text)))).toEqual([true, true, true, false]);
});
