import { describe, expect, test } from 'bun:test';
import { GatewayError, toGatewayError } from '../../../src/base/gateway-error.ts';
import type { ClientCall } from '../../../src/relay/call.ts';
import { createCountTokens } from '../../../src/relay/count-tokens.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  chatAccount,
  claudeAccount,
  claudeBody,
  readAnswer,
  refuses,
  type SendStep,
  type SetUpOptions,
  setUpRelay,
} from '../../support/relay-set-up.ts';

async function count(call: ClientCall, steps: readonly SendStep[], options: SetUpOptions) {
  const setUp = setUpRelay(steps, options);
  const answer = await createCountTokens(setUp.ports)(call);
  return { ...setUp, answer, headers: answer.headers, body: JSON.parse(await readAnswer(answer)) };
}

const CLAUDE = { accounts: [claudeAccount('c')] };
const claudeCall = () => aCall('anthropic-messages', claudeBody());

describe('the upstream counts', () => {
  test('where it speaks the client’s dialect', async () => {
    const { body, sent, headers, inFlight } = await count(claudeCall(), [answers({ input_tokens: 12 })], CLAUDE);
    expect(body).toEqual({ input_tokens: 12 });
    expect(sent[0]!.url).toBe('http://c.test/v1/messages/count_tokens');
    expect(sent[0]!.headers['x-api-key']).toBe('sk-c-0123456789');
    expect(headers).toMatchObject({ 'x-trivium-account': 'c', 'x-trivium-request-id': 'exchange1' });
    expect(headers['x-trivium-warnings']).toBeUndefined();
    expect(inFlight()).toBe(0);
  });

  test('for the model that an alias leads to', async () => {
    const aliases = [{ name: 'best', targets: [{ model: 'claude-sonnet-4-5' }] }];
    const call = aCall('anthropic-messages', claudeBody({ model: 'best' }));
    const { sent } = await count(call, [answers({ input_tokens: 12 })], { ...CLAUDE, aliases });
    expect(JSON.parse(bodyOf(sent[0]))).toEqual(claudeBody());
  });

  test('for Gemini as well', async () => {
    const accounts = [anAccount('g', { provider: 'gemini', models: ['gemini-2.5-pro'], baseUrl: 'http://g.test' })];
    const call = aCall('gemini', { contents: [{ parts: [{ text: 'hi' }] }] }, { model: 'gemini-2.5-pro' });
    const { body, sent } = await count(call, [answers({ totalTokens: 5 })], { accounts });
    expect(body).toEqual({ totalTokens: 5 });
    expect(sent[0]!.url).toBe('http://g.test/v1beta/models/gemini-2.5-pro:countTokens');
  });
});

describe('the gateway estimates, and says so', () => {
  const broken: SendStep = () => {
    throw new GatewayError('upstream-unreachable', 'no');
  };

  test.each<[string, SendStep]>([
    ['is refused', refuses(429, 'slow')],
    ['is not found', refuses(404, 'no such path')],
    ['breaks', broken],
    ['answers with no count', answers({ hello: 1 })],
    ['answers with no JSON', answers('<html>')],
  ])('when the upstream’s count %s, which is no strike', async (_what, step) => {
    const { body, headers, state, inFlight } = await count(claudeCall(), [step], CLAUDE);
    expect(body.input_tokens).toBeGreaterThan(0);
    expect(headers['x-trivium-warnings']).toBe('estimated');
    expect(state('c')).toMatchObject({ strikes: 0, cooldowns: [] });
    expect(inFlight()).toBe(0);
  });

  test.each([
    ['anthropic-messages', claudeBody({ model: 'gpt-4o' }), 'input_tokens'],
    ['openai-responses', { model: 'gpt-4o', input: 'hi' }, 'input_tokens'],
    ['gemini', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }, 'totalTokens'],
    ['gemini', { generateContentRequest: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] } }, 'totalTokens'],
  ] as const)('when the upstream speaks another dialect than %s', async (dialect, request, field) => {
    const call = aCall(dialect, request, { model: 'gpt-4o' });
    const { body, sent, headers } = await count(call, [], { accounts: [chatAccount('a')] });
    expect(sent).toEqual([]);
    expect(body[field]).toBeGreaterThan(0);
    expect(headers['x-trivium-warnings']).toBe('estimated');
  });

  test('when no account serves the model', async () => {
    const { body } = await count(aCall('anthropic-messages', claudeBody({ model: 'nobody' })), [], CLAUDE);
    expect(body.input_tokens).toBeGreaterThan(0);
  });

  test('when every account is busy, without waiting for one', async () => {
    const accounts = [claudeAccount('c', { maxConcurrent: 1 })];
    const setUp = setUpRelay([], { accounts });
    const { signal } = new AbortController();
    await setUp.ports.pool.lease({ target: { model: 'claude-sonnet-4-5' }, tried: new Set() }, signal);
    const answer = await createCountTokens(setUp.ports)(claudeCall());
    expect(answer.headers['x-trivium-warnings']).toBe('estimated');
  });
});

describe('what is wrong with the request itself', () => {
  test('is an error', async () => {
    const call = aCall('anthropic-messages', { model: 'nobody', messages: 7 });
    const thrown = await count(call, [], CLAUDE).catch((error) => error);
    expect(toGatewayError(thrown)).toMatchObject({ kind: 'invalid-request', detail: { param: 'messages' } });
  });

  test('is a dialect that does not count', async () => {
    const call = aCall('openai-chat', { model: 'gpt-4o', messages: [] });
    const thrown = await count(call, [], { accounts: [chatAccount('a')] }).catch((error) => error);
    expect(toGatewayError(thrown).kind).toBe('route-unknown');
  });
});
