import { describe, expect, test } from 'bun:test';
import { responsesRules } from '../../../../src/translate/openai-responses/rules.ts';
import { OPENAI } from './samples.ts';

test('the official service takes custom tools, namespaces and instructions anywhere', () => {
  const { tools, order } = responsesRules('gpt-5.4', OPENAI);
  expect(tools).toMatchObject({ custom: true, namespaces: true, maxLength: 64 });
  expect(order).toMatchObject({
    midSystem: 'keep',
    mergeTurns: false,
    reasoning: { keep: 'sealed', dialect: 'openai-responses' },
  });
});

describe('names', () => {
  const { valid } = responsesRules('m', OPENAI).tools;
  test.each([
    ['get_weather-2', true],
    ['a.b', false],
    ['', false],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
  ])('%s', (name, isValid) => {
    expect(valid.test(name)).toBe(isValid);
  });
});

test('quirks narrow it', () => {
  const quirks = { customTools: false, midSystem: false, reasoningBack: 'reasoning_content' } as const;
  const { tools, order } = responsesRules('m', { provider: 'openai-compatible', quirks });
  expect(tools.custom).toBe(false);
  expect(order).toMatchObject({ midSystem: 'user-text', reasoning: { keep: 'text' } });
});
