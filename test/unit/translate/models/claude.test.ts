import { describe, expect, test } from 'bun:test';
import { readClaudeModel } from '../../../../src/translate/models/claude.ts';

describe('readClaudeModel', () => {
  test.each<[string, number, string, string, boolean, boolean, boolean]>([
    // name, default limit, thinking, sampling, system turns, prefill, output format
    ['claude-2.1', 4096, 'none', 'any', false, true, false],
    ['claude-instant-1.2', 4096, 'none', 'any', false, true, false],
    ['claude-3-haiku-20240307', 4096, 'none', 'any', false, true, false],
    ['claude-3-5-haiku-latest', 4096, 'none', 'any', false, true, false],
    ['claude-3-7-sonnet-20250219', 64000, 'budget', 'any', false, true, false],
    ['claude-opus-4-20250514', 32000, 'budget', 'any', false, true, false],
    ['claude-opus-4@20250514', 32000, 'budget', 'any', false, true, false],
    ['claude-sonnet-4-0', 64000, 'budget', 'any', false, true, false],
    ['claude-opus-4-1-20250805', 32000, 'budget', 'one', false, true, true],
    ['anthropic.claude-opus-4-1-20250805-v1:0', 32000, 'budget', 'one', false, true, true],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 64000, 'budget', 'one', false, true, true],
    ['anthropic/claude-sonnet-4.5', 64000, 'budget', 'one', false, true, true],
    ['claude-haiku-4-5', 64000, 'budget', 'one', false, true, true],
    ['claude-sonnet-4-6', 128000, 'either', 'one', false, false, true],
    ['claude-opus-4-7', 128000, 'adaptive', 'none', false, false, true],
    ['claude-opus-4-8', 128000, 'adaptive', 'none', true, false, true],
    ['claude-sonnet-5', 128000, 'adaptive', 'none', false, false, true],
    ['claude-opus-5', 128000, 'adaptive', 'none', true, false, true],
    ['claude-haiku-5-5', 128000, 'adaptive', 'none', true, false, true],
    ['claude-fable-5-1', 128000, 'adaptive', 'none', true, false, true],
    ['claude-mythos-preview', 128000, 'adaptive', 'none', true, false, true],
    ['claude-next', 32000, 'adaptive', 'none', true, false, true],
    ['glm-5', 8192, 'budget', 'any', false, true, false],
    ['mock-claude', 8192, 'budget', 'any', false, true, false],
  ])('%s', (model, limit, thinking, sampling, midSystem, prefill, outputFormat) => {
    expect(readClaudeModel(model)).toMatchObject({
      defaultMaxTokens: limit,
      thinking,
      sampling,
      midSystem,
      prefill,
      outputFormat,
    } as never);
  });

  test.each([
    ['claude-opus-4-7', 'disabled', false],
    ['claude-opus-5', 'disabled', true],
    ['claude-sonnet-5-5', 'between_tools', true],
    ['claude-haiku-5-5', 'disabled', true],
    ['claude-opus-5-5', 'refused', true],
    ['claude-fable-5', 'refused', true],
    ['claude-3-opus', 'unneeded', false],
  ])('%s is told not to think by: %s', (model, off, byDefault) => {
    expect(readClaudeModel(model)).toMatchObject({ thinkingOff: off, thinksByDefault: byDefault } as never);
  });

  test.each([
    ['claude-opus-5', true],
    ['claude-opus-5-5', false],
    ['claude-haiku-5-5', false],
  ])('a call of %s can be forced: %p', (model, forced) => {
    expect(readClaudeModel(model).forcedChoice).toBe(forced);
  });

  test('knows no limit of models it does not know', () => {
    expect(readClaudeModel('claude-next').maxTokens).toBeUndefined();
    expect(readClaudeModel('glm-5').maxTokens).toBeUndefined();
    expect(readClaudeModel('claude-3-5-sonnet').maxTokens).toBe(8192);
  });

  test('gives way to the quirks of a server', () => {
    const quirks = { outputSchema: false, midSystem: false, reasoningControl: 'none' } as const;
    expect(readClaudeModel('claude-opus-5', quirks)).toMatchObject({
      outputFormat: false,
      midSystem: false,
      thinking: 'none',
    });
  });
});

describe('what the upstream’s list says counts more than the name', () => {
  test('limits and efforts', () => {
    const facts = { maxOutput: 20_000, contextWindow: 300_000, efforts: ['low', 'max', 'odd'], outputSchema: false };
    expect(readClaudeModel('claude-opus-4-8', {}, facts)).toMatchObject({
      maxTokens: 20_000,
      defaultMaxTokens: 20_000,
      contextWindow: 300_000,
      efforts: ['low', 'max'],
      outputFormat: false,
      midSystem: true,
    });
    expect(readClaudeModel('some-model', {}, { maxOutput: 9000 })).toMatchObject({
      maxTokens: 9000,
      thinking: 'budget',
    });
  });

  test.each([
    [
      'claude-next',
      ['adaptive', 'between_tools'],
      { thinking: 'adaptive', thinkingOff: 'between_tools', thinksByDefault: true },
    ],
    ['claude-opus-5', ['adaptive'], { thinking: 'adaptive', thinkingOff: 'refused', thinksByDefault: true }],
    ['claude-opus-5-5', ['adaptive', 'disabled'], { thinking: 'adaptive', thinkingOff: 'disabled' }],
    ['claude-opus-4-8', ['enabled', 'adaptive', 'disabled'], { thinking: 'either', thinksByDefault: false }],
    ['claude-opus-5', ['enabled', 'disabled'], { thinking: 'budget', thinksByDefault: false }],
    ['claude-opus-5', ['disabled'], { thinking: 'adaptive' }],
  ])('%s with thinking %j', (model, thinkingTypes, expected) => {
    expect(readClaudeModel(model, {}, { thinkingTypes } as never)).toMatchObject(expected as never);
  });

  test('a model that cannot think is not asked to', () => {
    const model = readClaudeModel('claude-opus-5', {}, { thinks: false, thinkingTypes: ['disabled'] });
    expect(model).toMatchObject({ thinking: 'none', thinkingOff: 'unneeded', thinksByDefault: false });
  });
});

test.each([
  ['claude-sonnet-4-5', ''],
  ['claude-opus-4-5', 'low medium high'],
  ['claude-opus-4-6', 'low medium high max'],
  ['claude-opus-4-7', 'low medium high xhigh max'],
  ['glm-5', 'low medium high xhigh max'],
])('%s takes the efforts [%s]', (model, efforts) => {
  expect(readClaudeModel(model).efforts.join(' ')).toBe(efforts);
});
