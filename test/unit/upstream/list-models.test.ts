import { describe, expect, test } from 'bun:test';
import type { ProviderId } from '../../../src/base/account.ts';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import type { Send, UpstreamRequest } from '../../../src/upstream/provider.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';
import { makeAccount } from '../../support/fake-upstream/account.ts';

async function list(provider: ProviderId, answer: (request: UpstreamRequest) => Response, baseUrl?: string) {
  const asked: UpstreamRequest[] = [];
  const send: Send = async (request) => {
    asked.push(request);
    return answer(request);
  };
  const account = makeAccount({ provider, ...(baseUrl === undefined ? {} : { baseUrl }) });
  const models = await PROVIDERS[provider]!.listModels!(send, account, new AbortController().signal);
  return { models: models.map(({ id }) => id), listed: models, asked };
}

describe('listModels', () => {
  test('OpenAI: one page, without the models that cannot talk', async () => {
    const ids = [
      'gpt-6',
      'o3',
      'text-embedding-3-small',
      'whisper-1',
      'gpt-4o-mini-tts',
      'gpt-image-1',
      'gpt-realtime',
      'ft:gpt-4o:x',
    ];
    const { models, asked } = await list('openai', () =>
      Response.json({ object: 'list', data: ids.map((id) => ({ id })) }),
    );
    expect(models).toEqual(['gpt-6', 'o3', 'ft:gpt-4o:x']);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: 'https://api.openai.com/v1/models',
      headers: { authorization: 'Bearer sk-test', accept: 'application/json' },
    });
    expect(asked[0]).not.toHaveProperty('body');
  });

  test('compatible servers: everything they name, also as a bare list', async () => {
    const named = await list(
      'openai-compatible',
      () => Response.json({ data: [{ id: 'whisper-1' }, { id: 7 }] }),
      'http://h/v1',
    );
    expect(named.models).toEqual(['whisper-1']);
    const bare = await list('openai-compatible', () => Response.json([{ id: 'a' }, { id: 'a' }]), 'http://h/v1');
    expect(bare.models).toEqual(['a']);
  });

  test('Ollama: beside its own interface', async () => {
    const { asked } = await list('ollama', () => Response.json({ data: [] }), 'http://box:11434/api');
    expect(asked[0]!.url).toBe('http://box:11434/v1/models');
  });

  test('Anthropic: page after page', async () => {
    const { models, asked } = await list('anthropic', ({ url }) =>
      url.includes('after_id')
        ? Response.json({ data: [{ id: 'c' }], has_more: false, first_id: 'c', last_id: 'c' })
        : Response.json({ data: [{ id: 'a' }, { id: 'b' }], has_more: true, first_id: 'a', last_id: 'b' }),
    );
    expect(models).toEqual(['a', 'b', 'c']);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://api.anthropic.com/v1/models?limit=1000',
      'https://api.anthropic.com/v1/models?limit=1000&after_id=b',
    ]);
    expect(asked[0]!.headers).toMatchObject({ 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' });
  });

  test('Gemini: page after page, only what generates content, without the prefix', async () => {
    const generate = ['generateContent', 'countTokens'];
    const { models, asked } = await list('gemini', ({ url }) =>
      url.includes('pageToken')
        ? Response.json({ models: [{ name: 'models/gemini-3-pro', supportedGenerationMethods: generate }] })
        : Response.json({
            models: [
              { name: 'models/gemini-3-flash', supportedGenerationMethods: generate },
              { name: 'models/text-embedding-004', supportedGenerationMethods: ['embedContent'] },
              { name: 'models/unsaid' },
            ],
            nextPageToken: 't/1=',
          }),
    );
    expect(models).toEqual(['gemini-3-flash', 'unsaid', 'gemini-3-pro']);
    expect(asked[1]!.url).toBe(
      'https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000&pageToken=t%2F1%3D',
    );
    expect(asked[0]!.headers).toMatchObject({ 'x-goog-api-key': 'sk-test' });
  });

  test('an upstream that always names a next page comes to an end', async () => {
    const { models, asked } = await list('gemini', () =>
      Response.json({ models: [{ name: 'models/a' }], nextPageToken: 'x' }),
    );
    expect(models).toEqual(['a']);
    expect(asked.length).toBeLessThanOrEqual(50);
  });

  test('what is no list is an error, not an empty list', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    await expect(list('openai', html)).rejects.toThrow(/OpenAI answered no list of models/);
  });

  test('a refusal is told as one', async () => {
    const refused = list('openai', () => Response.json({ error: { message: 'no' } }, { status: 401 }));
    await expect(refused).rejects.toBeInstanceOf(GatewayError);
  });

  test("the account's proxy is used", async () => {
    const asked: UpstreamRequest[] = [];
    const send: Send = async (request) => {
      asked.push(request);
      return Response.json({ data: [] });
    };
    const account = makeAccount({ provider: 'openai', proxyUrl: 'http://p:1' });
    await PROVIDERS.openai!.listModels!(send, account, new AbortController().signal);
    expect(asked[0]!.proxyUrl).toBe('http://p:1');
  });
});
