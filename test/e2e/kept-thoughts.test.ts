import { describe, expect, test } from 'bun:test';
import { asArray, asObject, asObjects, asString, type JsonObject } from '../../src/base/json.ts';
import { accountAt } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { rateLimited, text, toolCalls } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { withFolder } from '../support/temporary-store.ts';

const CLAUDE = 'claude-opus-4-5';
const GEMINI = 'gemini-3.5-flash';
const CALLS = [{ name: 'look', args: { at: 'the sky' } }];
const TOOLS = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];
const thoughtful = (thinking: string) => toolCalls(CALLS, { thinking, text: 'I look.' });

/** A program that knows nothing of thoughts: it sends back what was said and what was called. */
function plainChat(model: string, stream: boolean) {
  const messages: JsonObject[] = [{ role: 'user', content: 'What is above?' }];
  return {
    messages,
    ask: async (gateway: Gateway, asked = model) => {
      const body = { model: asked, stream, messages, tools: TOOLS, reasoning_effort: 'high', max_tokens: 30000 };
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      const answer = await response.text();
      expect({ status: response.status, answer }).toMatchObject({ status: 200 });
      const said = stream ? readChunks(answer) : readWhole(answer);
      messages.push(said.message, ...said.results);
      return response;
    },
  };
}

function readWhole(answer: string) {
  const message = asObject(asObjects(JSON.parse(answer).choices)[0]?.message)!;
  return plainTurn(asString(message.content) ?? '', asObjects(message.tool_calls));
}

function readChunks(answer: string) {
  const lines = answer.split('\n').filter((line) => line.startsWith('data: {'));
  const deltas = lines.map((line) => asObject(asObjects(JSON.parse(line.slice(6)).choices)[0]?.delta) ?? {});
  const content = deltas.map((delta) => asString(delta.content) ?? '').join('');
  const calls = new Map<unknown, { id: string; name: string; text: string }>();
  for (const piece of deltas.flatMap((delta) => asObjects(delta.tool_calls))) {
    const definition = asObject(piece.function)!;
    const call = calls.get(piece.index) ?? { id: String(piece.id), name: String(definition.name), text: '' };
    calls.set(piece.index, { ...call, text: call.text + String(definition.arguments ?? '') });
  }
  const made = [...calls.values()].map((call) => ({
    id: call.id,
    function: { name: call.name, arguments: call.text },
  }));
  return plainTurn(content, made);
}

function plainTurn(content: string, calls: readonly JsonObject[]) {
  const made = calls.map((call) => ({ id: call.id, type: 'function', function: call.function }));
  const results = made.map((call): JsonObject => ({ role: 'tool', tool_call_id: call.id, content: 'stars' }));
  const message: JsonObject = { role: 'assistant', content, ...(made.length === 0 ? {} : { tool_calls: made }) };
  return { message, results };
}

/** The blocks of each answer in a request to Anthropic, by their types. */
function blocksOf(request: { readonly body?: JsonObject } | undefined): unknown[] {
  const turns = asObjects(request?.body?.messages).filter(({ role }) => role === 'assistant');
  return turns.map((turn) => asObjects(turn.content).map((block) => block.thinking ?? block.type));
}

/** The proofs on the calls in a request to Gemini. */
function proofsOf(request: { readonly body?: JsonObject } | undefined): unknown[] {
  const parts = asObjects(request?.body?.contents).flatMap((turn) => asObjects(turn.parts));
  return parts.filter((part) => part.functionCall !== undefined).map((part) => part.thoughtSignature);
}

