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
    expect(quirksOfServer('https://models.example.com/v1', 'qwen3')).toEqual({
      maxTokensField: 'max_tokens',
      developerRole: false,
      midSystem: false,
      customTools: false,
    });
  });

  test('a server nearby, and one of a model that is known for it, may write thoughts into answers', () => {
    const tags = (baseUrl: string | undefined, model: string) => quirksOfServer(baseUrl, model).thinkTags === true;
    const nearby = [
      'localhost:8000',
      '127.0.0.1',
      '192.168.1.9:1234',
      '172.20.0.2',
      '[::1]:80',
      'nas.local',
      'gpu-box',
    ];
    expect(nearby.filter((host) => !tags(`http://${host}/v1`, 'qwen3'))).toEqual([]);
    const far = ['models.example.com', '172.99.1.1', '8.8.8.8', 'localhost.example.com'];
    expect(far.filter((host) => tags(`https://${host}/v1`, 'qwen3'))).toEqual([]);
    expect(tags('https://models.example.com/v1', 'deepseek-r1-distill-qwen-32b')).toBe(true);
    expect([tags(undefined, 'qwen3'), tags('http://localhost/v1', 'gpt-6')]).toEqual([false, false]);
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
    expect(quirksOfServer('https://api.x.ai/v1', 'grok-4').maxStops).toBe(0);
    expect(quirksOfServer('https://api.x.ai/v1', 'grok-4-fast-non-reasoning').refusedFields).toBeUndefined();
    expect(quirksOfServer('https://api.minimax.io/v1', 'MiniMax-M2').thinkTags).toBe(true);
  });
});
