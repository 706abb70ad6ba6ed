import { describe, expect, test } from 'bun:test';
import { readAnthropicFacts, readGeminiFacts, readOpenAiFacts } from '../../../src/upstream/read-model-facts.ts';

const yes = { supported: true };
const no = { supported: false };

describe('what a list says of a model', () => {
  test('Anthropic: limits, forms of thinking, efforts and inputs', () => {
    const capabilities = {
      effort: { supported: true, low: yes, medium: yes, high: yes, xhigh: null, max: yes },
      image_input: yes,
      pdf_input: no,
      structured_outputs: yes,
      thinking: { supported: true, types: { adaptive: yes, enabled: no, disabled: no, between_tools: yes } },
    };
    const model = {
      id: 'claude-x',
      display_name: 'Claude X',
      created_at: '2026-03-04T00:00:00Z',
      max_input_tokens: 1_000_000,
      max_tokens: 128_000,
      capabilities,
    };
    expect(readAnthropicFacts(model)).toEqual({
      title: 'Claude X',
      contextWindow: 1_000_000,
      maxOutput: 128_000,
      releasedAt: Date.UTC(2026, 2, 4),
      thinks: true,
      thinkingTypes: ['adaptive', 'between_tools'],
      efforts: ['low', 'medium', 'high', 'max'],
      inputs: ['image'],
      outputSchema: true,
    });
  });

  test('Anthropic: null and the epoch say nothing; a model without effort takes none', () => {
    const bare = {
      id: 'a',
      display_name: 'a',
      created_at: '1970-01-01T00:00:00Z',
      max_tokens: null,
      capabilities: null,
    };
    expect(readAnthropicFacts(bare)).toBeUndefined();
    expect(readAnthropicFacts({ id: 'a', capabilities: { effort: no } })).toEqual({ efforts: [] });
  });

  test('Gemini: limits, thinking and sampling', () => {
    const model = {
      name: 'models/gemini-x',
      displayName: 'Gemini X',
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      temperature: 1,
      topP: 0.95,
      topK: 64,
      maxTemperature: 2,
      thinking: true,
    };
    expect(readGeminiFacts(model)).toEqual({
      title: 'Gemini X',
      contextWindow: 1_048_576,
      maxOutput: 65_536,
      thinks: true,
      sampling: { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 },
    });
  });

  test.each<[string, object, object | undefined]>([
    ['OpenAI', { id: 'gpt-5', object: 'model', owned_by: 'system' }, undefined],
    [
      'OpenRouter',
      {
        id: 'x/y',
        name: 'Y',
        created: 1_700_000_000,
        context_length: 200_000,
        top_provider: { max_completion_tokens: 32_000 },
        supported_parameters: ['tools', 'reasoning'],
        architecture: { input_modalities: ['text', 'image', 'file', 'constructor'] },
      },
      {
        title: 'Y',
        releasedAt: 1_700_000_000_000,
        contextWindow: 200_000,
        maxOutput: 32_000,
        thinks: true,
        inputs: ['image', 'document'],
      },
    ],
    [
      'Groq',
      { id: 'g', context_window: 131_072, max_completion_tokens: 8192 },
      { contextWindow: 131_072, maxOutput: 8192 },
    ],
    [
      'Mistral',
      { id: 'm', max_context_length: 131_072, capabilities: { vision: true, audio: false } },
      { contextWindow: 131_072, inputs: ['image'] },
    ],
    ['vLLM', { id: 'v', max_model_len: 4096, created: 0 }, { contextWindow: 4096 }],
    ['figures that are none', { id: 'v', context_length: -1, max_completion_tokens: 'many' }, undefined],
  ])('OpenAI dialects: %s', (_who, model, facts) => {
    expect<unknown>(readOpenAiFacts(model as never)).toEqual(facts);
  });
});
