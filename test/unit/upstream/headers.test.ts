import { describe, expect, test } from 'bun:test';
import {
  answerHeaders,
  authorizeHeaders,
  forwardHeaders,
  type HeaderMap,
  type HeaderRoute,
  ownHeaders,
} from '../../../src/upstream/headers.ts';

const forward = (client: HeaderMap, way: HeaderRoute) => forwardHeaders(new Headers(client), way);

const route = (change: Partial<HeaderRoute> = {}): HeaderRoute => ({
  clientDialect: 'anthropic-messages',
  upstreamDialect: 'anthropic-messages',
  provider: 'anthropic',
  stream: false,
  ...change,
});

const SECRETS = {
  authorization: 'Bearer client-key',
  'x-api-key': 'client-key',
  'x-goog-api-key': 'client-key',
  'api-key': 'client-key',
  cookie: 'a=b',
  host: 'localhost:8045',
  'content-length': '10',
  'content-encoding': 'zstd',
  connection: 'keep-alive',
  'proxy-authorization': 'x',
  'x-forwarded-for': '10.0.0.1',
  forwarded: 'for=10.0.0.1',
  via: 'x',
  'cf-ray': 'x',
  traceparent: '00-1-1-01',
  'x-internal-token': 'x',
};

describe('forwardHeaders', () => {
  test('credentials, cookies and addresses of the client stay behind, in every dialect', () => {
    const ours = Object.keys({ ...ownHeaders('anthropic-messages', false), 'content-type': '' }).sort();
    expect(Object.keys(forward({ ...SECRETS, 'accept-encoding': 'br' }, route())).sort()).toEqual(ours);
    for (const dialect of ['openai-chat', 'openai-responses', 'gemini'] as const) {
      const passed = forward(SECRETS, route({ clientDialect: dialect, upstreamDialect: dialect, provider: 'openai' }));
      for (const name of Object.keys(SECRETS)) expect(passed).not.toHaveProperty(name);
    }
  });

  test('no compression is asked for, and the answer that the request wants', () => {
    expect(forward({ accept: '*/*' }, route({ stream: true }))).toMatchObject({
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
    });
    expect(forward({}, route()).accept).toBe('application/json');
  });

  test("Anthropic hears the client's version, betas and marks", () => {
    const client = {
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'a-2025-01-01,b-2026-01-01',
      'x-app': 'cli',
      'x-claude-code-session-id': 's',
      'x-stainless-lang': 'js',
      'user-agent': 'claude-cli/2.1.330',
    };
    expect(forward(client, route())).toMatchObject(client);
  });

  test('R25: servers that only speak its dialect get the version all know, and no betas', () => {
    const client = { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'a', 'x-app': 'cli', 'user-agent': 'x' };
    const passed = forward(client, route({ provider: 'anthropic-compatible' }));
    expect(passed).toMatchObject({ 'anthropic-version': '2023-06-01', 'user-agent': 'x' });
    expect(passed).not.toHaveProperty('anthropic-beta');
    expect(passed).not.toHaveProperty('x-app');
  });

  test('those that hand requests on to Anthropic hear every beta, and nothing else of it (R25)', () => {
    const client = { 'anthropic-beta': 'a-2025-01-01,b-2026-01-01', 'x-app': 'cli' };
    const passed = forward(client, route({ provider: 'anthropic-compatible', takesBetas: true }));
    expect(passed['anthropic-beta']).toBe('a-2025-01-01,b-2026-01-01');
    expect(passed).not.toHaveProperty('x-app');
    const foreign = route({ provider: 'openrouter', takesBetas: true, clientDialect: 'openai-chat' });
    expect(forward(client, foreign)).not.toHaveProperty('anthropic-beta');
  });

  test('between two dialects nothing of the client goes along', () => {
    const client = {
      'anthropic-version': '2026-10-21',
      'user-agent': 'x',
      'x-stainless-lang': 'js',
      'openai-beta': 'x',
      'session-id': 's',
    };
    expect(forward(client, route({ clientDialect: 'openai-responses' }))).toEqual({
      'user-agent': 'Trivium',
      'anthropic-version': '2023-06-01',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
    });
  });

  test("Codex's own headers reach OpenAI and nobody else", () => {
    const client = { originator: 'codex_exec', 'session-id': 's', 'x-codex-window-id': 'w', 'openai-beta': 'b' };
    const dialects = { clientDialect: 'openai-responses', upstreamDialect: 'openai-responses' } as const;
    expect(forward(client, route({ ...dialects, provider: 'openai' }))).toMatchObject(client);
    expect(forward(client, route({ ...dialects, provider: 'openrouter' }))).not.toHaveProperty('originator');
  });

  test('OpenRouter hears which app is asking', () => {
    const client = { 'http-referer': 'https://app.example', 'x-title': 'App' };
    const dialects = { clientDialect: 'openai-chat', upstreamDialect: 'openai-chat' } as const;
    expect(forward(client, route({ ...dialects, provider: 'openrouter' }))).toMatchObject(client);
    expect(forward(client, route({ ...dialects, provider: 'openai' }))).not.toHaveProperty('x-title');
  });
});

describe('authorizeHeaders', () => {
  const oauth = { authorization: 'Bearer t', 'anthropic-beta': 'oauth-2025-04-20' };

  test('what a token needs stands beside what the client asked for (R25)', () => {
    expect(authorizeHeaders({ accept: 'x', 'anthropic-beta': 'a,b' }, oauth)).toEqual({
      accept: 'x',
      authorization: 'Bearer t',
      'anthropic-beta': 'a,b,oauth-2025-04-20',
    });
    expect(authorizeHeaders({}, oauth)).toEqual(oauth);
    expect(authorizeHeaders({ 'anthropic-beta': 'oauth-2025-04-20, a' }, oauth)['anthropic-beta']).toBe(
      'oauth-2025-04-20, a',
    );
  });

  test('a key changes nothing of them', () => {
    expect(authorizeHeaders({ 'anthropic-beta': 'a' }, { 'x-api-key': 'k' })).toEqual({
      'anthropic-beta': 'a',
      'x-api-key': 'k',
    });
  });
});

describe('answerHeaders', () => {
  const upstream = new Headers({
    'request-id': 'req_1',
    'retry-after': '3',
    'openai-processing-ms': '12',
    'x-ratelimit-limit-requests': '5',
    'anthropic-ratelimit-tokens-limit': '5',
    'content-encoding': 'gzip',
    'content-length': '9',
    'transfer-encoding': 'chunked',
    'set-cookie': 'a=b',
    'cf-ray': 'x',
    server: 'cloudflare',
    'alt-svc': 'h3',
    'anthropic-organization-id': 'org',
    'openai-organization': 'org',
  });

  test('a passed answer keeps its id and times, and hides the account', () => {
    expect(answerHeaders(upstream, { clientDialect: 'anthropic-messages', passes: true })).toEqual({
      'request-id': 'req_1',
      'retry-after': '3',
      'openai-processing-ms': '12',
    });
  });

  test('rate limits are shown only when that is wanted', () => {
    const shown = answerHeaders(upstream, { clientDialect: 'openai-chat', passes: true, rateLimits: true });
    expect(shown).toMatchObject({ 'x-ratelimit-limit-requests': '5', 'anthropic-ratelimit-tokens-limit': '5' });
  });

  test('a translated answer keeps the id alone, under the name its client reads', () => {
    expect(answerHeaders(upstream, { clientDialect: 'openai-chat', passes: false })).toEqual({
      'x-request-id': 'req_1',
    });
    expect(answerHeaders(upstream, { clientDialect: 'gemini', passes: false })).toEqual({});
  });
});
