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

describe('limits', () => {
  test.each([
    ['gpt-3.5-turbo', 16_385, 4096],
    ['gpt-4', 8192, 8192],
    ['gpt-4-turbo', 128_000, 4096],
    ['gpt-4o-mini', 128_000, 16_384],
    ['ft:gpt-4.1-nano:acme', 1_047_576, 32_768],
    ['o1', 200_000, 100_000],
    ['o4-mini', 200_000, 100_000],
    ['gpt-5-chat-latest', 128_000, 16_384],
    ['gpt-5', 400_000, 128_000],
    ['gpt-5.3-codex', 400_000, 128_000],
    ['gpt-5.6', undefined, 128_000],
    ['gpt-6', undefined, 128_000],
    ['gpt-oss-120b', undefined, undefined],
    ['qwen3', undefined, undefined],
  ])('%s: %p and %p', (model, contextWindow, maxOutput) => {
    const { contextWindow: window, maxOutput: output } = readOpenaiModel(model);
    expect([window, output]).toEqual([contextWindow, maxOutput]);
  });

  test('are those of the upstream’s list where it tells them', () => {
    expect(readOpenaiModel('gpt-4o', { maxOutput: 5 })).toMatchObject({ contextWindow: 128_000, maxOutput: 5 });
    expect(readOpenaiModel('qwen3', { contextWindow: 7 }).contextWindow).toBe(7);
  });
});

test('whether a model reasons is learnt from a list only where its name does not tell', () => {
  expect(readOpenaiModel('vendor/new', { thinks: true }).reasons).toBe(true);
  expect(readOpenaiModel('vendor/new', { thinks: false }).reasons).toBe(false);
  expect(readOpenaiModel('gpt-4o', { thinks: true }).reasons).toBe(false);
});
