import { describe, expect, test } from 'bun:test';
import { canonicalPath, type Endpoint, findEndpoint, nearestPath } from '../../../src/routes/find-endpoint.ts';

const CHAT: Endpoint = { operation: 'generate', dialect: 'openai-chat' };
const RESPONSES: Endpoint = { operation: 'generate', dialect: 'openai-responses' };
const MESSAGES: Endpoint = { operation: 'generate', dialect: 'anthropic-messages' };
const STORED: Endpoint = { operation: 'stored-response', dialect: 'openai-responses', id: 'resp_1' };

describe('a path leads to its endpoint', () => {
  test.each<[string, Endpoint | undefined]>([
    ['/v1/chat/completions', CHAT],
    ['/chat/completions/', CHAT],
    ['/v1/v1/chat/completions', CHAT],
    ['/openai/v1/chat/completions', CHAT],
    ['/v1/completions', { operation: 'generate', dialect: 'openai-completions' }],
    ['/v1/responses', RESPONSES],
    ['/v1/responses/input_tokens', { operation: 'count-tokens', dialect: 'openai-responses' }],
    ['/v1/responses/resp_1', STORED],
    ['/responses/resp%5F1/', STORED],
    ['/v1/responses/resp_1/input_items', { ...STORED, part: 'input_items' }],
    ['/v1/responses/resp_1/cancel', { ...STORED, part: 'cancel' }],
    ['/v1/responses/resp_1/other', undefined],
    ['/v1/responses/resp_1/cancel/x', undefined],
    ['/v1/responses/compact', { operation: 'compact-response', dialect: 'openai-responses' }],
    ['/anthropic/v1/messages', MESSAGES],
    ['/v1/messages/count_tokens', { operation: 'count-tokens', dialect: 'anthropic-messages' }],
    ['/v1/models', { operation: 'list-models' }],
    ['/v1beta/models', { operation: 'list-models' }],
    ['/v1/models/gpt-5', { operation: 'get-model', model: 'gpt-5' }],
    ['/v1/models/acme%2Fmodel', { operation: 'get-model', model: 'acme/model' }],
    ['/v1/models/acme/model', { operation: 'get-model', model: 'acme/model' }],
    ['/healthz', { operation: 'health' }],
    ['/v1/healthz', { operation: 'health' }],
    ['/v1beta/models/m:generateContent', { operation: 'generate', dialect: 'gemini', model: 'm', stream: false }],
    ['/v1alpha/models/m:streamGenerateContent', { operation: 'generate', dialect: 'gemini', model: 'm', stream: true }],
    ['/models/m/countTokens', { operation: 'count-tokens', dialect: 'gemini', model: 'm' }],
    ['/v1beta/models/a:b:generateContent', { operation: 'generate', dialect: 'gemini', model: 'a:b', stream: false }],
    ['/', undefined],
    ['', undefined],
    ['/v1', undefined],
    ['/v1/embeddings', { operation: 'side', dialect: 'openai-chat', side: 'embeddings' }],
    ['/openai/v1/images/edits', { operation: 'side', dialect: 'openai-chat', side: 'image-edits' }],
    ['/v1/v1/audio/speech', { operation: 'side', dialect: 'openai-chat', side: 'speech' }],
    ['/v1beta/models/m:embedContent', { operation: 'side', dialect: 'gemini', side: 'embed-content', model: 'm' }],
    [
      '/v1/models/m:batchEmbedContents',
      { operation: 'side', dialect: 'gemini', side: 'batch-embed-contents', model: 'm' },
    ],
    ['/v1/files', undefined],
    ['/v1/chat', undefined],
    ['/v1/chat/completions/x', undefined],
    ['/constructor', undefined],
    ['/v1/toString', undefined],
    ['/__proto__', undefined],
  ])('%s', (path, endpoint) => {
    expect(findEndpoint(path)).toEqual(endpoint);
  });
});

describe('a path of two endpoints', () => {
  const fits =
    (...dialects: string[]) =>
    (dialect: string) =>
      dialects.includes(dialect);

  test.each<[string, string[], Endpoint]>([
    ['/v1/chat/completions/responses', ['openai-chat'], CHAT],
    ['/v1/chat/completions/responses', ['openai-responses'], RESPONSES],
    ['/v1/chat/completions/responses', [], RESPONSES],
    ['/v1/responses/chat/completions', [], CHAT],
    ['/v1/chat/completions/v1/messages', ['anthropic-messages'], MESSAGES],
    ['/v1/chat/completions/chat/completions', [], CHAT],
  ])('%s with a body for %j', (path, dialects, endpoint) => {
    expect(findEndpoint(path, fits(...dialects))).toEqual(endpoint);
  });
});

describe('the documented path', () => {
  test.each([
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/responses',
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/v1/responses/input_tokens',
    '/v1/models',
    '/v1/models/gpt-5',
    '/v1/responses/resp_1',
    '/healthz',
    '/v1beta/models/m:generateContent',
    '/v1beta/models/m:streamGenerateContent',
    '/v1beta/models/m:countTokens',
  ])('%s is that of its endpoint', (path) => {
    expect(canonicalPath(findEndpoint(path)!)).toBe(path);
  });
});

describe('the path that is nearest', () => {
  test.each([
    ['/v1/chat/completion', '/v1/chat/completions'],
    ['/api/chat/completions/x', '/v1/chat/completions'],
    ['/v1/message', '/v1/chat/completions'],
    ['/api/messages/x', '/v1/messages'],
    ['/v1/responses/a/b', '/v1/responses'],
    ['/MODELS/a/b:c', '/v1/models'],
  ])('to %s is %s', (path, nearest) => {
    expect(nearestPath(path)).toBe(nearest);
  });
});
