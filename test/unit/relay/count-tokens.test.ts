import { describe, expect, test } from 'bun:test';
import { GatewayError, toGatewayError } from '../../../src/base/gateway-error.ts';
import type { ClientCall } from '../../../src/relay/call.ts';
import { createCountTokens } from '../../../src/relay/count-tokens.ts';
import { createTokenRatios, type TokenRatio } from '../../../src/relay/counting/token-ratios.ts';
import { writeSeal } from '../../../src/translate/seal.ts';
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
import { responseMemory } from '../../support/response-memory.ts';

const ratiosOf = (...known: readonly TokenRatio[]) => createTokenRatios({ readAll: () => known, save: () => {} });

async function count(call: ClientCall, steps: readonly SendStep[], options: SetUpOptions) {
  const setUp = setUpRelay(steps, options);
  const answer = await createCountTokens({ ...setUp.ports, ratios: ratiosOf() })(call);
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

  test('in the form that this model takes', async () => {
    const aliases = [{ name: 'claude-opus-5', targets: [{ model: 'claude-sonnet-4-5' }] }];
    const body = claudeBody({ model: 'claude-opus-5', max_tokens: 9000, thinking: { type: 'adaptive' } });
    const { sent } = await count(aCall('anthropic-messages', body), [answers({ input_tokens: 12 })], {
      ...CLAUDE,
      aliases,
    });
    const thinking = { type: 'enabled', budget_tokens: 7200 };
    expect(JSON.parse(bodyOf(sent[0]))).toEqual(claudeBody({ max_tokens: 9000, thinking }));
  });

  test('without thoughts that another vendor sealed', async () => {
    const signature = writeSeal({ dialect: 'gemini', value: 'proof' }, 'anthropic-messages');
    const thought = { type: 'thinking', thinking: 'hm', signature };
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [thought, { type: 'text', text: 'hello' }] },
    ];
    const call = aCall('anthropic-messages', claudeBody({ messages }));
    const { sent } = await count(call, [answers({ input_tokens: 12 })], CLAUDE);
    expect(JSON.parse(bodyOf(sent[0])).messages[1].content).toEqual([{ type: 'text', text: 'hello' }]);
  });

  test('for Gemini as well', async () => {
    const accounts = [anAccount('g', { provider: 'gemini', models: ['gemini-2.5-pro'], baseUrl: 'http://g.test' })];
    const call = aCall('gemini', { contents: [{ parts: [{ text: 'hi' }] }] }, { model: 'gemini-2.5-pro' });
    const { body, sent } = await count(call, [answers({ totalTokens: 5 })], { accounts });
    expect(body).toEqual({ totalTokens: 5 });
    expect(sent[0]!.url).toBe('http://g.test/v1beta/models/gemini-2.5-pro:countTokens');
  });
});

test('an earlier response that a request goes on from is counted with it', async () => {
  const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What was said before.' }] }];
  const responses = responseMemory({ id: 'resp_1', input, response: { output: [] } });
  const call = aCall('openai-responses', {
    model: 'claude-sonnet-4-5',
    input: 'Go on.',
    previous_response_id: 'resp_1',
  });
  const { sent, body } = await count(call, [answers({ input_tokens: 12 })], { ...CLAUDE, responses });
  expect(body).toEqual({ object: 'response.input_tokens', input_tokens: 12 });
  expect(bodyOf(sent[0])).toContain('What was said before.');
});

