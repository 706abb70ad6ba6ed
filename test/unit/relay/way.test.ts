import { describe, expect, test } from 'bun:test';
import { toGatewayError } from '../../../src/base/gateway-error.ts';
import { createWayFinder } from '../../../src/relay/way.ts';
import { PROVIDERS } from '../../../src/upstream/registry.ts';
import { anAccount } from '../../support/pool-builders.ts';

const findWay = createWayFinder((id) => PROVIDERS[id as keyof typeof PROVIDERS]);
const openai = anAccount('a', { provider: 'openai' });
const claude = anAccount('c', { provider: 'anthropic', baseUrl: 'http://c.test' });

describe('the way to an account', () => {
  test('keeps the client’s dialect where the account speaks it', () => {
    const way = findWay(openai, 'openai-responses', 'gpt-5');
    expect(way).toMatchObject({ passes: true, wholeUrl: 'https://api.openai.com/v1/responses' });
    expect(way.client.id).toBe('openai-responses');
    expect(way.upstream.id).toBe('openai-responses');
  });

  test('leads to the dialect in which the model fares best for any other client', () => {
    expect(findWay(openai, 'gemini', 'gpt-5').upstream.id).toBe('openai-responses');
    expect(findWay(openai, 'gemini', 'gpt-4o').upstream.id).toBe('openai-chat');
    expect(findWay(claude, 'openai-chat', 'claude').passes).toBe(false);
  });

  test('knows what the account’s list says of the model', () => {
    const told = { ...claude, modelFacts: { claude: { maxOutput: 7 } } };
    expect(findWay(told, 'gemini', 'claude').traits).toMatchObject({ provider: 'anthropic', facts: { maxOutput: 7 } });
    expect(findWay(told, 'gemini', 'other').traits).not.toHaveProperty('facts');
  });

  test('has the account’s key and its own address', () => {
    const way = findWay(claude, 'anthropic-messages', 'claude');
    expect(way.wholeUrl).toBe('http://c.test/v1/messages');
    expect(way.authorization).toEqual({ 'x-api-key': 'sk-c-0123456789' });
  });

  test('differs for streams where the provider has a place of their own', () => {
    const way = findWay(anAccount('g', { provider: 'gemini' }), 'gemini', 'gemini-2.5-pro');
    expect(way.wholeUrl).toEndWith('/models/gemini-2.5-pro:generateContent');
    expect(way.streamUrl).toEndWith('/models/gemini-2.5-pro:streamGenerateContent?alt=sse');
  });

  test('leads nowhere outside for a provider that answers by itself', () => {
    const way = findWay(anAccount('e', { provider: 'echo', credential: { type: 'none' } }), 'gemini', 'trivium-echo');
    expect(way).toMatchObject({ passes: true, baseUrl: '', wholeUrl: '', streamUrl: '', authorization: {} });
  });

  test('is found once, and anew for an account that was changed', () => {
    expect(findWay(claude, 'gemini', 'claude')).toBe(findWay(claude, 'gemini', 'claude'));
    const moved = { ...claude, baseUrl: 'http://moved.test' };
    expect(findWay(moved, 'gemini', 'claude').wholeUrl).toBe('http://moved.test/v1/messages');
  });

  test('is right for each of very many models', () => {
    const account = anAccount('g', { provider: 'gemini' });
    const wrong = Array.from({ length: 1200 }, (_, at) => `m${at}`).filter(
      (model) => !findWay(account, 'gemini', model).wholeUrl.endsWith(`/models/${model}:generateContent`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('there is no way', () => {
  test.each([
    ['a provider that is not there', { provider: 'bedrock' as 'openai' }, 'not supported'],
    [
      'dialects that the provider does not speak',
      { provider: 'anthropic', dialects: ['gemini'] },
      'limited to dialects',
    ],
    ['a server without an address', { provider: 'openai-compatible' }, 'base_url'],
  ] as const)('to %s', (_what, change, words) => {
    let thrown: unknown;
    try {
      findWay(anAccount('x', change), 'openai-chat', 'm');
    } catch (error) {
      thrown = error;
    }
    expect(toGatewayError(thrown)).toMatchObject({ kind: 'no-account', message: expect.stringContaining(words) });
  });
});
