import { describe, expect, test } from 'bun:test';
import { addQuery, joinUrl, splitUrl } from '../../../src/upstream/join-url.ts';

const chat = (base: string) => joinUrl(base, 'v1', '/chat/completions');

describe('joinUrl', () => {
  test.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com', 'https://api.openai.com/v1/chat/completions'],
    ['http://127.0.0.1:9000/openai/v1', 'http://127.0.0.1:9000/openai/v1/chat/completions'],
    ['https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/paas/v4/chat/completions'],
    ['https://host/v1beta/openai', 'https://host/v1beta/openai/chat/completions'],
    ['https://host/v1/chat/completions', 'https://host/v1/chat/completions'],
    ['https://host/api/chat/completions/', 'https://host/api/chat/completions'],
    ['https://host//v1//', 'https://host/v1/chat/completions'],
    ['https://host/v1/v1', 'https://host/v1/chat/completions'],
    ['https://host/v1/v1/chat/completions', 'https://host/v1/chat/completions'],
    ['https://host/proxy', 'https://host/proxy/v1/chat/completions'],
    ['  https://host/v1#part ', 'https://host/v1/chat/completions'],
    [
      'https://r.openai.azure.com/openai/v1?api-version=preview',
      'https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview',
    ],
    [
      'https://r.openai.azure.com/openai/deployments/gpt?api-version=1',
      'https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=1',
    ],
  ])('%s', (base, expected) => {
    expect(chat(base)).toBe(expected);
  });

  test('replaces another resource of the base and keeps the root it stood under', () => {
    expect(joinUrl('https://host/api/chat/completions', 'v1', '/models')).toBe('https://host/api/models');
    expect(joinUrl('https://host/v1/messages', 'v1', '/messages/count_tokens')).toBe(
      'https://host/v1/messages/count_tokens',
    );
  });

  test('a folder called models is a root, not a resource', () => {
    expect(joinUrl('https://x.services.ai.azure.com/models', 'v1', '/models')).toBe(
      'https://x.services.ai.azure.com/models',
    );
    expect(chat('https://host/models')).toBe('https://host/models/v1/chat/completions');
  });

  test('a version inside a longer word is no version', () => {
    expect(chat('https://host/v1-proxy')).toBe('https://host/v1-proxy/v1/chat/completions');
    expect(chat('https://v1.host')).toBe('https://v1.host/v1/chat/completions');
  });
});

test('splitUrl keeps the slashes of the scheme and the case of the path', () => {
  expect(splitUrl('HTTPS://Host//A//b/?q=1//2')).toEqual({ path: 'HTTPS://Host/A/b', query: '?q=1//2' });
});

test('addQuery joins to a query that is there already', () => {
  expect(addQuery('https://host/a', 'alt=sse')).toBe('https://host/a?alt=sse');
  expect(addQuery('https://host/a?key=1', 'alt=sse')).toBe('https://host/a?key=1&alt=sse');
});
