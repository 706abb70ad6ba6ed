import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { type Gateway, startGateway } from '../support/executable.ts';
import { text } from '../support/fake-upstream/scenario.ts';
import { PIXEL, SOUND, SPOKEN, vectorOf } from '../support/fake-upstream/sides.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

const EMBEDDER = 'text-embedding-3-small';
const GEMINI_EMBEDDER = 'gemini-embedding-001';

let upstream: FakeUpstream;
let gateway: Gateway;
let openai: OpenAI;
let genai: GoogleGenAI;

beforeAll(async () => {
  upstream = await startFakeUpstream({ apiKey: 'sk-upstream' });
  gateway = await startGateway();
  const add = (provider: 'openai' | 'gemini' | 'anthropic', more: object) =>
    gateway.addAccount({
      provider,
      base_url: upstream.baseUrlFor(provider),
      credential: { type: 'api_key', api_key: 'sk-upstream' },
      ...more,
    });
  const openAiModels = [EMBEDDER, 'gpt-image-1', 'whisper-1', 'tts-1', 'omni-moderation-latest'];
  await add('openai', {
    name: 'stale',
    priority: 9,
    models: openAiModels,
    credential: { type: 'api_key', api_key: 'sk-old' },
  });
  await add('openai', { name: 'open', models: openAiModels });
  await add('gemini', { name: 'gem', models: [GEMINI_EMBEDDER, 'gemini-2.5-flash-image', 'gemini-2.5-flash'] });
  await add('anthropic', { name: 'claude', models: ['claude-sonnet-4-5'] });
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-client', maxRetries: 0 });
  genai = new GoogleGenAI({ apiKey: 'sk-client', httpOptions: { baseUrl: gateway.url } });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop();
});

const near = (vector: readonly number[] | undefined, wanted: readonly number[]) => {
  expect(vector).toHaveLength(wanted.length);
  for (const [at, value] of wanted.entries()) expect(vector![at]).toBeCloseTo(value, 5);
};

describe('embeddings', () => {
  for (const model of [EMBEDDER, GEMINI_EMBEDDER]) {
    test(`the library of OpenAI gets those of ${model}, whose numbers it unpacks itself`, async () => {
      const { data, model: named, usage } = await openai.embeddings.create({ model, input: ['one', 'and two'] });
      expect(named).toBe(model);
      expect(usage.prompt_tokens).toBeGreaterThan(0);
      near(data[0]?.embedding, vectorOf('one'));
      near(data[1]?.embedding, vectorOf('and two'));
    });

    test(`the library of Google gets those of ${model}`, async () => {
      const { embeddings } = await genai.models.embedContent({ model, contents: ['one', 'and two'] });
      near(embeddings?.[0]?.values, vectorOf('one'));
      near(embeddings?.[1]?.values, vectorOf('and two'));
    });
  }

  test('are as short as was asked, and of length one', async () => {
    const { data } = await openai.embeddings.create({ model: GEMINI_EMBEDDER, input: 'one', dimensions: 3 });
    near(data[0]?.embedding, vectorOf('one', 3));
  });

  test('come from the echo without any account', async () => {
    const { data } = await openai.embeddings.create({ model: 'trivium-echo', input: 'one', dimensions: 8 });
    expect(data[0]?.embedding).toHaveLength(8);
  });

  test('are a 404 at Anthropic, and tokens of OpenAI’s vocabulary a 400 at Gemini', async () => {
    const none = await openai.embeddings.create({ model: 'claude-sonnet-4-5', input: 'a' }).catch((error) => error);
    expect(none.status).toBe(404);
    const tokens = await openai.embeddings.create({ model: GEMINI_EMBEDDER, input: [1, 2] }).catch((error) => error);
    expect(tokens.status).toBe(400);
  });

  test('are in the log with account, tokens and attempts', async () => {
    await openai.embeddings.create({ model: EMBEDDER, input: 'one' });
    const { body } = await gateway.api<{ items: { path: string; status: number; usage: { input: number } }[] }>(
      '/api/requests?limit=1',
    );
    expect(body.items[0]).toMatchObject({ path: '/v1/embeddings', status: 200, usage: { input: 2 } });
  });
});

