import { describe, expect, test } from 'bun:test';
import { describeModel } from '../../../../src/translate/models/describe-model.ts';

describe('what a name tells', () => {
  test.each([
    ['claude-2.1', { contextWindow: 200_000, maxOutput: 4096, thinks: false, thinkingTypes: ['disabled'], inputs: [] }],
    [
      'claude-sonnet-4-5',
      { contextWindow: 200_000, maxOutput: 64_000, thinkingTypes: ['enabled', 'disabled'], efforts: [] },
    ],
    [
      'anthropic/claude-opus-4.6',
      {
        contextWindow: 1_000_000,
        maxOutput: 128_000,
        thinkingTypes: ['enabled', 'adaptive', 'disabled'],
        outputSchema: true,
      },
    ],
    ['claude-opus-5-5', { thinkingTypes: ['adaptive'], inputs: ['image', 'document'] }],
    ['claude-sonnet-5-5', { thinkingTypes: ['adaptive', 'between_tools'] }],
    ['gemini-2.5-pro', { contextWindow: 1_048_576, maxOutput: 65_536, thinks: true }],
    ['gemini-2.0-flash', { maxOutput: 8192, thinks: false, inputs: ['image', 'document', 'audio', 'video'] }],
    ['gemma-3-27b-it', { contextWindow: 131_072, inputs: ['image'], thinks: false }],
    ['gpt-4o', { contextWindow: 128_000, maxOutput: 16_384, thinks: false, inputs: ['image', 'document'] }],
    ['gpt-5.1', { contextWindow: 400_000, thinks: true, efforts: ['none', 'low', 'medium', 'high'] }],
    ['gpt-3.5-turbo', { inputs: [] }],
    ['o3-mini', { inputs: [] }],
    ['glm-4.6', { contextWindow: 204_800, maxOutput: 131_072, thinks: true, inputs: [] }],
    ['glm-4.5v', { contextWindow: 65_536, inputs: ['image'] }],
    ['glm-5.3', { thinks: true, inputs: [] }],
  ])('%s', (model, facts) => expect(describeModel(model)).toMatchObject(facts as never));

  test.each(['qwen3', 'trivium-echo', 'gpt-oss-120b'])('nothing, of %s', (model) => {
    const { efforts: _, ...known } = describeModel(model);
    expect(known).toEqual({});
  });
});

test('what an upstream’s list says counts more', () => {
  const facts = { contextWindow: 5, title: 'T', inputs: [] } as const;
  expect(describeModel('claude-opus-5', facts)).toMatchObject({
    contextWindow: 5,
    title: 'T',
    inputs: [],
    maxOutput: 128_000,
  });
  expect(describeModel('glm-4.6', { maxOutput: 7 })).toMatchObject({ contextWindow: 204_800, maxOutput: 7 });
});
