import { describe, expect, test } from 'bun:test';
import type { Account } from '../../../src/base/account.ts';
import type { ClientCall } from '../../../src/relay/call.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import { modelOf, readSideRequest } from '../../../src/relay/side-call.ts';
import { SIDE_OPERATIONS } from '../../../src/translate/side/registry.ts';
import type { SideOperationId } from '../../../src/translate/side/side-operation.ts';
import { feedStream } from '../../support/feed-stream.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  bodyOf,
  type CallOptions,
  carry,
  claudeAccount,
  readNext,
  refuses,
  setUpRelay,
} from '../../support/relay-set-up.ts';

const openAi = (id: string, change: Partial<Account> = {}) =>
  anAccount(id, { provider: 'openai', baseUrl: `http://${id}.test/v1`, models: ['m'], ...change });
const gemini = (id: string, change: Partial<Account> = {}) =>
  anAccount(id, { provider: 'gemini', baseUrl: `http://${id}.test`, models: ['m'], ...change });

function sideCall(id: SideOperationId, body: object, options: CallOptions = {}): ClientCall {
  const operation = SIDE_OPERATIONS[id];
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const asked = readSideRequest(operation, bytes, 'application/json');
  const model = options.model ?? modelOf(asked);
  return {
    ...aCall(operation.dialect, body, { ...options, model }),
    body: asked.body,
    side: asked.side,
    stream: false,
  };
}

async function formCall(id: SideOperationId, fields: { [name: string]: string | File }): Promise<ClientCall> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const request = new Request('http://x.test', { method: 'POST', body: form });
  const contentType = request.headers.get('content-type')!;
  const asked = readSideRequest(SIDE_OPERATIONS[id], new Uint8Array(await request.arrayBuffer()), contentType);
  const call = aCall('openai-chat', {}, { model: modelOf(asked) });
  return { ...call, body: asked.body, side: asked.side, stream: false };
}

const VECTORS = { object: 'list', data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 3, total_tokens: 3 } };

describe('what passes', () => {
  test('keeps its bytes and its answer', async () => {
    const call = sideCall('embeddings', { input: 'a', model: 'm', unknown: 1.0 });
    const { text, sent, records, inFlight } = await carry(call, [answers(VECTORS)], { accounts: [openAi('o')] });
    expect(JSON.parse(text)).toEqual(VECTORS);
    expect(sent[0]!.url).toBe('http://o.test/v1/embeddings');
    expect(sent[0]!.body).toBe(call.body.bytes);
    expect(records[0]).toMatchObject({ status: 200, account: 'o', modelServed: 'm', usage: { input: 3 } });
    expect(inFlight()).toBe(0);
  });

  test('goes to the next account when one fails, by the same loop as conversations', async () => {
    const call = sideCall('embeddings', { input: 'a', model: 'm' });
    const accounts = [openAi('o'), openAi('p')];
    const { status, sent, records, state } = await carry(call, [refuses(429, 'slow'), answers(VECTORS)], { accounts });
    expect(status).toBe(200);
    expect(sent).toHaveLength(2);
    expect(records[0]!.attempts).toMatchObject([{ kind: 'rate-limited' }, { status: 200 }]);
    expect(state(records[0]!.attempts[0]!.account).cooldowns).toHaveLength(1);
  });

  test('goes past accounts that have no such thing, without a strike', async () => {
    const call = sideCall('embeddings', { input: 'a', model: 'm' });
    const accounts = [claudeAccount('c', { models: ['m'], priority: 9 }), openAi('o')];
    const { status, sent, state } = await carry(call, [answers(VECTORS)], { accounts });
    expect(status).toBe(200);
    expect(sent).toHaveLength(1);
    expect(state('c')).toMatchObject({ strikes: 0, cooldowns: [], inFlight: 0 });
  });

  test('is a 404 when no account has it, and an upstream’s own 400 stays one', async () => {
    const call = sideCall('speech', { input: 'a', model: 'm', voice: 'x' });
    const missing = await carry(call, [], { accounts: [claudeAccount('c', { models: ['m'] })] });
    expect(missing.status).toBe(404);
    expect(missing.text).toContain('has no speech');
    const wrong = await carry(call, [refuses(400, 'no such voice')], { accounts: [openAi('o'), openAi('p')] });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('no such voice');
  });

  test('asks for the model that an alias leads to', async () => {
    const options = { accounts: [openAi('o')], aliases: [{ name: 'best', targets: [{ model: 'm' }] }] };
    const json = await carry(sideCall('embeddings', { model: 'best', input: 'a' }), [answers(VECTORS)], options);
    expect(bodyOf(json.sent[0])).toBe('{"model":"m","input":"a"}');
    const file = new File([new Uint8Array([255, 0])], 'a.wav');
    const call = await formCall('transcriptions', { file, model: 'best' });
    const form = await carry(call, [answers({ text: 'hi' })], options);
    expect(form.sent[0]!.headers['content-type']).toStartWith('multipart/form-data; boundary=');
    expect(bodyOf(form.sent[0])).toContain('name="model"\r\n\r\nm\r\n');
    expect((form.sent[0]!.body as Uint8Array).includes(255)).toBe(true);
  });

  test('asks for the reference’s model when the client names none, and says nothing of it', async () => {
    const accounts = [openAi('o', { models: ['omni-moderation-latest'] })];
    const { sent } = await carry(sideCall('moderations', { input: 'a' }), [answers({ results: [] })], { accounts });
    expect(bodyOf(sent[0])).toBe('{"input":"a"}');
    expect(() => sideCall('embeddings', { input: 'a' })).toThrow('model');
  });

  test('renames the models inside a batch of Gemini’s', async () => {
    const aliases = [{ name: 'best', targets: [{ model: 'm' }] }];
    const requests = [{ model: 'models/best', content: { parts: [{ text: 'a' }] } }];
    const call = sideCall('batch-embed-contents', { requests }, { model: 'best' });
    const { sent } = await carry(call, [answers({ embeddings: [] })], { accounts: [gemini('g')], aliases });
    expect(sent[0]!.url).toBe('http://g.test/v1beta/models/m:batchEmbedContents');
    expect(JSON.parse(bodyOf(sent[0])).requests[0].model).toBe('models/m');
  });
});

