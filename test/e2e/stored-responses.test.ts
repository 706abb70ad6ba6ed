import { describe, expect, test } from 'bun:test';
import { NotFoundError } from 'openai';
import { type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import { accountAt, SERVICES, type UpstreamDialect } from '../support/accounts-at.ts';
import { openAiAt } from '../support/clients/openai-chat.ts';
import { startGateway } from '../support/executable.ts';
import { text, toolCalls } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { withFolder } from '../support/temporary-store.ts';

const FOREIGN: readonly UpstreamDialect[] = ['openai-chat', 'anthropic-messages', 'gemini'];
const TOOLS = [
  {
    type: 'function' as const,
    name: 'get_tide',
    description: 'Tells the tide.',
    parameters: { type: 'object', properties: { port: { type: 'string' } } },
    strict: false,
  },
];

describe.each(FOREIGN)('over an upstream of %s the official client', (dialect) => {
  const { model } = SERVICES[dialect];

  test('goes on from a response by its id: whole, streamed, and after a restart', async () => {
    await using upstream = await startFakeUpstream();
    await withFolder(async (folder) => {
      const first = await startGateway({ folder });
      await first.addAccount(accountAt(upstream, dialect, { models: [model] }));
      upstream.play(text('One.'), text('Two.'), text('Three.'), text('Four.'));
      const { responses } = openAiAt(first.url);
      const one = await responses.create({ model, input: 'First?', instructions: 'Be brief.' });
      expect(one).toMatchObject({ output_text: 'One.', store: true, previous_response_id: null });
      const stream = responses.stream({ model, input: 'Second?', previous_response_id: one.id });
      const two = await stream.finalResponse();
      expect(two).toMatchObject({ output_text: 'Two.', previous_response_id: one.id });
      // nothing is left to write when it is killed
      await first.kill();

      await using again = await startGateway({ folder });
      const restarted = openAiAt(again.url).responses;
      const three = await restarted.create({ model, input: 'Third?', previous_response_id: two.id });
      expect(three.output_text).toBe('Three.');
      const sent = JSON.stringify(upstream.generations.at(-1)!.body);
      const order = ['First?', 'One.', 'Second?', 'Two.', 'Third?'].map((words) => sent.indexOf(words));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(order).not.toContain(-1);
      expect(sent).not.toContain('Be brief.');
      // a conversation may branch
      const four = await restarted.create({ model, input: 'Else?', previous_response_id: one.id });
      expect(four.output_text).toBe('Four.');
      expect(JSON.stringify(upstream.generations.at(-1)!.body)).not.toContain('Second?');
    });
  });

  test('gives the result of a call to the response that asked for it', async () => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, dialect, { models: [model] }));
    upstream.play(toolCalls([{ name: 'get_tide', args: { port: 'Brest' } }]), text('High.'));
    const { responses } = openAiAt(gateway.url);
    const asked = await responses.create({ model, input: 'The tide?', tools: TOOLS });
    const call = asked.output.find((item) => item.type === 'function_call')!;
    const output = [{ type: 'function_call_output' as const, call_id: call.call_id, output: 'high' }];
    const told = await responses.create({ model, input: output, tools: TOOLS, previous_response_id: asked.id });
    expect(told.output_text).toBe('High.');
    expect(upstream.generations.at(-1)).not.toHaveProperty('refusal');
    expect(JSON.stringify(upstream.generations.at(-1)!.body)).toContain('Brest');
  });

  test('reads, lists and deletes a response, and refers to its items', async () => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, dialect, { models: [model] }));
    const { responses } = openAiAt(gateway.url);
    const made = await responses.create({ model, input: 'First?' });
    const { output_text: _, ...read } = await responses.retrieve(made.id);
    expect(read).toMatchObject({ id: made.id, status: 'completed', output: made.output });
    const later = await responses.create({ model, input: 'Second?', previous_response_id: made.id });
    const items = [];
    for await (const item of responses.inputItems.list(later.id, { limit: 2, order: 'asc' })) items.push(item);
    expect(items).toMatchObject([{ role: 'user' }, { role: 'assistant' }, { role: 'user' }]);
    const reference = { type: 'item_reference' as const, id: made.output[0]!.id! };
    await responses.create({ model, input: [reference, { role: 'user', content: 'Third?' }] });
    expect(JSON.stringify(upstream.generations.at(-1)!.body)).toContain(made.output_text);

    await responses.delete(made.id);
    expect(await refusal(responses.retrieve(made.id))).toBeInstanceOf(NotFoundError);
    const refused = { status: 400, code: 'previous_response_not_found', param: 'previous_response_id' };
    const onward = responses.create({ model, input: 'More', previous_response_id: made.id });
    expect(await refusal(onward)).toMatchObject(refused);
    // what came after it holds all it needs
    expect((await responses.create({ model, input: 'More', previous_response_id: later.id })).status).toBe('completed');
  });

  test('is told what only an upstream of Responses can do', async () => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, dialect, { models: [model] }));
    const { responses } = openAiAt(gateway.url);
    const input = 'Hi';
    expect(await refusal(responses.create({ model, input, background: true }))).toMatchObject({ param: 'background' });
    expect(await refusal(responses.create({ model, input, conversation: 'conv_1' }))).toMatchObject({ status: 400 });
    expect(await refusal(responses.create({ model, input, prompt: { id: 'pmpt_1' } }))).toMatchObject({ status: 400 });
    const unknown = [{ type: 'item_reference' as const, id: 'msg_unknown' }];
    expect(await refusal(responses.create({ model, input: unknown }))).toMatchObject({
      status: 400,
      code: 'item_not_found',
    });
    expect(await refusal(responses.compact({ model: model as never, input }))).toBeInstanceOf(NotFoundError);
    const made = await responses.create({ model, input, store: false });
    expect(made).toMatchObject({ store: false });
    expect(await refusal(responses.retrieve(made.id))).toBeInstanceOf(NotFoundError);
    expect(await refusal(responses.cancel(made.id))).toBeInstanceOf(NotFoundError);
    expect(upstream.generations.length).toBe(1);
  });
});

