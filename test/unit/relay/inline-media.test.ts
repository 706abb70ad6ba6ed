import { describe, expect, test } from 'bun:test';
import { invalidRequest } from '../../../src/base/gateway-error.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import type { FetchMedia } from '../../../src/upstream/fetch-media.ts';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  type CallOptions,
  chatAccount,
  chatAnswer,
  claudeAccount,
  claudeAnswer,
  setUpRelay,
} from '../../support/relay-set-up.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUg';
const LINK = 'https://pictures.example/a.png';
const geminiAnswer = {
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'hello' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
};

const geminiAccount = anAccount('g', { provider: 'gemini', models: ['gemini-2.5-flash'], baseUrl: 'http://g.test' });
const ollamaAccount = anAccount('o', { provider: 'ollama', models: ['llava'], baseUrl: 'http://o.test' });

function aFetcher(data: { readonly [url: string]: { mimeType: string; data: string } } = {}) {
  const asked: string[] = [];
  const fetchMedia: FetchMedia = async (url) => {
    asked.push(url);
    const found = data[url];
    if (found === undefined) throw invalidRequest('its address is not public');
    return found;
  };
  return { asked, fetchMedia: () => fetchMedia };
}

const png = { [LINK]: { mimeType: 'image/png', data: PNG } };

function chatAsks(model: string, ...links: readonly string[]) {
  const images = links.map((url) => ({ type: 'image_url', image_url: { url } }));
  return { model, messages: [{ role: 'user', content: [{ type: 'text', text: 'what is it?' }, ...images] }] };
}

async function carry(
  request: { dialect: DialectId; body: object; options?: CallOptions },
  upstream: { account: ReturnType<typeof anAccount>; answer: object; media: ReturnType<typeof aFetcher> | undefined },
) {
  const relay = setUpRelay([() => Response.json(upstream.answer)], {
    accounts: [upstream.account],
    ...(upstream.media === undefined ? {} : { fetchMedia: upstream.media.fetchMedia }),
  });
  const answer = await createRelay(relay.ports).carry(aCall(request.dialect, request.body, request.options));
  const sent = relay.sent.map((one) =>
    JSON.parse(typeof one.body === 'string' ? one.body : new TextDecoder().decode(one.body)),
  );
  const body = answer.type === 'whole' ? JSON.parse(Buffer.from(answer.body as string).toString()) : undefined;
  return { status: answer.type === 'whole' ? answer.status : 0, body, sent, relay };
}

