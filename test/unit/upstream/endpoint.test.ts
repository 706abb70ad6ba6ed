import { describe, expect, test } from 'bun:test';
import type { ProviderId } from '../../../src/base/account.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { baseUrlOf, chooseEndpoint } from '../../../src/upstream/endpoint.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';
import { makeAccount } from '../../support/fake-upstream/account.ts';

interface Case {
  readonly provider: ProviderId;
  readonly baseUrl?: string;
  readonly dialects?: readonly DialectId[];
  readonly from: DialectId;
  readonly model?: string;
}

function choose({ provider, baseUrl, dialects = [], from, model = 'some-model' }: Case): DialectId | undefined {
  const account = makeAccount({ provider, dialects, ...(baseUrl === undefined ? {} : { baseUrl }) });
  return chooseEndpoint(PROVIDERS[provider]!, account, { dialect: from, model })?.dialect;
}

describe('chooseEndpoint', () => {
  test.each<[Case, DialectId]>([
    [{ provider: 'openai', from: 'openai-responses', model: 'gpt-4o' }, 'openai-responses'],
    [{ provider: 'openai', from: 'openai-chat', model: 'gpt-6' }, 'openai-chat'],
    [{ provider: 'openai', from: 'anthropic-messages', model: 'gpt-6.1' }, 'openai-responses'],
    [{ provider: 'openai', from: 'gemini', model: 'o3-mini' }, 'openai-responses'],
    [{ provider: 'openai', from: 'anthropic-messages', model: 'gpt-4o' }, 'openai-chat'],
    [{ provider: 'openai', from: 'gemini', model: 'gpt-6', dialects: ['openai-chat'] }, 'openai-chat'],
    [{ provider: 'anthropic', from: 'openai-chat' }, 'anthropic-messages'],
    [{ provider: 'gemini', from: 'openai-responses' }, 'gemini'],
    [{ provider: 'openai-compatible', from: 'openai-responses' }, 'openai-chat'],
    [{ provider: 'openai-compatible', from: 'openai-responses', dialects: ['openai-responses'] }, 'openai-responses'],
    [{ provider: 'ollama', from: 'anthropic-messages' }, 'anthropic-messages'],
    [{ provider: 'openrouter', from: 'openai-responses' }, 'openai-responses'],
    [{ provider: 'zai', from: 'anthropic-messages' }, 'anthropic-messages'],
    [{ provider: 'zai', from: 'gemini' }, 'openai-chat'],
    [{ provider: 'echo', from: 'openai-completions' }, 'openai-chat'],
    [{ provider: 'echo', from: 'gemini' }, 'gemini'],
    [{ provider: 'ollama', from: 'openai-completions' }, 'openai-completions'],
    [{ provider: 'openai', from: 'openai-completions', model: 'gpt-3.5-turbo-instruct' }, 'openai-completions'],
    [{ provider: 'openai', from: 'openai-completions', model: 'gpt-4o' }, 'openai-chat'],
    [{ provider: 'openai-compatible', from: 'openai-completions' }, 'openai-chat'],
    [
      { provider: 'openai-compatible', from: 'openai-completions', dialects: ['openai-chat', 'openai-completions'] },
      'openai-completions',
    ],
  ])('%o', (input, expected) => {
    expect(choose(input)).toBe(expected);
  });

  test("z.ai's own address for one dialect has the other beside it; another server's has not", () => {
    const from = 'anthropic-messages';
    expect(choose({ provider: 'zai', baseUrl: 'https://api.z.ai/api/coding/paas/v4', from })).toBe(
      'anthropic-messages',
    );
    expect(choose({ provider: 'zai', baseUrl: 'http://127.0.0.1:9000/api/paas/v4', from })).toBe('openai-chat');
    expect(choose({ provider: 'zai', baseUrl: 'http://127.0.0.1:9000/api/anthropic', from: 'openai-chat' })).toBe(
      'anthropic-messages',
    );
  });

  test('an account limited to what its provider does not speak has none', () => {
    expect(choose({ provider: 'anthropic', from: 'openai-chat', dialects: ['gemini'] })).toBeUndefined();
    const dialects = ['openai-completions'] as const;
    expect(choose({ provider: 'ollama', from: 'openai-chat', dialects })).toBeUndefined();
  });
});

describe('baseUrlOf', () => {
  test("the owner's comes first", () => {
    const account = makeAccount({ provider: 'openai', baseUrl: 'http://own/v1' });
    expect(baseUrlOf(PROVIDERS.openai!, account)).toBe('http://own/v1');
    expect(baseUrlOf(PROVIDERS.openai!, makeAccount({ provider: 'openai' }))).toBe('https://api.openai.com/v1');
  });

  test('where there is none, the account is named', () => {
    const account = makeAccount({ provider: 'openai-compatible', name: 'attic' });
    expect(() => baseUrlOf(PROVIDERS['openai-compatible']!, account)).toThrow(/"attic" has no base_url/);
  });
});
