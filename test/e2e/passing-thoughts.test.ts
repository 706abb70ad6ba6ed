import { describe, expect, test } from 'bun:test';
import { asObjects, type JsonObject } from '../../src/base/json.ts';
import { accountAt } from '../support/accounts-at.ts';
import { startGateway } from '../support/executable.ts';
import { rateLimited, text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { blocksOf, plainChat, proofsOf, thoughtful } from '../support/plain-chat.ts';

const CLAUDE = 'claude-opus-4-5';
const GEMINI = 'gemini-3.5-flash';

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

  test.each(['genai-js/0.24.1', 'gl-python/3.12.3 rest/2.32 genai-py/0.8.5'])(
    'an old library of Google gets back what it dropped, and what stands for a lost proof: %s',
    async (library) => {
      await using upstream = await startFakeUpstream({ script: [thoughtful('Hm.')] });
      await using gateway = await startGateway();
      await gateway.addAccount(accountAt(upstream, 'gemini', { models: [GEMINI] }));
      const ask = async (contents: readonly JsonObject[]) => {
        const response = await fetch(`${gateway.url}/v1beta/models/${GEMINI}:streamGenerateContent?alt=sse`, {
          method: 'POST',
          headers: { 'x-goog-api-client': library },
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
    },
  );

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