describe('links for upstreams that take none', () => {
  test('are followed for Gemini, each once', async () => {
    const media = aFetcher(png);
    const body = chatAsks('gemini-2.5-flash', LINK, LINK);
    const { status, sent } = await carry(
      { dialect: 'openai-chat', body },
      { account: geminiAccount, answer: geminiAnswer, media },
    );
    expect(status).toBe(200);
    const inlineData = { mimeType: 'image/png', data: PNG };
    expect(sent[0].contents[0].parts).toEqual([{ text: 'what is it?' }, { inlineData }, { inlineData }]);
    expect(media.asked).toEqual([LINK]);
  });

  test('are followed in the results of tools', async () => {
    const media = aFetcher(png);
    const body = {
      model: 'gemini-2.5-flash',
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'look' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'shoot', input: {} }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'c1',
              content: [{ type: 'image', source: { type: 'url', url: LINK } }],
            },
          ],
        },
      ],
    };
    const { sent } = await carry(
      { dialect: 'anthropic-messages', body },
      { account: geminiAccount, answer: geminiAnswer, media },
    );
    expect(JSON.stringify(sent[0])).toContain(PNG);
    expect(JSON.stringify(sent[0])).not.toContain(LINK);
  });

  test('become what they lead to', async () => {
    const pdf = { [LINK]: { mimeType: 'application/pdf', data: 'JVBERi0x' } };
    const body = { model: 'gpt-4o', input: [{ role: 'user', content: [{ type: 'input_file', file_url: LINK }] }] };
    const { sent } = await carry(
      { dialect: 'openai-responses', body },
      { account: chatAccount('c'), answer: chatAnswer(), media: aFetcher(pdf) },
    );
    expect(sent[0].messages[0].content).toEqual([
      { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' } },
    ]);
  });

  test('are followed in bodies that else would pass', async () => {
    const media = aFetcher(png);
    const { sent } = await carry(
      { dialect: 'openai-chat', body: { ...chatAsks('llava', LINK), odd: [1] } },
      { account: ollamaAccount, answer: chatAnswer(), media },
    );
    expect(sent[0]).toEqual({ ...chatAsks('llava', `data:image/png;base64,${PNG}`), odd: [1] });
    const claude = { role: 'user', content: [{ type: 'image', source: { type: 'url', url: LINK } }] };
    const passed = await carry(
      { dialect: 'anthropic-messages', body: { model: 'llava', max_tokens: 9, messages: [claude] } },
      { account: ollamaAccount, answer: claudeAnswer(), media },
    );
    expect(passed.sent[0].messages[0].content[0].source).toEqual({
      type: 'base64',
      media_type: 'image/png',
      data: PNG,
    });
  });

  test('that lead to nothing are refused, and the field is named in the words of the client', async () => {
    const inside = 'http://10.0.0.1/x.png';
    const { status, body, sent, relay } = await carry(
      { dialect: 'openai-chat', body: chatAsks('gemini-2.5-flash', LINK, inside) },
      { account: geminiAccount, answer: geminiAnswer, media: aFetcher(png) },
    );
    expect(status).toBe(400);
    expect(body.error.param).toBe('messages[0].content[2].image_url.url');
    expect(body.error.message).toContain('its address is not public');
    expect(sent).toEqual([]);
    expect(relay.inFlight()).toBe(0);
    expect(relay.records[0]).toMatchObject({ verdict: 'client-error' });
  });
});

describe('links are not followed', () => {
  test('for upstreams that follow them', async () => {
    const media = aFetcher(png);
    const { sent } = await carry(
      { dialect: 'openai-chat', body: chatAsks('claude-sonnet-4-5', LINK) },
      { account: claudeAccount('a'), answer: claudeAnswer(), media },
    );
    expect(JSON.stringify(sent[0])).toContain(LINK);
    expect(media.asked).toEqual([]);
  });

  test('to films that only Gemini can open', async () => {
    const media = aFetcher();
    const film = { type: 'video_url', video_url: { url: 'https://www.youtube.com/watch?v=abc' } };
    const body = { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: [film] }] };
    const { sent } = await carry(
      { dialect: 'openai-chat', body },
      { account: geminiAccount, answer: geminiAnswer, media },
    );
    expect(sent[0].contents[0].parts).toEqual([{ fileData: { fileUri: film.video_url.url } }]);
    expect(media.asked).toEqual([]);
  });

  test('where the owner does not want that', async () => {
    const { sent } = await carry(
      { dialect: 'openai-chat', body: chatAsks('gemini-2.5-flash', LINK) },
      { account: geminiAccount, answer: geminiAnswer, media: undefined },
    );
    expect(sent[0].contents[0].parts[1].fileData.fileUri).toBe(LINK);
    const refused = await carry(
      { dialect: 'anthropic-messages', body: { model: 'llava', max_tokens: 9, messages: [] } },
      { account: ollamaAccount, answer: claudeAnswer(), media: undefined },
    );
    expect(refused.status).toBe(200);
  });

  test('once the client has left', async () => {
    const abort = new AbortController();
    const fetchMedia = () => () => new Promise<never>(() => {});
    const relay = setUpRelay([], { accounts: [geminiAccount], fetchMedia });
    const call = aCall('openai-chat', chatAsks('gemini-2.5-flash', LINK), { signal: abort.signal });
    const answering = createRelay(relay.ports).carry(call);
    await Promise.resolve();
    abort.abort();
    await answering;
    expect(relay.inFlight()).toBe(0);
    expect(relay.records[0]?.status).toBe(499);
  });
});