describe('pictures', () => {
  for (const model of ['gpt-image-1', 'gemini-2.5-flash-image']) {
    test(`are drawn by ${model}`, async () => {
      const { data } = await openai.images.generate({ model, prompt: 'a cat', size: '1024x1024' });
      expect(data?.[0]?.b64_json).toBe(PIXEL);
    });

    test(`are changed by ${model}`, async () => {
      const image = await toFile(Buffer.from(PIXEL, 'base64'), 'cat.png', { type: 'image/png' });
      const { data } = await openai.images.edit({ model, prompt: 'a dog', image });
      expect(data?.[0]?.b64_json).toBe(PIXEL);
    });
  }

  test('reach Gemini as they are', async () => {
    const from = upstream.requests.length;
    const image = await toFile(Buffer.from(PIXEL, 'base64'), 'cat.png', { type: 'image/png' });
    await openai.images.edit({ model: 'gemini-2.5-flash-image', prompt: 'a dog', image });
    expect(upstream.requests[from]?.rawBody).toContain(PIXEL);
    expect(upstream.requests[from]?.refusal).toBeUndefined();
  });

  test('n of them are n', async () => {
    const asked = { model: 'gemini-2.5-flash-image', prompt: 'a cat', n: 3 };
    expect((await openai.images.generate(asked)).data).toHaveLength(3);
  });
});

describe('sound', () => {
  const file = () => toFile(Buffer.from('RIFF....WAVE'), 'hello.wav', { type: 'audio/wav' });

  test('is written down by OpenAI', async () => {
    const { text: words } = await openai.audio.transcriptions.create({ model: 'whisper-1', file: await file() });
    expect(words).toBe(SPOKEN);
  });

  test('is written down by Gemini, whole, as text and as events', async () => {
    upstream.play(text(SPOKEN));
    const model = 'gemini-2.5-flash';
    expect((await openai.audio.transcriptions.create({ model, file: await file() })).text).toBe(SPOKEN);
    const plain = await openai.audio.transcriptions.create({ model, file: await file(), response_format: 'text' });
    expect(String(plain).trim()).toBe(SPOKEN);
    let heard = '';
    for await (const event of await openai.audio.transcriptions.create({ model, file: await file(), stream: true })) {
      if (event.type === 'transcript.text.done') heard = event.text;
    }
    expect(heard).toBe(SPOKEN);
    expect(upstream.requests.at(-1)?.refusal).toBeUndefined();
  });

  test('is spoken, byte for byte', async () => {
    const response = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hello' });
    expect(response.headers.get('content-type')).toBe('audio/mpeg');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(SOUND);
  });

  test('that breaks off is an error and no short recording', async () => {
    const speaking = openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'break' });
    const heard = await speaking.then((response) => response.arrayBuffer()).catch(() => 'broken');
    expect(heard).toBe('broken');
  });
});

describe('the rest', () => {
  test('moderation passes, without a model', async () => {
    const { results } = await openai.moderations.create({ input: 'hello' });
    expect(results[0]?.flagged).toBe(false);
  });

  test('what belongs to one account is not served, and the client hears why', async () => {
    const thrown = await openai.files.list().catch((error) => error);
    expect(thrown.status).toBe(404);
    expect(thrown.message).toContain('Files are not served here');
  });
});

describe('tokens', () => {
  const messages = [{ role: 'user', content: 'How many tokens is this?' }];
  const count = (model: string) =>
    gateway.api<{ input_tokens: number }>('/v1/messages/count_tokens', { method: 'POST', body: { model, messages } });

  test('are counted by the upstream, whichever dialect it speaks', async () => {
    for (const model of ['claude-sonnet-4-5', 'gemini-2.5-flash', EMBEDDER]) {
      const { body, headers } = await count(model);
      expect({ model, tokens: body.input_tokens }).toEqual({ model, tokens: 25 });
      expect(headers.get('x-trivium-warnings')).toBeNull();
    }
  });

  test('are counted by the tokenizer in the executable where nobody else does', async () => {
    const { body, headers } = await count('trivium-echo');
    expect(body.input_tokens).toBe(11);
    expect(headers.get('x-trivium-warnings')).toMatch(/^estimated=within-\d+%$/);
  });
});
