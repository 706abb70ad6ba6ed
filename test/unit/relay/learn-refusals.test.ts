import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import type { ClientCall } from '../../../src/relay/call.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import type { UpstreamRequest } from '../../../src/upstream/provider.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAccount,
  chatAnswer,
  chatBody,
  chatFrames,
  claudeAccount,
  claudeAnswer,
  claudeBody,
  refuses,
  type SendStep,
  type SetUpOptions,
  setUpRelay,
  streams,
} from '../../support/relay-set-up.ts';

const DAY = 24 * 60 * 60 * 1000;
const one = { accounts: [chatAccount('a')] };
const sentIn = (request: UpstreamRequest | undefined) => JSON.parse(bodyOf(request)) as JsonObject;
const refusesField = (field: string) => refuses(400, `Unrecognized request argument supplied: ${field}`);
const fine = answers(chatAnswer());
const streamed = streams(chatFrames.text('hi'), chatFrames.finish, chatFrames.done);

/** Carries several calls through one relay, one after the other. */
async function carryAll(calls: readonly ClientCall[], steps: readonly SendStep[], options: SetUpOptions = one) {
  const setUp = setUpRelay(steps, options);
  const relay = createRelay(setUp.ports);
  const outcomes = [];
  for (const call of calls) outcomes.push(await relay.carry(call));
  return { ...setUp, answers: outcomes };
}

describe('a translated request', () => {
  const call = (more: object = {}) => aCall('anthropic-messages', claudeBody({ model: 'gpt-4o', ...more }));

  test('is sent once more without the field that the upstream named, to the same account', async () => {
    const tools = [{ name: 'f', input_schema: { type: 'object' } }];
    const choice = { tools, tool_choice: { type: 'auto', disable_parallel_tool_use: true } };
    const { status, headers, sent, records, state } = await carry(call(choice), [
      refusesField('parallel_tool_calls'),
      fine,
    ]);
    expect(status).toBe(200);
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(['a.test', 'a.test']);
    expect(sentIn(sent[0])).toHaveProperty('parallel_tool_calls');
    expect(sentIn(sent[1])).not.toHaveProperty('parallel_tool_calls');
    expect(headers['x-trivium-warnings']).toContain('parallel_tool_calls');
    expect(records[0]!.attempts.map(({ kind, next }) => [kind, next])).toEqual([
      ['invalid-request', 'same-account'],
      [undefined, undefined],
    ]);
    expect(state('a').lastError).toBeUndefined();
  });

  test('loses nothing where the field was the gateway’s own', async () => {
    const { sent, headers } = await carry(call({ stream: true }), [refusesField('stream_options'), streamed], one);
    expect(sentIn(sent[0])).toHaveProperty('stream_options');
    expect(sentIn(sent[1])).not.toHaveProperty('stream_options');
    expect(headers['x-trivium-warnings']).toBeUndefined();
  });

  test('the next one for this model is sent without it at once, for a day', async () => {
    const wish = { temperature: 0.5 };
    const { sent, clock, ports } = await carryAll(
      [call(wish), call(wish)],
      [refusesField('temperature'), fine, fine, fine],
    );
    expect(sent.map((request) => 'temperature' in sentIn(request))).toEqual([true, false, false]);
    clock.advance(DAY);
    await createRelay(ports).carry(call(wish));
    expect(sentIn(sent[3])).toHaveProperty('temperature');
  });

  test('several fields are left out, each after its own refusal', async () => {
    const wish = { temperature: 0.5, top_p: 0.5 };
    const steps = [refusesField('temperature'), refusesField('top_p'), fine];
    const { status, sent } = await carry(call(wish), steps, one);
    expect(status).toBe(200);
    expect(sentIn(sent[2])).not.toContainAnyKeys(['temperature', 'top_p']);
  });

  test('an upstream that goes on refusing the field is told of as it is, and nothing is learnt', async () => {
    const wish = { temperature: 0.5 };
    const { answers: outcomes, sent } = await carryAll(
      [call(wish), call(wish)],
      [refusesField('temperature'), refusesField('temperature'), fine],
    );
    expect(outcomes.map((answer) => (answer.type === 'whole' ? answer.status : 200))).toEqual([400, 200]);
    expect(sentIn(sent[2])).toHaveProperty('temperature');
  });

  test('one that must lose nothing is refused', async () => {
    const strict = { ...call({ temperature: 0.5 }), strict: true };
    const { status, sent } = await carry(strict, [refusesField('temperature')], one);
    expect([status, sent.length]).toEqual([400, 1]);
  });

  test('another account is asked in full', async () => {
    const busy = refuses(503, 'busy');
    const steps = [refusesField('temperature'), busy, refusesField('temperature'), fine];
    const { status, sent } = await carry(call({ temperature: 0.5 }), steps);
    expect(status).toBe(200);
    expect(sent.map((request) => [new URL(request.url).host, 'temperature' in sentIn(request)])).toEqual([
      ['a.test', true],
      ['a.test', false],
      ['b.test', true],
      ['b.test', false],
    ]);
  });

  test('a schema that is refused is told in words', async () => {
    const output_config = { format: { type: 'json_schema', schema: { type: 'object', properties: {} } } };
    const steps = [refuses(400, "'response_format.type' must be 'text' or 'json_object'"), fine];
    const { sent, headers } = await carry(call({ output_config }), steps, one);
    expect(sentIn(sent[1]).response_format).toEqual({ type: 'json_object' });
    expect(bodyOf(sent[1])).toContain('fits this JSON Schema');
    expect(headers['x-trivium-warnings']).toContain('schema-prompted');
  });

  test('a Gemini server that knows no JSON Schema gets the subset', async () => {
    const gemini = anAccount('g', { provider: 'gemini-compatible', baseUrl: 'http://g.test', models: ['gpt-4o'] });
    const tools = [{ name: 'f', input_schema: { type: 'object', properties: { a: { type: 'string' } } } }];
    const message = `Invalid JSON payload received. Unknown name "parametersJsonSchema" at 'tools[0]': Cannot find field.`;
    const refused = answers({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }, { status: 400 });
    const answer = { candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }] };
    const { status, sent } = await carry(call({ tools }), [refused, answers(answer)], { accounts: [gemini] });
    expect(status).toBe(200);
    expect(bodyOf(sent[0])).toContain('parametersJsonSchema');
    expect(bodyOf(sent[1])).toContain('"parameters":');
    expect(bodyOf(sent[1])).not.toContain('JsonSchema');
  });
});

