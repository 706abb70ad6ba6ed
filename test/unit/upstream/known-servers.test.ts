import { describe, expect, test } from 'bun:test';
import { findServer, quirksOfServer } from '../../../src/upstream/known-servers.ts';

describe('findServer', () => {
  test.each<[string | undefined, string, string | undefined]>([
    ['https://api.deepseek.com', 'deepseek-chat', 'deepseek'],
    ['https://api.groq.com/openai/v1', 'openai/gpt-oss-120b', 'groq'],
    ['https://api.x.ai/v1', 'grok-4', 'xai'],
    ['https://api.mistral.ai/v1', 'anything', 'mistral'],
    // its words are its own service's, not those of others who serve its models
    ['http://localhost:8000/v1', 'mistral-large-latest', undefined],
    ['http://localhost:8000/v1', 'deepseek-reasoner', 'deepseek'],
    ['http://localhost:8000/v1', 'my-model', undefined],
    ['https://notx.ai/v1', 'my-model', undefined],
    ['https://api.groq.com/openai/v1', 'mistral-saba-24b', 'groq'],
    [undefined, 'kimi-k2', 'moonshot'],
    ['https://mine.openai.azure.com/openai/v1', 'gpt-6', 'azure'],
  ])('%s with %s is %s', (baseUrl, model, expected) => {
    expect(findServer(baseUrl, model)?.name).toBe(expected as string);
  });
});

describe('quirksOfServer', () => {
  test('an unknown server is taken to know only the oldest words', () => {
    expect(quirksOfServer('http://localhost:8000/v1', 'qwen3')).toEqual({
      maxTokensField: 'max_tokens',
      developerRole: false,
      midSystem: false,
      customTools: false,
    });
  });

  test("OpenAI's own reasoning models refuse the old limit wherever they are served", () => {
    expect(quirksOfServer('http://proxy/v1', 'gpt-6-mini').maxTokensField).toBeUndefined();
    expect(quirksOfServer('http://proxy/v1', 'openai/o3').maxTokensField).toBeUndefined();
    expect(quirksOfServer('http://proxy/v1', 'gpt-oss-120b').maxTokensField).toBe('max_tokens');
    expect(quirksOfServer('http://proxy/v1', 'gpt-4o').maxTokensField).toBe('max_tokens');
  });

  test('what is known of a server', () => {
    expect(quirksOfServer('https://api.deepseek.com', 'deepseek-reasoner')).toMatchObject({
      reasoningBack: 'reasoning_content',
      outputSchema: false,
    });
    expect(quirksOfServer('https://api.x.ai/v1', 'grok-4').refusedFields).toContain('stop');
    expect(quirksOfServer('https://api.x.ai/v1', 'grok-4-fast-non-reasoning').refusedFields).toBeUndefined();
    expect(quirksOfServer('https://api.minimax.io/v1', 'MiniMax-M2').thinkTags).toBe(true);
  });
});
