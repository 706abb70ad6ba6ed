import { expect, test } from 'bun:test';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import type { Seal } from '../../../src/translate/seal.ts';
import {
  fitsTarget,
  hasItsText,
  isAccountBound,
  isPrefixBound,
  sealOrigin,
  withOrigin,
} from '../../../src/translate/seal-origin.ts';

const FAMILIES: readonly (readonly [DialectId, string, string])[] = [
  ['anthropic-messages', 'claude-sonnet-4-5-20250929', 'anthropic-messages/claude'],
  ['anthropic-messages', 'anthropic.claude-opus-4-1-v1:0', 'anthropic-messages/claude'],
  ['anthropic-messages', 'glm-5.3', 'anthropic-messages/glm'],
  ['openai-chat', 'anthropic/claude-opus-5', 'openai-chat/claude'],
  ['openai-responses', 'o4-mini', 'openai-responses/gpt'],
  ['openai-responses', 'gpt-5.5', 'openai-responses/gpt'],
  ['gemini', 'models/gemini-3-pro', 'gemini/gemini'],
  ['openai-chat', '4o-ours', 'openai-chat/4o-ours'],
];

test.each(FAMILIES)('%s %s is of the family %s', (dialect, model, family) => {
  expect(sealOrigin(dialect, model, 'acc_1').family).toBe(family);
});

test('who ties seals to an account', () => {
  const bound = (dialect: DialectId, model: string) => isAccountBound({ dialect, model });
  expect(bound('openai-responses', 'gpt-5.5')).toBe(true);
  expect(bound('anthropic-messages', 'claude-sonnet-5-5-20261001')).toBe(true);
  expect(bound('anthropic-messages', 'claude-haiku-5-5')).toBe(true);
  expect(bound('anthropic-messages', 'claude-opus-5-5')).toBe(false);
  expect(bound('anthropic-messages', 'claude-sonnet-4-5')).toBe(false);
  expect(bound('gemini', 'gemini-3-pro')).toBe(false);
});

test('who ties seals to the turns before', () => {
  const bound = (model: string) => isPrefixBound({ dialect: 'anthropic-messages', model });
  const models = ['claude-opus-5-5', 'claude-sonnet-5.5', 'claude-opus-5-1', 'claude-haiku-6'];
  expect(models.map(bound)).toEqual([true, true, true, true]);
  const older = [
    'claude-opus-5',
    'claude-opus-5-20260801',
    'claude-3-5-haiku-20241022',
    'claude-opus-4-20250514',
    'glm-6.1',
  ];
  expect(older.map(bound)).toEqual(older.map(() => false));
  expect(isPrefixBound({ dialect: 'gemini', model: 'claude-opus-5-5' })).toBe(false);
});

test('a seal goes to its own family, and where it is tied to an account to that one', () => {
  const gpt = sealOrigin('openai-responses', 'gpt-5.5', 'acc_1');
  const seal = withOrigin({ dialect: 'openai-responses', value: 'x' }, gpt);
  expect(fitsTarget(seal, gpt)).toBe(true);
  expect(fitsTarget(seal, { ...gpt, account: 'acc_2' })).toBe(false);
  expect(fitsTarget({ dialect: 'openai-responses', value: 'naked' }, { ...gpt, account: 'acc_2' })).toBe(true);
  const claude = sealOrigin('anthropic-messages', 'claude-opus-4-5', 'acc_1');
  const signed = withOrigin({ dialect: 'anthropic-messages', value: 'x' }, claude);
  expect(fitsTarget(signed, { ...claude, account: 'acc_2' })).toBe(true);
  expect(fitsTarget(signed, sealOrigin('anthropic-messages', 'glm-5.3', 'acc_1'))).toBe(false);
  expect(fitsTarget(signed, gpt)).toBe(false);
});

test('only Anthropic compares a thought with its seal, and not where the thought is hidden', () => {
  const claude = sealOrigin('anthropic-messages', 'claude-opus-4-5', 'acc_1');
  const signed = withOrigin({ dialect: 'anthropic-messages', value: 'x' }, claude, 'a thought');
  expect([hasItsText(signed, 'a thought'), hasItsText(signed, 'a thought!'), hasItsText(signed, '')]).toEqual([
    true,
    false,
    false,
  ]);
  const redacted: Seal = { dialect: 'anthropic-messages', value: 'x', kind: 'redacted' };
  expect(hasItsText(withOrigin(redacted, claude, ''), 'anything')).toBe(true);
  const gemini = sealOrigin('gemini', 'gemini-3-pro', 'acc_1');
  expect(hasItsText(withOrigin({ dialect: 'gemini', value: 'x' }, gemini, 'a thought'), '')).toBe(true);
});

test('a seal from behind another gateway keeps what it says of itself', () => {
  const seal: Seal = { dialect: 'gemini', value: 'x', family: 'gemini/gemini', account: 'acc_9' };
  expect(withOrigin(seal, sealOrigin('openai-chat', 'gpt-4o', 'acc_1'))).toBe(seal);
});
