import { expect, test } from 'bun:test';
import type { ExchangeDetail } from '../../src/admin/exchange-item.ts';
import { accountAt } from '../support/accounts-at.ts';
import { startGateway } from '../support/executable.ts';
import { type ScriptStep, status, text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';

const MODEL = 'qwen3-coder';

/** A small server that knows few fields, and names the first one that it does not. */
const narrow: ScriptStep = ({ body }) => {
  const field = ['stream_options', 'parallel_tool_calls', 'seed'].find((name) => body?.[name] !== undefined);
  return field === undefined
    ? text('Here I am.')
    : status(400, { message: `Unrecognized request argument supplied: ${field}` });
};

test('a server that knows few fields serves every client, and is asked in full only once', async () => {
  await using upstream = await startFakeUpstream({ script: [narrow] });
  await using gateway = await startGateway();
  await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [MODEL] }));
  const ask = (path: string, body: object) =>
    fetch(`${gateway.url}${path}`, { method: 'POST', body: JSON.stringify({ model: MODEL, ...body }) });
  const messages = [{ role: 'user', content: 'Are you there?' }];

  // translated: what is refused was the gateway's own, and what the client wanted
  const tools = [{ name: 'look', input_schema: { type: 'object', properties: {} } }];
  const tool_choice = { type: 'auto', disable_parallel_tool_use: true };
  const first = await ask('/v1/messages', { max_tokens: 99, messages, tools, tool_choice, stream: true });
  expect([first.status, first.headers.get('x-trivium-warnings')]).toEqual([200, 'parallel_tool_calls']);
  expect(await first.text()).toContain('message_stop');
  expect(upstream.generations.map(({ body }) => Object.keys(body!).includes('stream_options'))).toEqual([
    true,
    false,
    false,
  ]);

  const id = first.headers.get('x-trivium-request-id');
  const exchange = (await gateway.api(`/api/requests/${id}`)).body as ExchangeDetail;
  expect(exchange.attempts.map(({ kind, next }) => [kind, next])).toEqual([
    ['invalid-request', 'same-account'],
    ['invalid-request', 'same-account'],
    [null, null],
  ]);

  const second = await ask('/v1/messages', { max_tokens: 99, messages, tools, tool_choice, stream: true });
  await second.text();
  expect([second.status, upstream.generations.length]).toEqual([200, 4]);

  // passed: the client's own field
  const third = await ask('/v1/chat/completions', { messages, seed: 7 });
  expect([third.status, third.headers.get('x-trivium-warnings')]).toEqual([200, 'seed']);
  expect(upstream.generations).toHaveLength(6);
});
