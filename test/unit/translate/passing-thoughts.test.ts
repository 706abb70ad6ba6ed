import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { returnThoughtsIn } from '../../../src/translate/passing-thoughts.ts';
import type { StepFinder } from '../../../src/translate/recall-thoughts.ts';

const seal = { dialect: 'gemini', value: 'proof' } as const;
const KNOWN: StepFinder = {
  ofCall: ({ callId, name, arguments: args }) =>
    callId === 'c1' || `${name}${args}` === 'look{"at":1}'
      ? {
          pieces: [
            { type: 'thought', part: { type: 'reasoning', text: 'Hm. ' } },
            { type: 'thought', part: { type: 'reasoning', text: 'Ah.' } },
            { type: 'call', callId: 'c1', seal },
          ],
        }
      : undefined,
  ofText: () => undefined,
};
const part = (name: string, args: JsonObject, more: JsonObject = {}): JsonObject => ({
  functionCall: { name, args },
  ...more,
});

test('the first call of each turn of Gemini gets its seal, or what stands for one', () => {
  const contents: JsonObject[] = [
    { role: 'user', parts: [{ text: 'hi' }] },
    { role: 'model', parts: [{ text: 'I look.' }, part('look', { at: 1 }), part('look', { at: 2 })] },
    { role: 'model', parts: [part('find', {})] },
    { role: 'model', parts: [part('find', {}, { thoughtSignature: 'own' })] },
  ];
  expect(returnThoughtsIn({ contents }, 'call-seals', KNOWN)).toEqual({
    contents: [
      contents[0]!,
      {
        role: 'model',
        parts: [{ text: 'I look.' }, part('look', { at: 1 }, { thoughtSignature: 'proof' }), part('look', { at: 2 })],
      },
      { role: 'model', parts: [part('find', {}, { thoughtSignature: 'skip_thought_signature_validator' })] },
      contents[3]!,
    ],
  });
});

test('a chat turn with calls gets its thoughts, or none at all', () => {
  const tool_calls = [{ id: 'c1', function: { name: 'look', arguments: '{}' } }];
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', tool_calls },
    { role: 'assistant', tool_calls: [{ id: 'c2' }] },
    { role: 'assistant', tool_calls, reasoning_content: 'own' },
    { role: 'assistant', content: 'Yes.' },
  ];
  const filled = { messages: [...messages] as object[] };
  filled.messages[1] = { role: 'assistant', tool_calls, reasoning_content: 'Hm. Ah.' };
  filled.messages[2] = { role: 'assistant', tool_calls: [{ id: 'c2' }], reasoning_content: '' };
  expect(returnThoughtsIn({ messages }, 'reasoning-content', KNOWN)).toEqual(filled as never);
  expect(returnThoughtsIn({ messages }, 'reasoning-content', undefined).messages).toMatchObject([
    {},
    { reasoning_content: '' },
    { reasoning_content: '' },
    { reasoning_content: 'own' },
    {},
  ]);
});

test('a body without turns stays as it is', () => {
  const body = { messages: 'hi' };
  expect(returnThoughtsIn(body, 'reasoning-content', undefined)).toBe(body);
  expect(returnThoughtsIn(body, 'call-seals', undefined)).toBe(body);
});
