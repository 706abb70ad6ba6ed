import { describe, expect, test } from 'bun:test';
import { PROVIDER_IDS, type ProviderId } from '../../../src/base/account.ts';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';
import { makeAccount } from '../../support/fake-upstream/account.ts';

const urlOf = (provider: ProviderId, dialect: DialectId, baseUrl: string, stream = false, model = 'a-model') =>
  PROVIDERS[provider]!.endpoints.find((endpoint) => endpoint.dialect === dialect)!.url({ baseUrl, model, stream });

const authorize = (provider: ProviderId, dialect: DialectId, change = {}) =>
  PROVIDERS[provider]!.authorize(makeAccount({ provider, ...change }), dialect);

describe('PROVIDERS', () => {
  test('every provider stands under its own id, and none is missing', () => {
    for (const [id, provider] of Object.entries(PROVIDERS)) expect(provider.id as string).toBe(id);
    expect(PROVIDER_IDS.filter((id) => PROVIDERS[id] === undefined)).toEqual([]);
  });

  test.each<[ProviderId, DialectId, string]>([
    ['openai', 'openai-chat', 'https://api.openai.com/v1/chat/completions'],
    ['openai', 'openai-responses', 'https://api.openai.com/v1/responses'],
    ['anthropic', 'anthropic-messages', 'https://api.anthropic.com/v1/messages'],
    ['gemini', 'gemini', 'https://generativelanguage.googleapis.com/v1beta/models/a-model:generateContent'],
    ['zai', 'openai-chat', 'https://api.z.ai/api/paas/v4/chat/completions'],
    ['zai', 'anthropic-messages', 'https://api.z.ai/api/anthropic/v1/messages'],
    ['openrouter', 'openai-chat', 'https://openrouter.ai/api/v1/chat/completions'],
    ['openrouter', 'openai-responses', 'https://openrouter.ai/api/v1/responses'],
    ['openrouter', 'anthropic-messages', 'https://openrouter.ai/api/v1/messages'],
    ['ollama', 'openai-chat', 'http://localhost:11434/v1/chat/completions'],
    ['ollama', 'openai-responses', 'http://localhost:11434/v1/responses'],
    ['ollama', 'anthropic-messages', 'http://localhost:11434/v1/messages'],
  ])('%s speaks %s at %s', (provider, dialect, expected) => {
    expect(urlOf(provider, dialect, PROVIDERS[provider]!.defaultBaseUrl!)).toBe(expected);
  });

  test.each<[ProviderId, DialectId, string, string]>([
    ['openai', 'openai-chat', 'http://127.0.0.1:9000/openai/v1', 'http://127.0.0.1:9000/openai/v1/chat/completions'],
    ['openai', 'openai-responses', 'http://127.0.0.1:9000', 'http://127.0.0.1:9000/v1/responses'],
    ['anthropic', 'anthropic-messages', 'http://127.0.0.1:9000/a', 'http://127.0.0.1:9000/a/v1/messages'],
    ['anthropic', 'anthropic-messages', 'http://127.0.0.1:9000/v1', 'http://127.0.0.1:9000/v1/messages'],
    ['anthropic-compatible', 'anthropic-messages', 'http://h/v1/messages', 'http://h/v1/messages'],
    ['zai', 'openai-chat', 'http://127.0.0.1:9000', 'http://127.0.0.1:9000/api/paas/v4/chat/completions'],
    ['zai', 'anthropic-messages', 'http://127.0.0.1:9000', 'http://127.0.0.1:9000/api/anthropic/v1/messages'],
    [
      'zai',
      'openai-chat',
      'https://api.z.ai/api/coding/paas/v4',
      'https://api.z.ai/api/coding/paas/v4/chat/completions',
    ],
    ['zai', 'anthropic-messages', 'https://api.z.ai/api/coding/paas/v4', 'https://api.z.ai/api/anthropic/v1/messages'],
    ['zai', 'openai-chat', 'https://api.z.ai/api/anthropic', 'https://api.z.ai/api/paas/v4/chat/completions'],
    [
      'zai',
      'openai-chat',
      'https://open.bigmodel.cn/api/paas',
      'https://open.bigmodel.cn/api/paas/v4/chat/completions',
    ],
    ['ollama', 'openai-chat', 'http://box:11434/api/', 'http://box:11434/v1/chat/completions'],
    ['ollama', 'anthropic-messages', 'http://box:11434/v1', 'http://box:11434/v1/messages'],
    ['gemini', 'gemini', 'http://h/g', 'http://h/g/v1beta/models/a-model:generateContent'],
    ['gemini', 'gemini', 'http://h/v1', 'http://h/v1/models/a-model:generateContent'],
    ['gemini-compatible', 'gemini', 'http://h/v1beta/models', 'http://h/v1beta/models/a-model:generateContent'],
    ['gemini', 'gemini', 'http://h/v1beta/models/x:generateContent', 'http://h/v1beta/models/a-model:generateContent'],
  ])('%s: %s at the base URL %s', (provider, dialect, baseUrl, expected) => {
    expect(urlOf(provider, dialect, baseUrl)).toBe(expected);
  });

  test('Gemini streams by another method, and the name of the model is a path', () => {
    expect(urlOf('gemini', 'gemini', 'http://h', true)).toBe(
      'http://h/v1beta/models/a-model:streamGenerateContent?alt=sse',
    );
    expect(urlOf('gemini', 'gemini', 'http://h?x=1', true, 'models/gemini-3-pro')).toBe(
      'http://h/v1beta/models/gemini-3-pro:streamGenerateContent?x=1&alt=sse',
    );
    expect(urlOf('gemini', 'gemini', 'http://h', false, 'tunedModels/my model?')).toBe(
      'http://h/v1beta/tunedModels/my%20model%3F:generateContent',
    );
  });

  test('counting has an address of its own where the service counts', () => {
    const countUrl = (provider: ProviderId, dialect: DialectId) =>
      PROVIDERS[provider]!.endpoints.find((endpoint) => endpoint.dialect === dialect)!.countUrl?.({
        baseUrl: 'http://h',
        model: 'm',
        stream: true,
      });
    expect(countUrl('anthropic', 'anthropic-messages')).toBe('http://h/v1/messages/count_tokens');
    expect(countUrl('gemini', 'gemini')).toBe('http://h/v1beta/models/m:countTokens');
    expect(countUrl('openai', 'openai-responses')).toBe('http://h/v1/responses/input_tokens');
    expect(countUrl('openai', 'openai-chat')).toBeUndefined();
    expect(countUrl('zai', 'anthropic-messages')).toBeUndefined();
  });

  test('each credential goes where its service looks for it', () => {
    expect(authorize('openai', 'openai-chat')).toEqual({ authorization: 'Bearer sk-test' });
    expect(authorize('anthropic', 'anthropic-messages')).toEqual({ 'x-api-key': 'sk-test' });
    expect(authorize('gemini', 'gemini')).toEqual({ 'x-goog-api-key': 'sk-test' });
    const both = { authorization: 'Bearer sk-test', 'x-api-key': 'sk-test' };
    expect(authorize('anthropic-compatible', 'anthropic-messages')).toEqual(both);
    expect(authorize('zai', 'anthropic-messages')).toEqual(both);
    expect(authorize('zai', 'openai-chat')).toEqual({ authorization: 'Bearer sk-test' });
  });

  test('Azure takes a key in a header of its own', () => {
    const baseUrl = 'https://mine.openai.azure.com/openai/v1';
    expect(authorize('openai-compatible', 'openai-chat', { baseUrl })).toEqual({ 'api-key': 'sk-test' });
    expect(authorize('openai-compatible', 'openai-chat', { baseUrl: 'http://h/v1' })).toEqual({
      authorization: 'Bearer sk-test',
    });
  });

  test("Azure's own address leads to OpenAI's API below it", () => {
    const at = (baseUrl: string, dialect: DialectId = 'openai-chat') => urlOf('openai-compatible', dialect, baseUrl);
    expect(at('https://mine.openai.azure.com')).toBe('https://mine.openai.azure.com/openai/v1/chat/completions');
    expect(at('https://mine.openai.azure.com/?api-version=preview', 'openai-responses')).toBe(
      'https://mine.openai.azure.com/openai/v1/responses?api-version=preview',
    );
    expect(at('https://mine.openai.azure.com/openai/deployments/gpt?api-version=2026-01-01')).toBe(
      'https://mine.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2026-01-01',
    );
  });

  test('a call that its model wrote badly is worth another try at Groq', () => {
    const refine = (code: string) =>
      PROVIDERS['openai-compatible']!.refineError!(
        { status: 400, headers: {}, body: '', now: 0 },
        new GatewayError('invalid-request', 'Failed to call a function.', { code }),
      );
    expect(refine('tool_use_failed')).toMatchObject({ kind: 'answer-unusable', message: 'Failed to call a function.' });
    expect(refine('other').kind).toBe('invalid-request');
  });

  test('an account without a credential sends none; a token is a bearer token', () => {
    const none = { credential: { type: 'none' } };
    const oauth = {
      credential: { type: 'oauth', clientId: 'c', refreshToken: new Secret('r'), accessToken: new Secret('at') },
    };
    expect(authorize('ollama', 'openai-chat', none)).toEqual({});
    expect(authorize('anthropic-compatible', 'anthropic-messages', none)).toEqual({});
    expect(authorize('gemini', 'gemini', oauth)).toEqual({ authorization: 'Bearer at' });
    expect(authorize('anthropic', 'anthropic-messages', oauth)).toEqual({
      authorization: 'Bearer at',
      'anthropic-beta': 'oauth-2025-04-20',
    });
  });
});
