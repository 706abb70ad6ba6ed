import { expect, test } from 'bun:test';
import { asObjects, type JsonObject } from '../../src/base/json.ts';
import { type AgentService, createAgentService } from '../support/agent/agent-service.ts';
import { messagesAgent } from '../support/agent/messages-agent.ts';

const SCRIPT = { thinking: 'Hm.', calls: [{ tool: 0, args: { path: 'a' } }] };

/** Lets Claude think and call, and gives the client's next request to `change` before it is sent. */
async function send(change: (body: JsonObject) => JsonObject): Promise<AgentService> {
  const service = createAgentService('openai-chat');
  const client = messagesAgent('enabled');
  const post = (body: JsonObject) =>
    service.answer(
      {
        method: 'POST',
        url: 'http://a.test/v1/messages',
        headers: { 'anthropic-version': '2023-06-01' },
        body: JSON.stringify(body),
      },
      SCRIPT,
    );
  const plain = () =>
    JSON.parse(JSON.stringify(client.body('claude-sonnet-4-5')).replaceAll(/,"cache_control":\{[^}]*\}/g, ''));
  client.ask('Begin.');
  const { calls } = client.take(await post(plain()).text());
  client.giveResults([{ call: calls[0]!, text: 'ok', failed: false, image: false }], undefined);
  post(change(plain()));
  return service;
}

function withBlocks(body: JsonObject, change: (block: JsonObject) => JsonObject[]): JsonObject {
  const messages = asObjects(body.messages).map((message) => ({
    ...message,
    content: asObjects(message.content).flatMap(change),
  }));
  return { ...body, messages };
}

test('the services take what a client sends back as it was', async () => {
  const { faults, refusals, proofs } = await send((body) => body);
  expect([faults, refusals]).toEqual([[], []]);
  expect(proofs('anthropic-messages')).toEqual({ given: 2, returned: 1 });
});

test.each<[string, (block: JsonObject) => JsonObject[], RegExp]>([
  ['a forged proof', (block) => [block.type === 'thinking' ? { ...block, signature: 'forged' } : block], /nobody gave/],
  [
    'another thought',
    (block) => [block.type === 'thinking' ? { ...block, thinking: 'No.' } : block],
    /another thought/,
  ],
  ['a changed question', (block) => [block.text === 'Begin.' ? { ...block, text: 'Start.' } : block], /has changed/],
])('the services see %s', async (_what, change, words) => {
  const { faults } = await send((body) => withBlocks(body, change));
  expect(faults.join('\n')).toMatch(words);
});

test.each<[string, (block: JsonObject) => JsonObject[], RegExp]>([
  ['a missing thought', (block) => (block.type === 'thinking' ? [] : [block]), /Expected `thinking`/],
  ['a missing result', (block) => (block.type === 'tool_result' ? [{ type: 'text', text: 'x' }] : [block]), /tool_use/],
])('the services refuse %s', async (_what, change, words) => {
  const { refusals } = await send((body) => withBlocks(body, change));
  expect(refusals.join('\n')).toMatch(words);
});
