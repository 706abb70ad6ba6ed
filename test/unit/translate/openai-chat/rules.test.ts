import { describe, expect, test } from 'bun:test';
import { isMistralModel, rulesFor } from '../../../../src/translate/openai-chat/rules.ts';

describe('custom tools', () => {
  const cases: readonly (readonly [string, boolean | undefined, boolean])[] = [
    ['gpt-5', undefined, true],
    ['gpt-5', false, false],
    ['gpt-4o', undefined, false],
    ['qwen3', undefined, false],
  ];
  for (const [model, customTools, custom] of cases) {
    test(`${model} ${customTools}`, () => {
      const quirks = customTools === undefined ? {} : { customTools };
      expect(rulesFor(model, { provider: 'openai', quirks }).tools.custom).toBe(custom);
    });
  }
});

test('thoughts go back as text where they are wanted, else only with a seal of this dialect', () => {
  const reasoning = (quirks: object) => rulesFor('x', { provider: 'openai-compatible', quirks }).order.reasoning;
  expect(reasoning({})).toEqual({ keep: 'sealed', dialect: 'openai-chat' });
  expect(reasoning({ reasoningBack: 'reasoning_content' })).toEqual({ keep: 'text' });
});

test('a server that takes instructions only at the start gets later ones as text', () => {
  const place = (quirks: object) => rulesFor('x', { provider: 'ollama', quirks }).order.midSystem;
  expect(place({})).toBe('keep');
  expect(place({ midSystem: false })).toBe('user-text');
});

test('Mistral’s models have a strict order and ids of nine characters, wherever they are', () => {
  const { order } = rulesFor('mistralai/mistral-large', { provider: 'openrouter', quirks: {} });
  expect(order).toMatchObject({
    startWithUser: true,
    mergeTurns: true,
    fillAfterResults: true,
    midSystem: 'user-text',
  });
  expect(order.callId).toMatchObject({ prefix: '', length: 9 });
  expect(['abcDEF123', 'call_abc1', 'abcDEF1234'].map((id) => order.callId.valid.test(id))).toEqual([
    true,
    false,
    false,
  ]);
  expect(['codestral-latest', 'open-mixtral-8x7b', 'gpt-5', 'x-mistral'].map(isMistralModel)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('where user and assistant have to take turns, the user first', () => {
  const order = (quirks: object) => rulesFor('sonar', { provider: 'openai-compatible', quirks }).order;
  expect(order({ alternates: true })).toMatchObject({ startWithUser: true, mergeTurns: true, midSystem: 'user-text' });
  expect(order({})).toMatchObject({ startWithUser: false, mergeTurns: false });
});