describe('sound', () => {
  const speak = async (...accounts: readonly Account[]) => {
    const upstream = feedStream();
    const setUp = setUpRelay(
      [
        async (request, signal) => {
          const response = await upstream.step(request, signal);
          return new Response(response.body, { headers: { 'content-type': 'audio/mpeg' } });
        },
      ],
      { accounts },
    );
    upstream.send('abc');
    const answer = await createRelay(setUp.ports).carry(sideCall('speech', { model: 'm', input: 'a', voice: 'x' }));
    if (answer.type !== 'stream') throw new Error('no stream');
    return { ...setUp, upstream, answer };
  };

  test('goes on as it comes', async () => {
    const { answer, upstream, records } = await speak(openAi('o'));
    expect(answer.contentType).toBe('audio/mpeg');
    expect(await readNext(answer.source)).toBe('abc');
    upstream.send('def');
    expect(await readNext(answer.source)).toBe('def');
    upstream.end();
    expect(await readNext(answer.source)).toBeFalsy();
    expect(records[0]).toMatchObject({ status: 200, attempts: [{ status: 200 }] });
  });

  test('that breaks off is no whole recording', async () => {
    const { answer, upstream, records, inFlight } = await speak(openAi('o'));
    await readNext(answer.source);
    upstream.break();
    expect(answer.source.next()).rejects.toThrow('broke');
    await Promise.resolve();
    expect(records[0]!.error).toContain('broke');
    expect(inFlight()).toBe(0);
  });

  test('that the client does not want any more is not fetched', async () => {
    const { answer, upstream, records } = await speak(openAi('o'));
    await readNext(answer.source);
    answer.source.cancel();
    expect(upstream.left).toBe(true);
    expect(records[0]!.status).toBe(499);
  });
});

describe('what is translated', () => {
  const drawn = { candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }] } }] };

  test('asks several times at once where one request is not enough', async () => {
    const call = sideCall('images', { model: 'm', prompt: 'a cat', n: 2, style: 'vivid' });
    const { text, headers, sent, records } = await carry(call, [answers(drawn), answers(drawn)], {
      accounts: [gemini('g')],
    });
    expect(sent.map(({ url }) => url)).toEqual(Array(2).fill('http://g.test/v1beta/models/m:generateContent'));
    expect(sent[0]!.headers['content-type']).toBe('application/json');
    expect(JSON.parse(text).data).toHaveLength(2);
    expect(headers['x-trivium-warnings']).toBe('style');
    expect(records[0]!.attempts).toHaveLength(1);
  });

  test('fails whole when one of them fails, and another account is tried', async () => {
    const call = sideCall('images', { model: 'm', prompt: 'a cat', n: 2 });
    const steps = [answers(drawn), refuses(503, 'busy'), answers(drawn), answers(drawn)];
    const { status, sent } = await carry(call, steps, { accounts: [gemini('g'), gemini('h')] });
    expect(status).toBe(200);
    expect(new Set(sent.map(({ url }) => new URL(url).host)).size).toBe(2);
  });

  test('is refused when nothing may be lost', async () => {
    const call = sideCall('images', { model: 'm', prompt: 'a cat', style: 'vivid' }, { strict: true });
    const { status, text, sent } = await carry(call, [], { accounts: [gemini('g')] });
    expect(status).toBe(400);
    expect(text).toContain('style');
    expect(sent).toEqual([]);
  });

  test('tells an upstream’s refusal in the client’s dialect', async () => {
    const call = sideCall('embed-content', { content: { parts: [{ text: 'a' }] } }, { model: 'm' });
    const { status, text } = await carry(call, [refuses(400, 'too many dimensions')], { accounts: [openAi('o')] });
    expect(status).toBe(400);
    expect(JSON.parse(text).error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  });

  test('keeps no recording in the log', async () => {
    const file = new File([new Uint8Array([1, 2, 3])], 'a.wav');
    const call = await formCall('transcriptions', { file, model: 'm' });
    const spoken = { candidates: [{ content: { parts: [{ text: 'hi' }] } }] };
    const bodies = { keep: 'all', limitBytes: 1000 } as const;
    const { records, text } = await carry(call, [answers(spoken)], { accounts: [gemini('g')], bodies });
    expect(JSON.parse(text).text).toBe('hi');
    expect(records[0]).toMatchObject({ requestBody: '', answerBody: text });
  });
});
