import { expect, test } from 'bun:test';
import { makerOf } from '../../../../src/relay/counting/model-maker.ts';

test.each([
  ['gpt-4o', 'openai', 1],
  ['openai/gpt-5', 'openai', 1],
  ['o3-mini', 'openai', 1],
  ['gemini-2.5-pro', 'google', 1],
  ['claude-3-5-sonnet-20241022', 'anthropic', 1.15],
  ['claude-opus-4-1-20250805', 'anthropic', 1.15],
  ['claude-sonnet-4-6', 'anthropic', 1.15],
  ['claude-opus-4-7', 'anthropic', 1.5],
  ['anthropic/claude-opus-4.8', 'anthropic', 1.5],
  ['claude-opus-5', 'anthropic', 1.5],
  ['claude-next', 'anthropic', 1.5],
  ['qwen3-coder', 'other', 1.05],
] as const)('%s is counted as one of %s', (model, maker, factor) => {
  expect(makerOf(model)).toMatchObject({ maker, factor });
});
