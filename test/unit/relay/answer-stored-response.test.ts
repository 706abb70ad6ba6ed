import { describe, expect, test } from 'bun:test';
import { parseJsonObject } from '../../../src/base/json.ts';
import { createAnswerStoredResponse, type StoredAsk } from '../../../src/relay/answer-stored-response.ts';
import type { ResponseMemory } from '../../../src/relay/response-memory.ts';
import { anAccount } from '../../support/pool-builders.ts';
import { answers, claudeAccount, readAnswer, type SendStep, setUpRelay, streams } from '../../support/relay-set-up.ts';
import { responseMemory } from '../../support/response-memory.ts';

const item = { type: 'message', id: 'msg_in', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] };
const response = { id: 'resp_1', object: 'response', output: [{ type: 'message', id: 'msg_out' }] };
const ours = () => responseMemory({ id: 'resp_1', response, input: [item] });

function ask(wish: StoredAsk['wish'], change: { id?: string; query?: string } = {}): StoredAsk {
  return {
    id: change.id ?? 'resp_1',
    wish,
    query: new URLSearchParams(change.query),
    headers: new Headers({ 'openai-beta': 'x', authorization: 'Bearer sk-client' }),
    signal: new AbortController().signal,
    exchangeId: 'exchange1',
  };
}

async function answer(memory: ResponseMemory, asked: StoredAsk, steps: readonly SendStep[] = []) {
  const accounts = [
    anAccount('up', { provider: 'openai', baseUrl: 'http://up.test/v1', models: ['gpt-5.5'] }),
    claudeAccount('other'),
  ];
  const setUp = setUpRelay(steps, { accounts, responses: memory });
  const given = await createAnswerStoredResponse(setUp.ports)(asked);
  const status = given.type === 'whole' ? given.status : 200;
  return { ...setUp, headers: given.headers, status, text: await readAnswer(given) };
}

describe('a response of ours', () => {
  test('is read, and its input is listed', async () => {
    const read = await answer(ours(), ask('read'));
    expect(parseJsonObject(read.text)).toEqual(response);
    expect(read.headers['x-trivium-request-id']).toBe('exchange1');
    const { text } = await answer(ours(), ask('list-input'));
    expect(parseJsonObject(text)).toMatchObject({ object: 'list', data: [item], has_more: false });
  });

  test('is deleted once', async () => {
    const memory = ours();
    const { text } = await answer(memory, ask('delete'));
    expect(parseJsonObject(text)).toEqual({ id: 'resp_1', object: 'response', deleted: true });
    for (const wish of ['delete', 'read', 'list-input', 'cancel'] as const) {
      expect(answer(memory, ask(wish))).rejects.toMatchObject({ kind: 'route-unknown' });
    }
  });

  test('was never in the background: it is neither canceled nor streamed again', async () => {
    expect(answer(ours(), ask('cancel'))).rejects.toThrow('cannot be canceled');
    expect(answer(ours(), ask('read', { query: 'stream=true' }))).rejects.toMatchObject({ kind: 'invalid-request' });
    expect(answer(ours(), ask('list-input', { query: 'limit=0' }))).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});

describe('a response of an upstream', () => {
  const theirs = (account = 'up') => {
    const memory = responseMemory();
    memory.noteOrigin('resp_1', { account, model: 'gpt-5.5' });
    return memory;
  };

  test.each<[StoredAsk['wish'], string, string, string]>([
    ['read', 'include[]=x&key=sk-client', 'GET', '/v1/responses/resp_1?include%5B%5D=x'],
    ['delete', '', 'DELETE', '/v1/responses/resp_1'],
    ['list-input', 'limit=2&order=asc', 'GET', '/v1/responses/resp_1/input_items?limit=2&order=asc'],
    ['cancel', '', 'POST', '/v1/responses/resp_1/cancel'],
  ])('%s %s goes to the account that made it: %s %s', async (wish, query, method, path) => {
    const { sent, text, headers } = await answer(theirs(), ask(wish, { query }), [answers({ object: 'x' })]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method, url: `http://up.test${path}` });
    expect(sent[0]!.headers).toMatchObject({ 'openai-beta': 'x' });
    expect(JSON.stringify(sent[0])).not.toContain('sk-client');
    expect(text).toBe('{"object":"x"}');
    expect(headers['x-trivium-account']).toBe('up');
  });

  test('may be streamed', async () => {
    const frames = 'event: response.created\ndata: {}\n\n';
    const { text, sent } = await answer(theirs(), ask('read', { query: 'stream=true&starting_after=3' }), [
      streams(frames),
    ]);
    expect(text).toBe(frames);
    expect(sent[0]!.url).toContain('stream=true&starting_after=3');
    expect(sent[0]!.headers.accept).toBe('text/event-stream');
  });

  test('is forgotten once it was deleted there', async () => {
    const memory = theirs();
    await answer(memory, ask('delete'), [answers({ deleted: true })]);
    expect(memory.origin('resp_1')).toBeUndefined();
    expect(answer(memory, ask('read'))).rejects.toMatchObject({ kind: 'route-unknown' });
  });

  test('that its upstream does not know is told in its words', async () => {
    const body = { error: { message: "Response with id 'resp_1' not found.", type: 'invalid_request_error' } };
    const { status, text } = await answer(theirs(), ask('read'), [answers(body, { status: 404 })]);
    expect({ status, body: parseJsonObject(text) }).toEqual({ status: 404, body });
  });

  test('whose account is refused, or gone, is an error of ours', async () => {
    const refused = answers({ error: { message: 'bad key' } }, { status: 401 });
    expect(answer(theirs(), ask('read'), [refused])).rejects.toMatchObject({ kind: 'credential-rejected' });
    expect(answer(theirs('gone'), ask('read'))).rejects.toMatchObject({ kind: 'route-unknown' });
    // an account that has changed its kind since
    expect(answer(theirs('other'), ask('read'))).rejects.toMatchObject({ kind: 'route-unknown' });
  });
});
