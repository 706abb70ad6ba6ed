import { describe, expect, test } from 'bun:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from '../fake-upstream.ts';
import { CLAUDE_BODY, post } from './post.ts';
import { text, thinking, toolCalls, toolLoop } from './scenario.ts';

const CALLS = [
  { name: 'get_weather', args: { city: 'Köln' } },
  { name: 'get_time', args: {} },
];
const PARAMETERS = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const CLAUDE = { model: 'claude-sonnet-4-6', max_tokens: 2_000 };

const openai = ({ url }: FakeUpstream) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 });
const claude = ({ url }: FakeUpstream) => new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
const google = ({ url }: FakeUpstream) => new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: url } });

const start = (...script: NonNullable<FakeUpstreamOptions['script']>) => startFakeUpstream({ script });

describe('the official clients understand it', () => {
  const words = text('Hello, how are you?', { usage: { input: 100, cacheRead: 40, cacheWrite: 10, output: 20 } });

  test('OpenAI chat, whole and streamed', async () => {
    await using upstream = await start(words);
    const whole = await openai(upstream).chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(whole.choices[0]?.message.content).toBe('Hello, how are you?');
    expect(whole.usage).toMatchObject({
      prompt_tokens: 100,
      prompt_tokens_details: { cached_tokens: 40 },
      total_tokens: 120,
    });
    const stream = openai(upstream).chat.completions.stream({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
      stream_options: { include_usage: true },
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('Hello, how are you?');
    expect(final.usage?.prompt_tokens).toBe(100);
  });

  test('OpenAI Responses', async () => {
    await using upstream = await start(words);
    const stream = openai(upstream).responses.stream({ model: 'gpt-4o', input: 'hi' });
    const final = await stream.finalResponse();
    expect(final.output_text).toBe('Hello, how are you?');
    expect(final.usage).toMatchObject({ input_tokens: 100, output_tokens: 20 });
  });

  test('Anthropic counts what was not cached', async () => {
    await using upstream = await start(words);
    const final = await claude(upstream)
      .messages.stream({ ...CLAUDE, messages: [{ role: 'user', content: 'hi' }] })
      .finalMessage();
    expect(final.content).toMatchObject([{ type: 'text', text: 'Hello, how are you?' }]);
    expect(final.usage).toMatchObject({
      input_tokens: 50,
      cache_read_input_tokens: 40,
      cache_creation_input_tokens: 10,
    });
  });

  test('Gemini', async () => {
    await using upstream = await start(words);
    const pieces: string[] = [];
    for await (const chunk of await google(upstream).models.generateContentStream({
      model: 'gemini-3-pro',
      contents: 'hi',
    })) {
      pieces.push(chunk.text ?? '');
    }
    expect(pieces.join('')).toBe('Hello, how are you?');
    expect(pieces.length).toBe(4);
  });

  test('lists of models come in pages where the service has pages', async () => {
    await using upstream = await startFakeUpstream({ models: ['a', 'b', 'c'] });
    const ids: string[] = [];
    for await (const { id } of claude(upstream).models.list({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect((await openai(upstream).models.list()).data.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('tokens are counted where the service counts', async () => {
    await using upstream = await start();
    const counted = await claude(upstream).messages.countTokens({
      model: CLAUDE.model,
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(counted.input_tokens).toBe(25);
    expect((await google(upstream).models.countTokens({ model: 'gemini-3-pro', contents: 'hi' })).totalTokens).toBe(25);
    expect(upstream.generations).toEqual([]);
  });
});

describe('a tool loop', () => {
  test('with Anthropic: results of both calls, then the words', async () => {
    await using upstream = await start(...toolLoop(CALLS, 'It is warm.'));
    const tools = ['get_weather', 'get_time'].map((name) => ({ name, input_schema: PARAMETERS }));
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Weather?' }];
    const first = await claude(upstream).messages.create({ ...CLAUDE, tools, messages });
    const calls = first.content.filter((block) => block.type === 'tool_use');
    expect(calls.map(({ name, input }) => ({ name, args: input }))).toEqual(CALLS as never);
    messages.push({ role: 'assistant', content: first.content });
    messages.push({
      role: 'user',
      content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })),
    });
    const second = await claude(upstream).messages.create({ ...CLAUDE, tools, messages });
    expect(second.content).toMatchObject([{ type: 'text', text: 'It is warm.' }]);
  });

  test('with Gemini 3: the proof of the first call is demanded back, and a forged one refused', async () => {
    await using upstream = await start(toolCalls(CALLS));
    const call = { functionCall: { name: 'get_weather', args: {} } };
    const answer = { functionResponse: { name: 'get_weather', response: { output: 'ok' } } };
    const ask = (part: object) =>
      post(upstream, '/v1beta/models/gemini-3-pro:generateContent', {
        contents: [
          { role: 'user', parts: [{ text: 'hi' }] },
          { role: 'model', parts: [part] },
          { role: 'user', parts: [answer] },
        ],
      });
    expect((await ask(call)).status).toBe(400);
    expect((await ask({ ...call, thoughtSignature: 'forged' })).status).toBe(400);
    expect((await ask({ ...call, thoughtSignature: 'skip_thought_signature_validator' })).status).toBe(200);
    expect(upstream.requests.map(({ refusal }) => refusal?.slice(0, 26))).toEqual([
      'Function call is missing a',
      'Thought signature is not v',
      undefined,
    ]);
  });

  test('with Anthropic thinking: the proof is known again, a missing or forged one is not', async () => {
    await using upstream = await start(thinking('Hm.', 'Done.', { calls: CALLS.slice(0, 1) }));
    const tools = [{ name: 'get_weather', input_schema: PARAMETERS }];
    const budget = { thinking: { type: 'enabled', budget_tokens: 1_024 } };
    const question = { role: 'user', content: 'hi' };
    const first = (await (
      await post(upstream, '/v1/messages', { ...CLAUDE_BODY, tools, ...budget })
    ).json()) as Anthropic.Message;
    const id = first.content.find((block) => block.type === 'tool_use')?.id;
    const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] };
    const again = async (content: readonly object[]) => {
      const messages = [question, { role: 'assistant', content }, result];
      return (await post(upstream, '/v1/messages', { ...CLAUDE, ...budget, tools, messages })).status;
    };
    expect(await again(first.content)).toBe(200);
    const forged = first.content.map((block) => (block.type === 'thinking' ? { ...block, signature: 'x' } : block));
    expect(await again(forged)).toBe(400);
    expect(await again(first.content.filter(({ type }) => type !== 'thinking'))).toBe(400);
  });
});

test('Gemini without alt=sse answers one array', async () => {
  await using upstream = await start(text('one two'));
  const body = { contents: [{ parts: [{ text: 'x' }] }] };
  const response = await post(upstream, '/v1beta/models/gemini-3-pro:streamGenerateContent', body);
  expect(response.headers.get('content-type')).toStartWith('application/json');
  expect(((await response.json()) as object[]).length).toBe(4);
});
