import { describe, expect, test } from 'bun:test';
import { parseJsonObject } from '../../../src/base/json.ts';
import type { ResponseMemory } from '../../../src/relay/response-memory.ts';
import { answers, bodyOf, carry, claudeAccount, refuses, streams } from '../../support/relay-set-up.ts';
import { responseMemory } from '../../support/response-memory.ts';
import { ask, claude, gpt, openaiAccount, responseAnswer, twoTurns } from '../../support/responses-turns.ts';

describe('a response that passed', () => {
  const accounts = ['a', 'b', 'c'].map((id) => openaiAccount(id));

  test('is gone on from by the account that made it, unchanged', async () => {
    for (const turn of ['1', '2', '3', '4']) {
      const { sent } = await twoTurns(
        { ...gpt, input: `Hi ${turn}` },
        { ...gpt, input: 'And now?' },
        [answers(responseAnswer({ id: `resp_${turn}` })), answers(responseAnswer())],
        accounts,
      );
      expect(sent[1]!.url).toBe(sent[0]!.url);
      expect(parseJsonObject(bodyOf(sent[1]))).toMatchObject({
        previous_response_id: `resp_${turn}`,
        input: 'And now?',
      });
    }
  });

  test('is remembered from a stream, and not when it is not stored', async () => {
    const memory = responseMemory();
    const stream = (id: string, store: boolean) =>
      streams(
        event('response.created', { response: responseAnswer({ id, store, status: 'in_progress', output: [] }) }),
        event('response.output_text.delta', { delta: 'Hi', output_index: 0 }),
        event('response.completed', { response: responseAnswer({ id, store }) }),
      );
    const options = { accounts, responses: memory };
    await carry(ask({ ...gpt, input: 'Hi', stream: true }), [stream('resp_1', true)], options);
    await carry(ask({ ...gpt, input: 'Hi', stream: true, store: false }), [stream('resp_2', false)], options);
    expect(memory.origin('resp_1')).toMatchObject({ model: gpt.model });
    expect(memory.origin('resp_2')).toBeUndefined();
    expect(memory.isEmpty()).toBe(true);
    // the client wants it stored, and the server stores nothing
    await carry(ask({ ...gpt, input: 'Hi', stream: true }), [stream('resp_3', false)], options);
    expect(memory.response('resp_3')).toMatchObject({ response: { id: 'resp_3' }, input: [{ role: 'user' }] });
  });

  test('is kept here when its server stores nothing, though it was to be stored', async () => {
    const { sent } = await twoTurns(
      { ...gpt, input: 'Hi' },
      { ...gpt, input: 'And now?' },
      [answers(responseAnswer({ store: false })), answers(responseAnswer({ store: false }))],
      accounts,
    );
    const body = parseJsonObject(bodyOf(sent[1]));
    expect(body).not.toHaveProperty('previous_response_id');
    expect(body.input).toMatchObject([{ role: 'user' }, { role: 'assistant' }, { role: 'user' }]);
  });

  test('leads its conversation to its account as well', async () => {
    for (const conversation of ['conv_1', { id: 'conv_1' }]) {
      const memory = responseMemory();
      const options = { accounts, responses: memory };
      const first = await carry(ask({ ...gpt, input: 'Hi', conversation }), [answers(responseAnswer())], options);
      for (let turn = 0; turn < 3; turn++) {
        const body = { ...gpt, input: `More ${turn}`, conversation };
        const next = await carry(ask(body), [answers(responseAnswer())], options);
        expect(next.sent[0]!.url).toBe(first.sent[0]!.url);
      }
      const lost = await carry(ask({ ...claude, input: 'x', conversation }), [], {
        accounts: [...accounts, claudeAccount('d')],
        responses: memory,
      });
      expect(lost.status).toBe(400);
      expect(parseJsonObject(lost.text).error).toMatchObject({ param: 'conversation' });
    }
  });

  test('is not looked for elsewhere while its account fails', async () => {
    const memory = tied('b');
    const body = { ...gpt, input: 'Hi', previous_response_id: 'resp_1' };
    const { status, sent } = await carry(ask(body), [refuses(500, 'oops')], { accounts, responses: memory });
    expect(status).toBe(502);
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(['b.test']);
  });

  test('cannot be gone on from with a model that its account does not serve', async () => {
    const all = [...accounts, claudeAccount('d')];
    const body = { ...claude, input: 'Hi', previous_response_id: 'resp_1' };
    const first = await carry(ask(body), [], { accounts: all, responses: tied('b') });
    expect(first.status).toBe(400);
    const alias = { name: 'own', targets: [{ model: claude.model, provider: 'anthropic' as const }], strict: false };
    const second = await carry(ask({ ...body, model: 'own' }), [], {
      accounts: all,
      responses: tied('b'),
      aliases: [alias],
    });
    expect(second.status).toBe(400);
    expect(parseJsonObject(second.text).error).toMatchObject({ code: 'previous_response_not_found' });
    expect(second.text).toContain('account');
  });

  test('of an account that is gone is left to whoever serves the model', async () => {
    const body = { ...gpt, input: 'Hi', previous_response_id: 'resp_1' };
    const options = { accounts, responses: tied('gone') };
    expect((await carry(ask(body), [answers(responseAnswer())], options)).status).toBe(200);
  });
});

describe('a compaction', () => {
  const body = { ...gpt, input: [{ role: 'user', content: 'Hi' }] };
  const compacted = {
    id: 'cmp_1',
    object: 'response.compaction',
    output: [{ type: 'compaction', encrypted_content: 'x' }],
  };

  test('goes to an upstream of Responses, and fails over like any request', async () => {
    const accounts = [openaiAccount('a'), openaiAccount('b')];
    const steps = [refuses(500, 'oops'), answers(compacted)];
    const { sent, text } = await carry(ask(body, { resource: 'compact' }), steps, { accounts });
    expect(sent.map(({ url }) => url).sort()).toEqual([
      'http://a.test/v1/responses/compact',
      'http://b.test/v1/responses/compact',
    ]);
    expect(text).toBe(JSON.stringify(compacted));
  });

  test('is nothing that another upstream can do, and says so', async () => {
    const call = ask({ ...body, ...claude }, { resource: 'compact' });
    const { status, text, sent } = await carry(call, [], { accounts: [claudeAccount('a')] });
    expect(status).toBe(404);
    expect(parseJsonObject(text).error).toMatchObject({
      message: expect.stringContaining('Responses API'),
      param: 'model',
    });
    expect(sent).toEqual([]);
  });
});

function tied(account: string): ResponseMemory {
  const memory = responseMemory();
  memory.noteOrigin('resp_1', { account, model: gpt.model });
  return memory;
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