describe('over accounts of the Responses API itself', () => {
  test('everything about a response goes to the account that made it, also after a restart', async () => {
    await using first = startService('first');
    await using second = startService('second');
    await withFolder(async (folder) => {
      const gateway = await startGateway({ folder });
      for (const { name, url } of [first, second]) {
        const credential = { type: 'api_key', api_key: `sk-upstream-${name}` };
        await gateway.addAccount({ name, provider: 'openai', base_url: url, credential, models: ['gpt-5.5'] });
      }
      const { responses } = openAiAt(gateway.url);
      const made = [];
      for (const input of ['a', 'b', 'c', 'd'])
        made.push(await responses.create({ model: 'gpt-5.5', input, background: true }));
      expect(new Set(made.map(ownerOf)).size).toBe(2);
      expect(await gateway.stop()).toBe(0);

      await using again = await startGateway({ folder });
      const restarted = openAiAt(again.url).responses;
      for (const one of made) {
        const onward = await restarted.create({ model: 'gpt-5.5', input: 'x', previous_response_id: one.id });
        expect(ownerOf(onward)).toBe(ownerOf(one));
        expect(onward.previous_response_id).toBe(one.id);
        expect(ownerOf(await restarted.retrieve(one.id))).toBe(ownerOf(one));
        expect((await restarted.cancel(one.id)).status).toBe('cancelled');
        for await (const item of restarted.inputItems.list(one.id)) expect(item.id).toBe(`item_${ownerOf(one)}`);
        await restarted.delete(one.id);
        expect(await refusal(restarted.retrieve(one.id))).toBeInstanceOf(NotFoundError);
      }
      const compacted = await restarted.compact({ model: 'gpt-5.5', input: 'x' });
      expect(compacted.object).toBe('response.compaction');
    });
  });
});

const ownerOf = ({ id }: { readonly id: string }) => id.split('_')[1]!;

/** What a promise of the client is rejected with. */
function refusal(promise: PromiseLike<unknown>): PromiseLike<unknown> {
  return promise.then(
    () => 'no refusal',
    (error) => error,
  );
}

/** A service that stores what it says under ids with its own name in them, and knows no others. */
function startService(name: string) {
  const known = new Map<string, JsonObject>();
  let count = 0;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const [, id = '', part] = /\/responses(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(new URL(request.url).pathname) ?? [];
      const body = request.method === 'POST' && part === undefined ? parseJsonObject(await request.text()) : {};
      if (id === 'compact')
        return Response.json({ id: 'resp_c', object: 'response.compaction', created_at: 1, output: [] });
      if (id === '') return Response.json(create(body));
      const response = known.get(id);
      if (response === undefined)
        return Response.json({ error: { message: `Response with id '${id}' not found.` } }, { status: 404 });
      if (request.method === 'DELETE') known.delete(id);
      if (part === 'cancel') return Response.json({ ...response, status: 'cancelled' });
      if (part === 'input_items')
        return Response.json({ object: 'list', data: [{ id: `item_${name}` }], has_more: false });
      return Response.json(response);
    },
  });
  const create = (body: JsonObject): JsonObject => {
    const previous = body.previous_response_id;
    const error = { message: 'not found', code: 'previous_response_not_found' };
    if (typeof previous === 'string' && !known.has(previous)) return { error };
    const id = `resp_${name}_${count++}`;
    const status = body.background === true ? 'queued' : 'completed';
    const response = {
      id,
      object: 'response',
      status,
      model: 'gpt-5.5',
      output: [],
      previous_response_id: previous ?? null,
      store: true,
    };
    known.set(id, response);
    return response;
  };
  const stop = async () => server.stop(true);
  return { name, url: `http://127.0.0.1:${server.port}/v1`, [Symbol.asyncDispose]: stop };
}
