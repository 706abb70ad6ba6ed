import { expect, test } from 'bun:test';
import type { Message } from '../../../../src/translate/canonical/request.ts';
import { mergeTurns, prefixNames } from '../../../../src/translate/repair/merge-turns.ts';
import { assistant, CLAUDE_ORDER, OPENAI_ORDER, system, user } from '../../../support/conversations.ts';

const named = (name: string, text: string): Message => ({ ...user(text), name }) as Message;

test('turns of one role become one, and a system turn keeps them apart', () => {
  const history = [user('a'), user('b'), assistant('c'), assistant('d'), user('e'), system('f'), user('g')];
  expect(mergeTurns(history, CLAUDE_ORDER)).toEqual([
    user('a', 'b'),
    assistant('c', 'd'),
    user('e'),
    system('f'),
    user('g'),
  ]);
  expect(mergeTurns(history, OPENAI_ORDER)).toBe(history);
});

test('one name is nobody to tell apart', () => {
  const history = [named('ann', 'a'), assistant('b'), named('ann', 'c')];
  expect(prefixNames(history, CLAUDE_ORDER)).toBe(history);
});

test('names stand before the text as soon as there are two', () => {
  const history = [named('ann', 'a'), named('bob', 'b'), named('ann', 'c')];
  expect(prefixNames(history, CLAUDE_ORDER)).toEqual([named('ann', 'a'), user('bob: b'), user('ann: c')]);
});
