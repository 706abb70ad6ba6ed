import { describe, expect, test } from 'bun:test';
import { readOpenaiModel } from '../../../../src/translate/models/openai.ts';

describe('reasons', () => {
  const cases: readonly (readonly [string, boolean | undefined])[] = [
    ['gpt-4o', false],
    ['gpt-4.1-mini', false],
    ['gpt-3.5-turbo', false],
    ['gpt-35-turbo', false],
    ['chatgpt-4o-latest', false],
    ['gpt-5-chat-latest', false],
    ['gpt-5.1-chat-latest', false],
    ['ft:gpt-4o:acme', false],
    ['o1', true],
    ['o4-mini', true],
    ['gpt-5', true],
    ['gpt-5-mini-2026-01-01', true],
    ['gpt-5.4-nano', true],
    ['openai/gpt-6', true],
    ['gpt-10.2', true],
    ['gpt-oss-120b', undefined],
    ['qwen3', undefined],
    ['claude-opus-5', undefined],
  ];
  for (const [model, reasons] of cases) {
    test(`${model}: ${reasons}`, () => expect(readOpenaiModel(model).reasons).toBe(reasons as boolean));
  }
});

describe('efforts', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['o3', 'low medium high'],
    ['gpt-5', 'minimal low medium high'],
    ['gpt-5-codex', 'low medium high'],
    ['gpt-5.1', 'none low medium high'],
    ['gpt-5.4', 'none low medium high xhigh'],
    ['gpt-6', 'none low medium high xhigh max'],
    ['gpt-4o', undefined],
    ['qwen3', undefined],
  ];
  for (const [model, efforts] of cases) {
    test(`${model}: ${efforts}`, () => expect(readOpenaiModel(model).efforts?.join(' ')).toBe(efforts as string));
  }
});

test('what came with which generation', () => {
  expect(['gpt-5', 'gpt-5.1'].map((model) => readOpenaiModel(model).samplesWhenIdle)).toEqual([false, true]);
  expect(['gpt-5.5', 'gpt-5.6'].map((model) => readOpenaiModel(model).cacheBreakpoints)).toEqual([false, true]);
  expect(['o3', 'gpt-5'].map((model) => readOpenaiModel(model).customTools)).toEqual([false, true]);
  expect(['o1', 'o3', 'o4-mini', 'gpt-5'].map((model) => readOpenaiModel(model).refusesStop)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
