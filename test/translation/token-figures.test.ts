import { describe, expect, test } from 'bun:test';
import { answer, delta, streamed, user } from '../support/translate-as.ts';

describe('tokens', () => {
  const chat = (usage: object) => ({
    choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'stop' }],
    usage,
  });
  const anthropic = (usage: object) => ({ content: [{ type: 'text', text: 'x' }], stop_reason: 'end_turn', usage });

  test('U08: that xAI counts beside the answer are in it', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 22,
      completion_tokens_details: { reasoning_tokens: 7 },
    };
    expect(answer('openai-chat', 'openai-responses', chat(usage)).usage).toMatchObject({
      output_tokens: 12,
      output_tokens_details: { reasoning_tokens: 7 },
      total_tokens: 22,
    });
  });

  test('U02: of Anthropic’s caches are in the prompt', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 90,
      cache_creation_input_tokens: 20,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 3 },
    };
    expect(answer('anthropic-messages', 'openai-chat', anthropic(usage)).usage).toEqual({
      prompt_tokens: 120,
      completion_tokens: 5,
      total_tokens: 125,
      prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
  });

  test('U08: of Gemini’s thoughts and tools are counted where they belong', () => {
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
      toolUsePromptTokenCount: 2,
      totalTokenCount: 114,
    };
    const body = { candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }], usageMetadata };
    expect(answer('gemini', 'anthropic-messages', body).usage).toMatchObject({
      input_tokens: 42,
      cache_read_input_tokens: 60,
      output_tokens: 12,
    });
  });

  test.each([
    ['DeepSeek', { prompt_cache_hit_tokens: 60, prompt_cache_miss_tokens: 40 }],
    ['Moonshot', { cached_tokens: 60 }],
    ['OpenAI', { prompt_tokens_details: { cached_tokens: 60, audio_tokens: null } }],
  ])('U01: that %s read from its cache are no fresh ones', (_name, cached) => {
    const usage = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, ...cached };
    expect(answer('openai-chat', 'anthropic-messages', chat(usage)).usage).toMatchObject({
      input_tokens: 40,
      cache_read_input_tokens: 60,
    });
  });

  test('S39: of every chunk are the sum so far, and null is none', () => {
    const events = streamed('openai-chat', 'anthropic-messages', [
      { ...delta({ content: 'a' }), usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } },
      { ...delta({ content: 'b' }), usage: null },
      { ...delta({}, 'stop'), usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
    ]);
    expect(events.find(({ type }) => type === 'message_delta').usage).toMatchObject({
      input_tokens: 9,
      output_tokens: 2,
    });
  });

  test('U04, U05: of Anthropic’s last report replace those of the first', () => {
    const chunks = streamed(
      'anthropic-messages',
      'openai-chat',
      [
        { type: 'message_start', message: { id: 'm', content: [], usage: { input_tokens: 43, output_tokens: 1 } } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 61, output_tokens: 7 } },
        { type: 'message_stop' },
      ],
      { model: 'm', messages: [user('x')], stream: true, stream_options: { include_usage: true } },
    );
    expect(chunks.at(-1).usage).toMatchObject({ prompt_tokens: 61, completion_tokens: 7, total_tokens: 68 });
  });

  test('S39: that are below zero, broken or text count nothing', () => {
    const odd = { prompt_tokens: -1, completion_tokens: 1.5, total_tokens: '9', prompt_tokens_details: [] };
    expect(answer('openai-chat', 'openai-responses', chat(odd)).usage).toMatchObject({
      input_tokens: 0,
      output_tokens: 2,
    });
    const usage = { input_tokens: -5, output_tokens: null, cache_read_input_tokens: {} };
    expect(JSON.stringify(answer('anthropic-messages', 'gemini', anthropic(usage)).usageMetadata ?? {})).not.toMatch(
      /-|null/,
    );
  });
});
