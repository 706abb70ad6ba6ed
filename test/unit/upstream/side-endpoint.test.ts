import { describe, expect, test } from 'bun:test';
import type { Account } from '../../../src/base/account.ts';
import type { SideResource } from '../../../src/translate/side/side-operation.ts';
import { findProvider } from '../../../src/upstream/registry.ts';
import { sideUrlOf } from '../../../src/upstream/side-endpoint.ts';
import { anAccount } from '../../support/pool-builders.ts';

const urlOf = (resource: SideResource, account: Partial<Account>) => {
  const whole = anAccount('a', account);
  return sideUrlOf(findProvider(whole.provider)!, whole, { resource, model: 'm' });
};

describe('where an account is asked', () => {
  test.each<[SideResource, Partial<Account>, string | undefined]>([
    ['embeddings', { provider: 'openai' }, 'https://api.openai.com/v1/embeddings'],
    [
      'image-edits',
      { provider: 'openai', baseUrl: 'http://x.test/v1/chat/completions' },
      'http://x.test/v1/images/edits',
    ],
    ['speech', { provider: 'openai-compatible', baseUrl: 'http://x.test' }, 'http://x.test/v1/audio/speech'],
    ['embeddings', { provider: 'ollama', baseUrl: 'http://x.test/api' }, 'http://x.test/v1/embeddings'],
    ['speech', { provider: 'ollama' }, undefined],
    ['embeddings', { provider: 'openrouter' }, 'https://openrouter.ai/api/v1/embeddings'],
    ['images', { provider: 'zai' }, 'https://api.z.ai/api/paas/v4/images/generations'],
    ['images', { provider: 'zai', baseUrl: 'https://proxy.test/api/anthropic' }, undefined],
    ['embed-content', { provider: 'gemini' }, 'https://generativelanguage.googleapis.com/v1beta/models/m:embedContent'],
    ['embeddings', { provider: 'gemini' }, undefined],
    ['embeddings', { provider: 'anthropic' }, undefined],
    ['embeddings', { provider: 'echo' }, ''],
  ])('for %s of %j', (resource, account, url) => {
    expect(urlOf(resource, account)).toBe(url as string);
  });

  test('goes by the vendor of the dialects its owner allows', () => {
    expect(urlOf('embeddings', { provider: 'openai', dialects: ['openai-responses'] })).toBe(
      urlOf('embeddings', { provider: 'openai' })!,
    );
    expect(urlOf('embeddings', { provider: 'openrouter', dialects: ['anthropic-messages'] })).toBeUndefined();
  });
});
