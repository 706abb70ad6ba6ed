import { describe, expect, test } from 'bun:test';
import { translateText } from '../../../src/translate/translate-text.ts';

const chatRequest = JSON.stringify({ model: 'm', n: 2, messages: [{ role: 'user', content: 'hi' }] });
const geminiRequest = JSON.stringify({
  contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  generationConfig: { candidateCount: 2 },
});
const sse = (chunks: readonly object[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
const framesOf = (output: string) =>
  output
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => frame.slice('data: '.length));

describe('several answers are asked for', () => {
  test('of a chat upstream, of a Gemini upstream', () => {
    const toGemini = translateText({ kind: 'request', from: 'openai-chat', to: 'gemini', body: chatRequest }, 0);
    expect(JSON.parse(toGemini.output).generationConfig.candidateCount).toBe(2);
    const toChat = translateText({ kind: 'request', from: 'gemini', to: 'openai-chat', body: geminiRequest }, 0);
    expect(JSON.parse(toChat.output).n).toBe(2);
    expect([...toGemini.losses, ...toChat.losses]).toEqual([]);
  });

  test('but of Gemini no more than it gives', () => {
    const body = chatRequest.replace('"n":2', '"n":20');
    const { output, losses } = translateText({ kind: 'request', from: 'openai-chat', to: 'gemini', body }, 0);
    expect(JSON.parse(output).generationConfig.candidateCount).toBe(8);
    expect(losses.map(({ field }) => field)).toEqual(['n']);
  });

  test.each(['anthropic-messages', 'openai-responses'] as const)('%s upstreams refuse it by name', (to) => {
    const ask = () => translateText({ kind: 'request', from: 'openai-chat', to, body: chatRequest }, 0);
    expect(ask).toThrow(expect.objectContaining({ kind: 'translation-refused', detail: { param: 'n' } }));
  });
});

const candidates = [
  { index: 1, content: { parts: [{ text: 'two' }] }, finishReason: 'MAX_TOKENS' },
  { index: 0, content: { parts: [{ text: 'one' }] }, finishReason: 'STOP' },
];
const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 };
const total = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

describe('a whole answer', () => {
  test('keeps each choice in its place, and the usage of all', () => {
    const body = JSON.stringify({ candidates, usageMetadata });
    const { output } = translateText(
      { kind: 'response', from: 'gemini', to: 'openai-chat', body, request: chatRequest },
      0,
    );
    const answer = JSON.parse(output);
    expect(answer.choices).toMatchObject([
      { index: 0, message: { content: 'one' }, finish_reason: 'stop' },
      { index: 1, message: { content: 'two' }, finish_reason: 'length' },
    ]);
    expect(answer.usage).toMatchObject(total);
  });

  test('comes to Gemini clients as candidates', () => {
    const body = JSON.stringify({
      choices: [
        { index: 0, message: { content: 'one' }, finish_reason: 'stop' },
        { index: 1, message: { content: 'two' }, finish_reason: 'length' },
      ],
      usage: total,
    });
    const { output } = translateText(
      { kind: 'response', from: 'openai-chat', to: 'gemini', body, request: geminiRequest },
      0,
    );
    expect(JSON.parse(output)).toMatchObject({
      candidates: [
        { index: 0, content: { parts: [{ text: 'one' }] }, finishReason: 'STOP' },
        { index: 1, content: { parts: [{ text: 'two' }] }, finishReason: 'MAX_TOKENS' },
      ],
      usageMetadata,
    });
  });

  test('that was blocked has one choice', () => {
    const body = JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' } });
    const { output } = translateText(
      { kind: 'response', from: 'gemini', to: 'openai-chat', body, request: chatRequest },
      0,
    );
    expect(JSON.parse(output).choices).toMatchObject([{ index: 0, finish_reason: 'content_filter' }]);
  });
});

describe('a stream', () => {
  const fromGemini = sse([
    { candidates: [{ index: 0, content: { parts: [{ text: 'on' }] } }], usageMetadata: { promptTokenCount: 3 } },
    { candidates: [{ index: 1, content: { parts: [{ text: 'tw' }] } }] },
    { candidates: [{ index: 0, content: { parts: [{ text: 'e' }] }, finishReason: 'STOP' }] },
    { candidates: [{ index: 1, content: { parts: [{ text: 'o' }] }, finishReason: 'MAX_TOKENS' }], usageMetadata },
  ]);

  test('tells every choice under its index, and its usage and end once', () => {
    const request = chatRequest.replace('{', '{"stream":true,"stream_options":{"include_usage":true},');
    const { output } = translateText(
      { kind: 'stream', from: 'gemini', to: 'openai-chat', body: fromGemini, request },
      0,
    );
    const frames = framesOf(output);
    expect(frames.filter((frame) => frame === '[DONE]')).toHaveLength(1);
    expect(frames.at(-1)).toBe('[DONE]');
    const chunks = frames.slice(0, -1).map((frame) => JSON.parse(frame));
    const textOf = (index: number) =>
      chunks
        .flatMap(({ choices }) => choices.filter((choice: { index: number }) => choice.index === index))
        .map(({ delta }) => delta.content ?? '')
        .join('');
    expect([textOf(0), textOf(1)]).toEqual(['one', 'two']);
    const finishes = chunks.flatMap(({ choices }) => choices).filter(({ finish_reason }) => finish_reason !== null);
    expect(finishes.map(({ index, finish_reason }) => [index, finish_reason])).toEqual([
      [0, 'stop'],
      [1, 'length'],
    ]);
    const counted = chunks.filter(({ usage }) => usage !== null);
    expect(counted).toMatchObject([{ choices: [], usage: total }]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  test('comes to Gemini clients with the index of each candidate', () => {
    const body = `${sse([
      { choices: [{ index: 1, delta: { content: 'two' } }] },
      { choices: [{ index: 0, delta: { content: 'one' } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: total },
    ])}data: [DONE]\n\n`;
    const { output } = translateText(
      { kind: 'stream', from: 'openai-chat', to: 'gemini', body, request: geminiRequest },
      0,
    );
    const chunks = framesOf(output).map((frame) => JSON.parse(frame));
    const said = chunks.map(({ candidates: [{ index, content }] }) => [index, content.parts[0].text]);
    expect(said).toEqual([
      [1, 'two'],
      [0, 'one'],
      [0, ''],
      [1, ''],
    ]);
    expect(chunks.map((chunk) => chunk.usageMetadata?.totalTokenCount)).toEqual([undefined, undefined, undefined, 7]);
  });

  test('that breaks off in one choice is an error', () => {
    const body = sse([
      { candidates: [{ index: 0, content: { parts: [{ text: 'one' }] }, finishReason: 'STOP' }] },
      { candidates: [{ index: 1, content: { parts: [{ text: 'tw' }] } }] },
    ]);
    const { output } = translateText(
      { kind: 'stream', from: 'gemini', to: 'openai-chat', body, request: chatRequest },
      0,
    );
    expect(framesOf(output).at(-1)).toContain('"error"');
    expect(output).not.toContain('[DONE]');
  });
});
