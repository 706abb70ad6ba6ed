import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { mustStream } from '../../../src/relay/long-answer.ts';
import { emptyRequest } from '../../../src/translate/canonical/request.ts';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import {
  aCall,
  answers,
  bodyOf,
  carry,
  chatAnswer,
  chatBody,
  chatFrames,
  claudeAccount,
  claudeAnswer,
  claudeBody,
  claudeFrames,
  streams,
} from '../../support/relay-set-up.ts';

test.each<[DialectId, DialectId, JsonObject, boolean]>([
  ['openai-chat', 'anthropic-messages', { max_tokens: 21_334 }, true],
  ['openai-chat', 'anthropic-messages', { max_tokens: 21_333 }, false],
  ['anthropic-messages', 'openai-chat', { max_completion_tokens: 64_000 }, true],
  ['anthropic-messages', 'openai-responses', { max_output_tokens: 64_000 }, true],
  ['anthropic-messages', 'gemini', { generationConfig: { maxOutputTokens: 64_000 } }, true],
  ['anthropic-messages', 'gemini', {}, false],
  ['gemini', 'openai-chat', { max_tokens: 64_000 }, false],
])('from %s to %s with %j: %p', (client, upstream, body, streamed) => {
  expect(mustStream(emptyRequest('m', false), body, [client, upstream])).toBe(streamed);
  expect(mustStream(emptyRequest('m', true), body, [client, upstream])).toBe(false);
});

describe('a long answer that a client wants as a whole', () => {
  const accounts = [claudeAccount('c', { models: ['claude-sonnet-4-5'] })];
  const asked = aCall('openai-chat', chatBody({ model: 'claude-sonnet-4-5' }));
  const STREAM = [claudeFrames.start, claudeFrames.open, claudeFrames.text('hel'), claudeFrames.text('lo')];
  const END = [claudeFrames.close, claudeFrames.finish, claudeFrames.stop];

  test('is asked for as a stream and collected', async () => {
    const { text, sent, status } = await carry(asked, [streams(...STREAM, ...END)], { accounts });
    expect(JSON.parse(bodyOf(sent[0]))).toMatchObject({ max_tokens: 64_000, stream: true });
    expect(sent[0]!.headers.accept).toBe('text/event-stream');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ object: 'chat.completion', choices: [{ message: { content: 'hello' } }] });
  });

  test('may come as a whole all the same', async () => {
    const { text } = await carry(asked, [answers(claudeAnswer())], { accounts });
    expect(JSON.parse(text).choices[0].message.content).toBe('hello');
  });

  test('that breaks off is an error, not half an answer', async () => {
    const { status } = await carry(asked, [streams(...STREAM)], { accounts });
    expect(status).toBe(502);
  });

  test('for a client of Anthropic’s dialect from any upstream', async () => {
    const call = aCall('anthropic-messages', claudeBody({ model: 'gpt-4o', max_tokens: 64_000 }));
    const frames = [chatFrames.role, chatFrames.text('hello'), chatFrames.finish, chatFrames.done];
    const { text, sent } = await carry(call, [streams(...frames)]);
    expect(JSON.parse(bodyOf(sent[0]))).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(JSON.parse(text)).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'hello' }] });
  });

  test('a short one is not', async () => {
    const call = aCall('anthropic-messages', claudeBody({ model: 'gpt-4o', max_tokens: 100 }));
    const { sent } = await carry(call, [answers(chatAnswer())]);
    expect(JSON.parse(bodyOf(sent[0]))).not.toHaveProperty('stream');
  });
});
