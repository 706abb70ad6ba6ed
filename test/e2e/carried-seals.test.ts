import { describe, expect, test } from 'bun:test';
import { asObjects, type JsonObject } from '../../src/base/json.ts';
import { accountAt } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { blocksOf, proofsOf, thoughtful } from '../support/plain-chat.ts';

const CLAUDE = 'claude-opus-4-5';
const GEMINI = 'gemini-3.5-flash';
const UNKNOWN = 'skip_thought_signature_validator';

/** A program that sends back all it was given. */
interface Echo {
  ask(gateway: Gateway, model: string): Promise<void>;
}

async function post(url: string, body: JsonObject): Promise<JsonObject> {
  // a program whose answers need no memory: only what it carries itself comes back
  const headers = { 'user-agent': 'claude-cli/2.1.330 (external, cli)' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as JsonObject;
  expect({ status: response.status, answer }).toMatchObject({ status: 200 });
  return answer;
}

function messagesEcho(): Echo {
  const messages: JsonObject[] = [{ role: 'user', content: 'What is above?' }];
  const tools = [{ name: 'look', input_schema: { type: 'object', properties: {} } }];
  const thinking = { type: 'enabled', budget_tokens: 2000 };
  return {
    ask: async ({ url }, model) => {
      const answer = await post(`${url}/v1/messages`, { model, max_tokens: 9000, messages, tools, thinking });
      messages.push({ role: 'assistant', content: answer.content! });
      const called = asObjects(answer.content).filter(({ type }) => type === 'tool_use');
      const results = called.map(({ id }) => ({ type: 'tool_result', tool_use_id: id!, content: 'stars' }));
      if (results.length > 0) messages.push({ role: 'user', content: results });
    },
  };
}

function responsesEcho(): Echo {
  const input: JsonObject[] = [{ role: 'user', content: 'What is above?' }];
  const tools = [{ type: 'function', name: 'look', strict: false, parameters: { type: 'object', properties: {} } }];
  const wishes = {
    store: false,
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'high', summary: 'auto' },
  };
  return {
    ask: async ({ url }, model) => {
      const answer = await post(`${url}/v1/responses`, { model, input, tools, max_output_tokens: 30000, ...wishes });
      const output = asObjects(answer.output);
      input.push(...output);
      const called = output.filter(({ type }) => type === 'function_call');
      for (const { call_id } of called)
        input.push({ type: 'function_call_output', call_id: call_id!, output: 'stars' });
    },
  };
}

function chatEcho(): Echo {
  const messages: JsonObject[] = [{ role: 'user', content: 'What is above?' }];
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];
  return {
    ask: async ({ url }, model) => {
      const reasoning = { effort: 'high' };
      const answer = await post(`${url}/v1/chat/completions`, { model, messages, tools, reasoning, max_tokens: 30000 });
      const message = asObjects(answer.choices)[0]!.message as JsonObject;
      messages.push(message);
      for (const { id } of asObjects(message.tool_calls)) {
        messages.push({ role: 'tool', tool_call_id: id!, content: 'stars' });
      }
    },
  };
}

describe.each([
  ['Anthropic', messagesEcho],
  ['Responses', responsesEcho],
  ['chat', chatEcho],
] as const)('an %s client that sends back all it was given', (name, makeEcho) => {
  test('carries the seals of two families through one conversation', async () => {
    await using upstream = await startFakeUpstream({ script: [thoughtful('Gemini first.')] });
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { name: 'claude', models: [CLAUDE] }));
    await gateway.addAccount(accountAt(upstream, 'gemini', { name: 'gemini', models: [GEMINI] }));
    const echo = makeEcho();
    await echo.ask(gateway, GEMINI);
    upstream.play(thoughtful('Claude second.'));
    // a conversation that has been Gemini's lacks the thought that Claude would begin with: it does not think this time
    if (name === 'Anthropic') upstream.play(text('Nothing yet.'), thoughtful('Claude second.'));
    await echo.ask(gateway, CLAUDE);
    upstream.play(thoughtful('Gemini third.'));
    await echo.ask(gateway, GEMINI);
    upstream.play(text('Stars.'));
    await echo.ask(gateway, CLAUDE);
    await echo.ask(gateway, GEMINI);
    const taken = upstream.generations.filter(({ refusal }) => refusal === undefined);
    const toGemini = taken.filter(({ dialect }) => dialect === 'gemini').map(proofsOf);
    expect(toGemini[1]![0]).not.toBe(UNKNOWN);
    expect(toGemini[2]!.map((proof) => proof === UNKNOWN)).toEqual(
      toGemini[2]!.map((_, at) => name !== 'Anthropic' && at === 1),
    );
    const toClaude = taken.filter(({ dialect }) => dialect === 'anthropic-messages').map(blocksOf);
    expect(JSON.stringify(toClaude)).not.toContain('Gemini');
    if (name !== 'Anthropic') expect(toClaude[1]).toContainEqual(['Claude second.', 'text', 'tool_use']);
  });
});

test('R38: what passes to its own vendor goes byte by byte, with every sign of its thoughts', async () => {
  await using upstream = await startFakeUpstream({ issued: ['EqQBCkYIBxgCKkA='] });
  await using gateway = await startGateway();
  await gateway.addAccount(accountAt(upstream, 'anthropic-messages', { models: [CLAUDE] }));
  const body = `{ "model":"${CLAUDE}","max_tokens" : 9000.0, "messages":[{"role":"user","content":"h\\u00efer \\/ \u00ef"},
    {"content":[{"type":"thinking","signature":"EqQBCkYIBxgCKkA=","thinking":"a\\u0020b\\/c"},{"type":"text","text":"1e2"}],"role":"assistant"},
    {"role":"user","content":"12345678901234567890"}] , "thinking":{"budget_tokens":2e3,"type":"enabled"}}`;
  const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body });
  expect(response.status).toBe(200);
  expect(upstream.generations[0]!.rawBody).toBe(body);
});
