import { describe, expect, test } from 'bun:test';
import { findServer, quirksOfMessagesServer, quirksOfServer } from '../../../src/upstream/known-servers.ts';

describe('findServer', () => {
  test.each<[string | undefined, string, string | undefined]>([
    ['https://api.deepseek.com', 'deepseek-chat', 'deepseek'],
    ['https://api.groq.com/openai/v1', 'openai/gpt-oss-120b', 'groq'],
    ['https://api.x.ai/v1', 'grok-4', 'xai'],
    ['https://api.mistral.ai/v1', 'anything', 'mistral'],
    // its words are its own service's, not those of others who serve its models
    ['http://localhost:8080/v1', 'mistral-large-latest', undefined],
    ['http://localhost:8000/v1', 'deepseek-reasoner', 'deepseek'],
    ['http://localhost:8080/v1', 'my-model', undefined],
    // a program nearby is known by its port
    ['http://localhost:8000/v1', 'my-model', 'vllm'],
    ['http://192.168.1.9:1234/v1', 'my-model', 'lmstudio'],
    ['http://nas.local:11434/v1', 'my-model', 'ollama'],
    ['https://models.example.com:8000/v1', 'my-model', undefined],
    ['http://localhost:8000/v1', 'kimi-k2', 'moonshot'],
    ['https://openrouter.ai/api/v1', 'deepseek/deepseek-v3', 'openrouter'],
    ['https://api.z.ai/api/coding/paas/v4', 'glm-5', 'zai'],
    ['https://open.bigmodel.cn/api/paas/v4', 'glm-5', 'zai'],
    ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'qwen3-max', 'alibaba'],
    ['https://api.perplexity.ai', 'sonar', 'perplexity'],
    ['https://mine.cognitiveservices.azure.com/openai/v1', 'x', 'azure'],
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

  test('what each service deviates in', () => {
    const quirks = quirksOfServer;
    expect(quirks('https://mine.openai.azure.com', 'gpt-6')).toEqual({ customTools: false });
    expect(quirks('https://api.deepseek.com', 'deepseek-chat')).toMatchObject({
      media: false,
      maxTokensField: 'max_tokens',
    });
    const groq = 'https://api.groq.com/openai/v1';
    expect(quirks(groq, 'openai/gpt-oss-120b').refusedFields).toEqual(['logprobs', 'top_logprobs', 'logit_bias', 'n']);
    expect([quirks(groq, 'openai/gpt-oss-120b').outputSchema, quirks(groq, 'llama-3.3-70b').outputSchema]).toEqual([
      undefined,
      false,
    ]);
    expect([quirks(groq, 'qwen/qwen3-32b').thinkTags, quirks(groq, 'llama-3.3-70b').thinkTags]).toEqual([
      true,
      undefined,
    ]);
    expect(quirks('https://api.mistral.ai/v1', 'mistral-large-latest').streamUsage).toBe(false);
    expect(quirks('https://api.moonshot.ai/v1', 'kimi-k2')).toMatchObject({ reasoningBack: 'reasoning_content' });
    expect(quirks('https://dashscope.aliyuncs.com/compatible-mode/v1', 'qwen3')).toMatchObject({ topK: true });
    expect(quirks('https://api.perplexity.ai', 'sonar')).toMatchObject({ alternates: true, streamUsage: false });
    expect(quirks('https://openrouter.ai/api/v1', 'x')).toMatchObject({ cacheControl: true, topK: true });
    expect(quirks('https://api.z.ai/api/paas/v4', 'glm-5')).toMatchObject({ toolChoice: 'auto-only', maxStops: 1 });
    expect(quirks('http://localhost:8000/v1', 'x')).toMatchObject({ topK: true, thinkTags: true });
    expect(quirks('http://localhost:1234/v1', 'x')).toMatchObject({ topK: true, imageUrls: false });
    expect(quirks('http://localhost:11434/v1', 'x')).toMatchObject({ topK: true, toolChoice: 'auto-only' });
  });

  test('what servers of Anthropic’s dialect deviate in', () => {
    expect(quirksOfMessagesServer('https://api.deepseek.com/anthropic')).toEqual({ media: false });
    expect(quirksOfMessagesServer('https://api.minimax.io/anthropic')).toEqual({ media: false });
    expect(quirksOfMessagesServer('http://localhost:4000')).toEqual({});
    expect(quirksOfMessagesServer(undefined)).toEqual({});
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