describe('an upstream of another dialect counts', () => {
  const geminiAccount = anAccount('g', { provider: 'gemini', models: ['gpt-4o'], baseUrl: 'http://g.test' });
  const openAiAccount = anAccount('o', { provider: 'openai', models: ['gpt-4o'], baseUrl: 'http://o.test/v1' });
  const claude = claudeAccount('c', { models: ['gpt-4o'] });
  const claudeAsk = claudeBody({ model: 'gpt-4o', system: 'Be kind.' });
  const geminiAsk = { systemInstruction: { parts: [{ text: 'Be kind.' }] }, contents: [{ parts: [{ text: 'hi' }] }] };

  test('Gemini, for an Anthropic client', async () => {
    const call = aCall('anthropic-messages', claudeAsk);
    const { body, sent } = await count(call, [answers({ totalTokens: 7 })], { accounts: [geminiAccount] });
    expect(body).toEqual({ input_tokens: 7 });
    expect(sent[0]!.url).toBe('http://g.test/v1beta/models/gpt-4o:countTokens');
    const asked = JSON.parse(bodyOf(sent[0])).generateContentRequest;
    expect(asked.model).toBe('models/gpt-4o');
    expect(asked.systemInstruction.parts).toEqual([{ text: 'Be kind.' }]);
  });

  test('U12: OpenAI, for a Gemini client, which counts what the client sent and nothing else', async () => {
    const call = aCall('gemini', geminiAsk, { model: 'gpt-4o' });
    const { body, sent } = await count(call, [answers({ object: 'response.input_tokens', input_tokens: 8 })], {
      accounts: [openAiAccount],
    });
    expect(body).toEqual({ totalTokens: 8 });
    expect(sent[0]!.url).toBe('http://o.test/v1/responses/input_tokens');
    expect(Object.keys(JSON.parse(bodyOf(sent[0]))).sort()).toEqual(['input', 'instructions', 'model']);
  });

  test('Anthropic, for a Responses client', async () => {
    const call = aCall('openai-responses', { model: 'gpt-4o', input: 'hi', instructions: 'Be kind.' });
    const { body, sent } = await count(call, [answers({ input_tokens: 9 })], { accounts: [claude] });
    expect(body).toEqual({ object: 'response.input_tokens', input_tokens: 9 });
    expect(sent[0]!.url).toBe('http://c.test/v1/messages/count_tokens');
    const asked = JSON.parse(bodyOf(sent[0]));
    expect(asked.max_tokens).toBeUndefined();
    expect(asked).toMatchObject({ model: 'gpt-4o', system: [{ type: 'text', text: 'Be kind.' }] });
  });

  test('the model in Gemini’s envelope is the one an alias leads to', async () => {
    const aliases = [{ name: 'best', targets: [{ model: 'gpt-4o' }] }];
    const inner = { model: 'models/best', contents: geminiAsk.contents };
    const call = aCall('gemini', { generateContentRequest: inner }, { model: 'best' });
    const { sent } = await count(call, [answers({ totalTokens: 7 })], { accounts: [geminiAccount], aliases });
    expect(JSON.parse(bodyOf(sent[0])).generateContentRequest.model).toBe('models/gpt-4o');
  });

  test('and when it takes longer than a client would wait, the gateway estimates', async () => {
    const never: SendStep = (_request, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const setUp = setUpRelay([never], { accounts: [claude] });
    const counting = createCountTokens({ ...setUp.ports, ratios: ratiosOf() })(aCall('anthropic-messages', claudeAsk));
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    await setUp.clock.advance(6_000);
    expect((await counting).headers['x-trivium-warnings']).toMatch(/^estimated=/);
  });
});

describe('what past answers came to', () => {
  test('moves the estimate, and makes it surer', async () => {
    const words = 'the quick brown fox jumps over the lazy dog. '.repeat(200);
    const call = () =>
      aCall('anthropic-messages', claudeBody({ model: 'nobody', messages: [{ role: 'user', content: words }] }));
    const setUp = setUpRelay([], CLAUDE);
    const read = async (ratios: ReturnType<typeof ratiosOf>) => {
      const answer = await createCountTokens({ ...setUp.ports, ratios })(call());
      const within = Number(/within-(\d+)%/.exec(answer.headers['x-trivium-warnings']!)![1]);
      return { tokens: JSON.parse(await readAnswer(answer)).input_tokens as number, within };
    };
    const learnt: TokenRatio = {
      model: 'nobody',
      dialect: 'anthropic-messages',
      mean: Math.log(0.4),
      variance: 0.001,
      count: 40,
    };
    const [before, after] = [await read(ratiosOf()), await read(ratiosOf(learnt))];
    expect(after.tokens).toBeGreaterThan(before.tokens * 1.3);
    expect(after.within).toBeLessThan(before.within);
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
    expect(headers['x-trivium-warnings']).toMatch(/^estimated=within-\d+%$/);
    expect(state('c')).toMatchObject({ strikes: 0, cooldowns: [] });
    expect(inFlight()).toBe(0);
  });

  test('for a while without asking again, when the server has no such path', async () => {
    const setUp = setUpRelay([refuses(404, 'no such path')], CLAUDE);
    const countTokens = createCountTokens({ ...setUp.ports, ratios: ratiosOf() });
    for (let time = 0; time < 3; time++) await countTokens(claudeCall());
    expect(setUp.sent).toHaveLength(1);
  });

  test.each([
    ['anthropic-messages', claudeBody({ model: 'gpt-4o' }), 'input_tokens'],
    ['openai-responses', { model: 'gpt-4o', input: 'hi' }, 'input_tokens'],
    ['gemini', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }, 'totalTokens'],
    ['gemini', { generateContentRequest: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] } }, 'totalTokens'],
  ] as const)('when no server of the account counts, asked in %s', async (dialect, request, field) => {
    const call = aCall(dialect, request, { model: 'gpt-4o' });
    const { body, sent, headers } = await count(call, [], { accounts: [chatAccount('a')] });
    expect(sent).toEqual([]);
    expect(body[field]).toBeGreaterThan(0);
    expect(headers['x-trivium-warnings']).toMatch(/^estimated=within-\d+%$/);
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
    const answer = await createCountTokens({ ...setUp.ports, ratios: ratiosOf() })(claudeCall());
    expect(answer.headers['x-trivium-warnings']).toMatch(/^estimated=within-\d+%$/);
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