describe('a request that passes', () => {
  const body = chatBody({ parallel_tool_calls: false, seed: 7 });

  test('goes as the client wrote it first, then without what was refused, with a loss', async () => {
    const { status, sent, headers } = await carry(aCall('openai-chat', body), [refusesField('seed'), fine], one);
    expect(status).toBe(200);
    expect(bodyOf(sent[0])).toBe(JSON.stringify(body));
    expect(sentIn(sent[1])).toEqual(chatBody({ parallel_tool_calls: false }));
    expect(headers['x-trivium-warnings']).toContain('seed');
  });

  test('a vendor’s refusal is for its own client to hear', async () => {
    const openai = chatAccount('a', { provider: 'openai' });
    const { status, sent, text } = await carry(aCall('openai-chat', body), [refusesField('seed')], {
      accounts: [openai],
    });
    expect([status, sent.length]).toEqual([400, 1]);
    expect(text).toContain('supplied: seed');
  });

  test('clients of Anthropic’s dialect leave fields out by themselves: they hear each refusal as it is', async () => {
    const account = claudeAccount('a', { provider: 'anthropic-compatible' });
    const refusal = {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'safeguards: Extra inputs are not permitted' },
    };
    const call = aCall('anthropic-messages', claudeBody({ safeguards: {} }));
    const steps = [answers(refusal, { status: 400 }), answers(claudeAnswer())];
    const { status, text } = await carry(call, steps, { accounts: [account] });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual(refusal);
  });
});
