import { expect, test } from 'bun:test';
import type { AssistantPart } from '../../../../src/translate/canonical/request.ts';
import { keepOwnThoughts } from '../../../../src/translate/repair/keep-own-thoughts.ts';
import { assistant, CLAUDE_ORDER, call, OPENAI_ORDER, user } from '../../../support/conversations.ts';

const own: AssistantPart = {
  type: 'reasoning',
  text: 'own',
  seal: { dialect: 'anthropic-messages', value: 's' },
};
const foreign: AssistantPart = { type: 'reasoning', text: 'foreign', seal: { dialect: 'gemini', value: 's' } };
const unsealed: AssistantPart = { type: 'reasoning', text: 'plain' };

test('only thoughts the target itself sealed stay', () => {
  const history = [user('u'), assistant(own, foreign, unsealed, 'a')];
  expect(keepOwnThoughts(history, CLAUDE_ORDER)).toEqual([user('u'), assistant(own, 'a')]);
});

test('a seal of another vendor is taken off a call and off text', () => {
  const sealedCall = { ...call('1'), seal: { dialect: 'gemini', value: 's' } } as AssistantPart;
  const sealedText: AssistantPart = { type: 'text', text: 'a', seal: { dialect: 'gemini', value: 's' } };
  expect(keepOwnThoughts([assistant(sealedText, sealedCall)], CLAUDE_ORDER)).toEqual([assistant('a', call('1'))]);
});

test('texts stay for an upstream that wants them back', () => {
  const history = [assistant(unsealed, foreign, 'a')];
  expect(keepOwnThoughts(history, { ...OPENAI_ORDER, reasoning: { keep: 'text' } })).toBe(history);
});

test('nothing stays where no thoughts are taken', () => {
  expect(keepOwnThoughts([assistant(own, unsealed, 'a')], OPENAI_ORDER)).toEqual([assistant('a')]);
});
