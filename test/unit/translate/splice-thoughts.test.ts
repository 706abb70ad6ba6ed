import { expect, test } from 'bun:test';
import { NO_EDITS } from '../../../src/translate/edit-body.ts';
import { excuseUnsealed, lastModelTurn } from '../../../src/translate/splice-thoughts.ts';

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

test.each([{}, { contents: 'functionCall' }, { contents: ['"functionCall"'] }, '{"contents":[{"functionCall"', ''])(
  'a body without calls stays as it is: %j',
  (body) => {
    expect(excuseUnsealed(bytes(body))).toBe(NO_EDITS);
  },
);

test('only the first call of a turn is excused', () => {
  const part = { functionCall: { name: 'f' } };
  const edits = excuseUnsealed(bytes({ contents: [{ parts: [{ text: 'hi' }] }, { parts: [part, part] }] }));
  const sealed = { parts: [{ ...part, thoughtSignature: 'skip_thought_signature_validator' }, part] };
  expect(edits).toEqual(new Map([['contents', { type: 'elements', replaced: new Map([[1, sealed]]), added: [] }]]));
});

test('the last turn of a model is found behind those of users', () => {
  const messages = [
    { role: 'assistant', content: 'one' },
    { role: 'assistant', content: 'two' },
    { role: 'user', content: '"assistant"' },
  ];
  expect(lastModelTurn(bytes({ messages }))).toEqual({ role: 'assistant', content: 'two' });
  expect(lastModelTurn(bytes({ messages: messages.slice(2) }))).toBeUndefined();
  expect(lastModelTurn(bytes({ messages: 'none' }))).toBeUndefined();
});