describe.each([false, true])('a plain chat client, streams: %p', (stream) => {
  test('R40: a Claude that thinks gets its thoughts back in a tool loop, over a restart too', () =>
    withFolder(async (folder) => {
      await using upstream = await startFakeUpstream({ script: [thoughtful('First.')] });
      const chat = plainChat(CLAUDE, stream);
      const before = await startGateway({ folder });
      await before.addAccount(accountAt(upstream, 'anthropic-messages', { models: [CLAUDE] }));
      await chat.ask(before);
      upstream.play(thoughtful('Second.'));
      await chat.ask(before);
      expect(await before.stop()).toBe(0);
      await using after = await startGateway({ folder });
      upstream.play(text('Stars.'));
      const response = await chat.ask(after);
      expect(response.headers.get('x-trivium-warnings')).toBeNull();
      expect(upstream.generations.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined]);
      expect(blocksOf(upstream.generations[2])).toEqual([
        ['First.', 'text', 'tool_use'],
        ['Second.', 'text', 'tool_use'],
      ]);
      expect(upstream.generations[2]!.body!.thinking).toMatchObject({ type: 'enabled' });
    }));

  test('what Gemini 3 proved comes back on the call, and what nobody knows is told as unknown', async () => {
    await using upstream = await startFakeUpstream({ script: [thoughtful('Hm.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'gemini', { models: [GEMINI] }));
    const chat = plainChat(GEMINI, stream);
    await chat.ask(gateway);
    upstream.play(text('Stars.'));
    await chat.ask(gateway);
    const [proof] = proofsOf(upstream.generations[1]);
    expect([upstream.generations[1]!.refusal, proof]).toEqual([undefined, expect.stringMatching(/^.{100}/)]);
    chat.messages[0] = { role: 'user', content: 'Another conversation' };
    await chat.ask(gateway);
    expect(proofsOf(upstream.generations[2])).toEqual(['skip_thought_signature_validator']);
  });

  test('R39: the family changes in the middle and back: each gets its own thoughts and no others', async () => {
    await using upstream = await startFakeUpstream({ script: [thoughtful('Claude first.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { name: 'claude', models: [CLAUDE] }));
    await gateway.addAccount(accountAt(upstream, 'gemini', { name: 'gemini', models: [GEMINI] }));
    const chat = plainChat(CLAUDE, stream);
    await chat.ask(gateway);
    upstream.play(thoughtful('Gemini second.'));
    await chat.ask(gateway, GEMINI);
    upstream.play(thoughtful('Claude third.'));
    await chat.ask(gateway, CLAUDE);
    upstream.play(text('Stars.'));
    await chat.ask(gateway, CLAUDE);
    await chat.ask(gateway, GEMINI);
    const [, second, third, fourth, fifth] = upstream.generations;
    expect(upstream.generations.map(({ refusal }) => refusal)).toEqual(upstream.generations.map(() => undefined));
    expect(proofsOf(second)).toEqual(['skip_thought_signature_validator']);
    expect(blocksOf(third)).toEqual([
      ['Claude first.', 'text', 'tool_use'],
      ['text', 'tool_use'],
    ]);
    expect(third!.body!.thinking).toBeUndefined();
    expect(blocksOf(fourth)).toEqual([
      ['Claude first.', 'text', 'tool_use'],
      ['text', 'tool_use'],
      ['Claude third.', 'text', 'tool_use'],
    ]);
    const proofs = proofsOf(fifth);
    expect(proofs[0]).toBe('skip_thought_signature_validator');
    expect(proofs[1]).not.toBe('skip_thought_signature_validator');
    expect(proofs[2]).toBe('skip_thought_signature_validator');
  });
});

test('a seal that its vendor refuses is left out once, and nobody is blamed', async () => {
  await using upstream = await startFakeUpstream({ script: [text('Stars.')] });
  await using gateway = await startGateway();
  const account = await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { models: [CLAUDE] }));
  const forged = { type: 'thinking', thinking: 'Forged.', signature: 'bm9ib2R5' };
  const call = { id: 'call_0123456789abcdef', type: 'function', function: { name: 'look', arguments: '{}' } };
  const messages = [
    { role: 'user', content: 'What is above?' },
    { role: 'assistant', content: '', thinking_blocks: [forged], tool_calls: [call] },
    { role: 'tool', tool_call_id: call.id, content: 'stars' },
  ];
  const ask = (added: readonly JsonObject[]) => {
    const body = { model: CLAUDE, messages: [...messages, ...added], tools: TOOLS, reasoning_effort: 'high' };
    return fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
  };
  const response = await ask([]);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-trivium-warnings')).toBe('thinking-off, thoughts');
  const [refused, taken, ...more] = upstream.generations;
  expect([refused!.refusal === undefined, taken!.refusal, more]).toEqual([false, undefined, []]);
  expect(asArray(asObjects(taken!.body!.messages)[1]?.content)).toHaveLength(1);
  // what was refused once is not sent again, and thinking goes on
  const later = await ask([
    { role: 'assistant', content: 'Stars.' },
    { role: 'user', content: 'And below?' },
  ]);
  expect([later.status, later.headers.get('x-trivium-warnings')]).toEqual([200, null]);
  expect([upstream.generations.length, upstream.generations[2]!.refusal]).toEqual([3, undefined]);
  expect(upstream.generations[2]!.body!.thinking).toMatchObject({ type: 'enabled' });
  const { body: after } = await gateway.api<{ status: { state: string } }>(`/api/accounts/${account.id}`);
  expect(after.status).toMatchObject({ state: 'ready' });
});

describe('within one dialect', () => {
  test('a seal that its vendor refuses is left out once, and not sent again', async () => {
    await using upstream = await startFakeUpstream({ script: [text('Stars.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { models: [CLAUDE] }));
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    const forged = { type: 'thinking', thinking: 'Forged.', signature: 'bm9ib2R5' };
    const messages: JsonObject[] = [
      { role: 'user', content: 'What is above?' },
      { role: 'assistant', content: [forged, { type: 'text', text: 'Stars.' }] },
      { role: 'user', content: 'And below?' },
    ];
    const ask = () =>
      fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        body: JSON.stringify({ model: CLAUDE, max_tokens: 9000, thinking, messages }),
      });
    const first = await ask();
    expect([first.status, first.headers.get('x-trivium-warnings')]).toEqual([200, 'thoughts']);
    messages.push({ role: 'assistant', content: 'Earth.' }, { role: 'user', content: 'And between?' });
    const second = await ask();
    expect([second.status, second.headers.get('x-trivium-warnings')]).toEqual([200, null]);
    expect(upstream.generations.map(({ refusal }) => refusal === undefined)).toEqual([false, true, true]);
    expect(upstream.generations[2]!.body!.thinking).toEqual(thinking);
  });

  test('the old library of Google gets back what it dropped, and what stands for a proof where nobody knows it', async () => {
    await using upstream = await startFakeUpstream({ script: [thoughtful('Hm.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'gemini', { models: [GEMINI] }));
    const ask = async (contents: readonly JsonObject[]) => {
      const response = await fetch(`${gateway.url}/v1beta/models/${GEMINI}:streamGenerateContent?alt=sse`, {
        method: 'POST',
        headers: { 'x-goog-api-client': 'genai-js/0.24.1' },
        body: JSON.stringify({ contents, tools: [{ functionDeclarations: [{ name: 'look' }] }] }),
      });
      expect(response.status).toBe(200);
      return response.text();
    };
    const user = { role: 'user', parts: [{ text: 'What is above?' }] };
    await ask([user]);
    upstream.play(text('Stars.'));
    const call = (args: JsonObject) => ({ role: 'model', parts: [{ functionCall: { name: 'look', args } }] });
    const result = { role: 'user', parts: [{ functionResponse: { name: 'look', response: { output: 'stars' } } }] };
    await ask([user, call({ at: 'the sky' }), result, call({ at: 'the ground' }), result]);
    expect(upstream.generations[1]!.refusal).toBeUndefined();
    expect(proofsOf(upstream.generations[1])).toEqual([
      expect.stringMatching(/^.{100}/),
      'skip_thought_signature_validator',
    ]);
  });

  test.each([false, true])('DeepSeek gets its thoughts back with its calls, streams: %p', async (stream) => {
    const model = 'deepseek-chat';
    await using upstream = await startFakeUpstream({ script: [thoughtful('Hm. So.')], chatFields: ['max_tokens'] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
    const chat = plainChat(model, stream);
    await chat.ask(gateway);
    upstream.play(text('Stars.'));
    chat.messages.push({ role: 'user', content: 'And below?' });
    const call = { id: 'call_unknown_to_all', type: 'function', function: { name: 'look', arguments: '{}' } };
    chat.messages.push({ role: 'assistant', content: '', tool_calls: [call] });
    chat.messages.push({ role: 'tool', tool_call_id: call.id, content: 'earth' });
    await chat.ask(gateway);
    const turns = asObjects(upstream.generations[1]!.body!.messages).filter(({ role }) => role === 'assistant');
    expect(turns.map((turn) => turn.reasoning_content)).toEqual(['Hm. So.', '']);
  });

  test('a Claude that knows only its own account: a change of account leaves the thoughts behind', async () => {
    const model = 'claude-sonnet-5-5';
    await using first = await startFakeUpstream({ script: [thoughtful('First.')] });
    await using second = await startFakeUpstream({ script: [thoughtful('Second.')] });
    // proofs are counted: the two services must not come to the same one
    await fetch(`${second.url}/v1/models`, { headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' } });
    await using gateway = await startGateway({ flags: { 'patience-s': '0' } });
    const fields = { models: [model], priority: 9 };
    await gateway.addAccount(accountAt(first, 'anthropic-messages', { ...fields, name: 'first' }));
    await gateway.addAccount(accountAt(second, 'anthropic-messages', { ...fields, name: 'second', priority: 1 }));
    const messages: JsonObject[] = [{ role: 'user', content: 'What is above?' }];
    const tools = [{ name: 'look', input_schema: { type: 'object', properties: {} } }];
    const ask = async () => {
      const body = { model, max_tokens: 9000, messages, tools, thinking: { type: 'adaptive' }, stream: false };
      const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body: JSON.stringify(body) });
      const answer = (await response.json()) as JsonObject;
      expect({ status: response.status, answer }).toMatchObject({ status: 200 });
      messages.push({ role: 'assistant', content: answer.content! });
      const called = asObjects(answer.content).filter(({ type }) => type === 'tool_use');
      const results = called.map(({ id }) => ({ type: 'tool_result', tool_use_id: id!, content: 'stars' }));
      if (results.length > 0) messages.push({ role: 'user', content: results });
    };
    await ask();
    first.play(rateLimited(300));
    await ask();
    await ask();
    expect(second.generations.map(({ refusal }) => refusal)).toEqual([undefined, undefined]);
    expect(second.generations.map(blocksOf)).toEqual([
      [['text', 'tool_use']],
      [
        ['text', 'tool_use'],
        ['Second.', 'text', 'tool_use'],
      ],
    ]);
  });
});
