import { describe, expect, test } from 'bun:test';
import type { Account, Credential } from '../../../../src/base/account.ts';
import { Secret } from '../../../../src/base/secret.ts';
import { createWayFinder } from '../../../../src/relay/way.ts';
import { vertex } from '../../../../src/upstream/providers/vertex.ts';
import { findProvider } from '../../../../src/upstream/registry.ts';
import { keyFile } from '../../../support/fake-authorization.ts';
import { makeAccount } from '../../../support/fake-upstream/account.ts';

const KEY_FILE: Credential = {
  type: 'service_account',
  json: new Secret(keyFile()),
  accessToken: new Secret('access-1'),
};
const OAUTH: Credential = {
  type: 'oauth',
  clientId: 'c',
  refreshToken: new Secret('r'),
  accessToken: new Secret('access-1'),
};
const PROJECT = 'projects/own-project/locations/global';

const at = (change: Partial<Account>) => makeAccount({ provider: 'vertex', credential: KEY_FILE, ...change });
const wayOf = (account: Account, dialect: 'gemini' | 'anthropic-messages', model: string) =>
  createWayFinder(findProvider)(account, dialect, model);

describe('the root', () => {
  test.each<[string | undefined, string]>([
    [undefined, `https://aiplatform.googleapis.com/v1/${PROJECT}`],
    [
      'https://europe-west4-aiplatform.googleapis.com',
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/own-project/locations/europe-west4',
    ],
    [
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/google/models',
      'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5',
    ],
    ['http://127.0.0.1:9000/vertex', `http://127.0.0.1:9000/vertex/v1/${PROJECT}`],
    ['http://127.0.0.1:9000/v1beta1', `http://127.0.0.1:9000/v1beta1/${PROJECT}`],
    [
      'https://aiplatform.googleapis.com/projects/p',
      'https://aiplatform.googleapis.com/v1/projects/p/locations/global',
    ],
  ])('of base_url %p is %s', (baseUrl, root) => {
    expect(vertex.rootOf!(at(baseUrl === undefined ? {} : { baseUrl }))).toBe(root);
  });

  test('needs a project, which a sign-in does not name', () => {
    expect(vertex.rootOf!(at({ credential: OAUTH }))).toBeUndefined();
    expect(() => wayOf(at({ credential: OAUTH }), 'gemini', 'gemini-3-flash')).toThrow(
      'base_url must name the project',
    );
  });

  test('needs none for an API key', () => {
    const account = at({ credential: { type: 'api_key', apiKey: new Secret('AIza') } });
    const { wholeUrl, authorization } = wayOf(account, 'gemini', 'gemini-3-flash');
    expect(wholeUrl).toBe(
      'https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-3-flash:generateContent',
    );
    expect(authorization).toEqual({ 'x-goog-api-key': 'AIza' });
  });
});

describe('the way', () => {
  test('to Gemini', () => {
    const way = wayOf(at({}), 'gemini', 'gemini-3-flash');
    const models = `https://aiplatform.googleapis.com/v1/${PROJECT}/publishers/google/models`;
    expect(way).toMatchObject({
      wholeUrl: `${models}/gemini-3-flash:generateContent`,
      streamUrl: `${models}/gemini-3-flash:streamGenerateContent?alt=sse`,
      authorization: { authorization: 'Bearer access-1' },
      passes: true,
      adjusts: false,
    });
    expect(way.traits.quirks.callIds).toBe(false);
  });

  test('to Claude, from its own dialect and from another', () => {
    const models = `https://aiplatform.googleapis.com/v1/${PROJECT}/publishers/anthropic/models`;
    for (const dialect of ['anthropic-messages', 'gemini'] as const) {
      expect(wayOf(at({}), dialect, 'claude-sonnet-4-5-20250929')).toMatchObject({
        wholeUrl: `${models}/claude-sonnet-4-5@20250929:rawPredict`,
        streamUrl: `${models}/claude-sonnet-4-5@20250929:streamRawPredict`,
        passes: dialect === 'anthropic-messages',
        adjusts: true,
      });
    }
  });
});

test('a body for Claude names the version, and its model only in the address', () => {
  const body = { model: 'claude-x', max_tokens: 1, stream: true, messages: [] };
  expect(vertex.adjust!(body, 'anthropic-messages', 'claude-x')).toEqual({
    body: { anthropic_version: 'vertex-2023-10-16', max_tokens: 1, stream: true, messages: [] },
    losses: [],
  });
  expect(vertex.adjust!(body, 'gemini', 'x').body).toBe(body);
});

test('the models are those of both publishers that it can serve', async () => {
  const asked: string[] = [];
  const list = async (request: { readonly url: string }) => {
    asked.push(request.url);
    const { pathname } = new URL(request.url);
    const publisher = pathname.split('/')[3]!;
    const names = publisher === 'google' ? ['gemini-3-flash', 'imagen-4'] : ['claude-sonnet-4-5'];
    return Response.json({
      publisherModels: names.map((name) => ({ name: `publishers/${publisher}/models/${name}` })),
    });
  };
  const models = await vertex.listModels!(list, at({}), new AbortController().signal);
  expect(models.map(({ id }) => id)).toEqual(['gemini-3-flash', 'claude-sonnet-4-5']);
  expect(asked[0]).toBe('https://aiplatform.googleapis.com/v1beta1/publishers/google/models?pageSize=200');
});
