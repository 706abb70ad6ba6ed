import { describe, expect, test } from 'bun:test';
import { type ErrorKind, GatewayError } from '../../../src/base/gateway-error.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAccount,
  chatAnswer,
  chatBody,
  claudeAccount,
  claudeAnswer,
  claudeBody,
  refuses,
  type SendStep,
  setUpRelay,
} from '../../support/relay-set-up.ts';

describe('the headers of an answer', () => {
  test('tell how it came about', async () => {
    const { headers } = await carry(aCall('openai-chat', chatBody()), [answers(chatAnswer())]);
    expect(headers).toMatchObject({
      'x-trivium-request-id': 'exchange1',
      'x-trivium-account': 'a',
      'x-trivium-model': 'gpt-4o',
      'x-trivium-attempts': '1',
      'content-type': 'application/json',
    });
    expect(headers['x-trivium-warnings']).toBeUndefined();
    expect(headers['x-trivium-verdict']).toBeUndefined();
  });
});

describe('another account answers', () => {
  const failures: readonly (readonly [string, ErrorKind, SendStep])[] = [
    ['a rate limit', 'rate-limited', refuses(429, 'slow down')],
    ['a rejected key', 'credential-rejected', refuses(401, 'bad key')],
    ['a fault of the upstream', 'upstream-failed', refuses(500, 'oops')],
    ['a busy upstream', 'overloaded', refuses(503, 'busy')],
    [
      'a page instead of an answer',
      'upstream-malformed',
      answers('<html>hello</html>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['half an answer', 'upstream-malformed', answers('{"id":"chatcmpl-1","choices":[')],
    [
      'a broken connection',
      'upstream-unreachable',
      () => {
        throw new GatewayError('upstream-unreachable', 'connection refused');
      },
    ],
    [
      'silence',
      'upstream-timeout',
      () => {
        throw new GatewayError('upstream-timeout', 'no answer');
      },
    ],
  ];

  test.each(failures)('after %s', async (_what, kind, step) => {
    // an answer that passes is not read as strictly as one that is translated
    const call = aCall('anthropic-messages', claudeBody({ model: 'gpt-4o' }));
    const { status, headers, records, sent, state, inFlight } = await carry(call, [step, answers(chatAnswer())]);
    expect(status).toBe(200);
    expect(headers['x-trivium-account']).toBe('b');
    expect(headers['x-trivium-attempts']).toBe('2');
    expect(sent.map((request) => new URL(request.url).host)).toEqual(['a.test', 'b.test']);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ status: 200, account: 'b', attempts: [{ account: 'a' }, { account: 'b' }] });
    expect(records[0]!.attempts[0]!.kind).toBe(kind);
    expect(records[0]!.attempts[1]!.kind).toBeUndefined();
    expect(state('a').lastError).toMatchObject({ kind });
    expect(state('b').lastError).toBeUndefined();
    expect(inFlight()).toBe(0);
  });

  test('of the next target, to which the request is translated anew', async () => {
    const accounts = [chatAccount('a'), claudeAccount('c')];
    const aliases = [{ name: 'best', targets: [{ model: 'gpt-4o' }, { model: 'claude-sonnet-4-5' }] }];
    const call = aCall('openai-chat', chatBody({ model: 'best' }));
    const steps = [refuses(429, 'slow down'), answers(claudeAnswer('from the second'))];
    const { text, sent, headers, records } = await carry(call, steps, { accounts, aliases });
    expect(JSON.parse(bodyOf(sent[0])).model).toBe('gpt-4o');
    expect(JSON.parse(bodyOf(sent[1]))).toMatchObject({ model: 'claude-sonnet-4-5' });
    expect(JSON.parse(text).choices[0].message.content).toBe('from the second');
    expect(headers['x-trivium-model']).toBe('claude-sonnet-4-5');
    expect(records[0]!.attempts.map((attempt) => attempt.dialect)).toEqual(['openai-chat', 'anthropic-messages']);
  });

  test('but never after what the request itself is to blame for', async () => {
    const { status, text, sent, records, state } = await carry(aCall('openai-chat', chatBody()), [
      refuses(400, 'messages: too few'),
    ]);
    expect(status).toBe(400);
    expect(text).toContain('messages: too few');
    expect(sent).toHaveLength(1);
    expect(state('a').strikes).toBe(0);
    expect(records[0]).toMatchObject({ status: 400, verdict: 'client-error', attempts: [{ kind: 'invalid-request' }] });
  });

  test('at most eight times', async () => {
    const accounts = Array.from({ length: 12 }, (_, at) => chatAccount(`a${at}`));
    const steps = accounts.map(() => refuses(500, 'oops'));
    const { sent, records, inFlight } = await carry(aCall('openai-chat', chatBody()), steps, { accounts });
    expect(sent).toHaveLength(8);
    expect(records[0]!.attempts).toHaveLength(8);
    expect(inFlight()).toBe(0);
  });

  test('not when the budget of the exchange is used up', async () => {
    const setUp = setUpRelay(
      [
        () => {
          setUp.clock.jump(10_000);
          return new Response('oops', { status: 500 });
        },
      ],
      { limits: { budgetMs: 10_000 } },
    );
    await createRelay(setUp.ports).carry(aCall('openai-chat', chatBody()));
    expect(setUp.sent).toHaveLength(1);
  });
});

describe('nobody can answer', () => {
  test('the client hears in its own dialect when to come back, and that trying at once is of no use', async () => {
    const steps = [refuses(429, 'slow down', { 'retry-after': '30' }), refuses(500, 'oops')];
    const call = aCall('anthropic-messages', claudeBody({ model: 'gpt-4o' }));
    const { status, headers, text, records } = await carry(call, steps);
    expect(status).toBe(429);
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
    expect(headers).toMatchObject({
      'x-trivium-verdict': 'rate-limited',
      'x-trivium-attempts': '2',
      'x-should-retry': 'false',
      'content-type': 'application/json',
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ status: 429, verdict: 'rate-limited' });
  });

  test('when the model is unknown, with names like it', async () => {
    const { status, text, headers, records, sent } = await carry(
      aCall('openai-chat', chatBody({ model: 'gpt-4oo' })),
      [],
    );
    expect(status).toBe(404);
    expect(JSON.parse(text).error).toMatchObject({ code: 'model_not_found' });
    expect(text).toContain('gpt-4o');
    expect(headers['x-trivium-verdict']).toBe('client-error');
    expect(headers['x-should-retry']).toBeUndefined();
    expect(sent).toEqual([]);
    expect(records[0]).toMatchObject({ status: 404, modelAsked: 'gpt-4oo', attempts: [] });
  });

  test('when there is no account at all', async () => {
    const { status, headers } = await carry(aCall('openai-chat', chatBody()), [], { accounts: [] });
    expect(status).toBe(503);
    expect(headers['x-trivium-verdict']).toBe('no-account');
  });

  test('when all of them rest', async () => {
    const setUp = setUpRelay([
      refuses(429, 'slow', { 'retry-after': '60' }),
      refuses(429, 'slow', { 'retry-after': '90' }),
    ]);
    const relay = createRelay(setUp.ports);
    await relay.carry(aCall('openai-chat', chatBody()));
    const answer = await relay.carry(aCall('openai-chat', chatBody()));
    expect(answer.type === 'whole' && answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBe(60);
    expect(answer.headers['x-trivium-attempts']).toBe('0');
    expect(setUp.sent).toHaveLength(2);
    expect(setUp.records).toHaveLength(2);
  });

  test('when an account is of a provider that is not there', async () => {
    const accounts = [anAccount('v', { provider: 'bedrock' as 'openai', models: ['gpt-4o'] })];
    const { status, inFlight, text } = await carry(aCall('openai-chat', chatBody()), [], { accounts });
    expect(status).toBe(503);
    expect(text).toContain('not supported');
    expect(inFlight()).toBe(0);
  });
});

describe('a client that is gone', () => {
  test('before anything was sent costs nobody a strike', async () => {
    const call = aCall('openai-chat', chatBody(), { signal: AbortSignal.abort() });
    const { status, sent, records, inFlight } = await carry(call, []);
    expect(status).toBe(499);
    expect(sent).toEqual([]);
    expect(records).toHaveLength(1);
    expect(records[0]!.status).toBe(499);
    expect(inFlight()).toBe(0);
  });

  test('while the upstream thinks ends the upstream’s request', async () => {
    const client = new AbortController();
    const call = aCall('openai-chat', chatBody(), { signal: client.signal });
    const step: SendStep = (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        client.abort();
      });
    const { status, sent, state, records, inFlight } = await carry(call, [step]);
    expect(status).toBe(499);
    expect(sent).toHaveLength(1);
    expect(state('a').strikes).toBe(0);
    expect(state('a').cooldowns).toEqual([]);
    expect(records[0]).toMatchObject({ status: 499, attempts: [{ kind: 'canceled', next: 'stop' }] });
    expect(inFlight()).toBe(0);
  });
});

describe('a fault of our own', () => {
  test('is an answer too, and a line in the log', async () => {
    const broken: SendStep = () => {
      throw new TypeError('secret detail');
    };
    const { status, text, logged, records, state, inFlight } = await carry(aCall('openai-chat', chatBody()), [broken]);
    expect(status).toBe(500);
    expect(text).not.toContain('secret detail');
    expect(logged.join('\n')).toContain('secret detail');
    expect(records[0]!.verdict).toBe('gateway-error');
    expect(state('a').strikes).toBe(0);
    expect(inFlight()).toBe(0);
  });
});

describe('the record of an exchange', () => {
  test('holds what was asked, what answered and what it used', async () => {
    const call = aCall('openai-chat', chatBody(), {
      clientKey: 'laptop',
      hint: 'a hint',
      path: '/v1/chat/completions',
    });
    const { records } = await carry(call, [answers(chatAnswer())]);
    expect(records).toEqual([
      expect.objectContaining({
        id: 'exchange1',
        dialect: 'openai-chat',
        path: '/v1/chat/completions',
        client: 'test',
        clientKey: 'laptop',
        hint: 'a hint',
        modelAsked: 'gpt-4o',
        modelServed: 'gpt-4o',
        account: 'a',
        status: 200,
        streamed: false,
        usage: { input: 3, output: 2 },
        finish: 'stop',
      }),
    ]);
    expect(records[0]!.requestBody).toBeUndefined();
  });

  test.each([
    ['none', 400, undefined],
    ['errors', 400, true],
    ['errors', 200, undefined],
    ['all', 200, true],
  ] as const)('keeps bodies by the rule %s at status %i: %p', async (keep, status, kept) => {
    const step = status === 200 ? answers(chatAnswer()) : refuses(400, 'no');
    const { records } = await carry(aCall('openai-chat', chatBody()), [step], { bodies: { keep, limitBytes: 20 } });
    expect(records[0]!.requestBody?.length).toBe(kept && 20);
  });
});
