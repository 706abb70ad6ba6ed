import { describe, expect, test } from 'bun:test';
import {
  aCall,
  answers,
  carry,
  chatAccount,
  chatAnswer,
  chatBody,
  chatFrames,
  claudeAccount,
  claudeAnswer,
  refuses,
  streams,
} from '../../support/relay-set-up.ts';

const CHAT_STREAM = [
  chatFrames.role,
  chatFrames.text('hel'),
  chatFrames.text('lo'),
  chatFrames.finish,
  chatFrames.done,
];

const streamed = (more: object = {}) => aCall('openai-chat', chatBody({ stream: true, ...more }));
const translated = () => streamed({ model: 'claude-sonnet-4-5' });

describe('an upstream that answers in the other way', () => {
  test('a whole answer is told as a stream', async () => {
    for (const [call, step] of [
      [streamed(), answers(chatAnswer())],
      [translated(), answers(claudeAnswer())],
    ] as const) {
      const { answer, text, records } = await carry(call, [step], { accounts: [chatAccount('a'), claudeAccount('c')] });
      expect(answer.type).toBe('stream');
      expect(text).toContain('"content":"hello"');
      expect(text).toContain('"finish_reason":"stop"');
      expect(text).toEndWith('data: [DONE]\n\n');
      expect(records[0]).toMatchObject({ status: 200, streamed: true, usage: { input: 3, output: 2 } });
    }
  });

  test('a stream is gathered into a whole answer', async () => {
    const { text, answer } = await carry(aCall('openai-chat', chatBody()), [streams(...CHAT_STREAM)]);
    expect(answer.type).toBe('whole');
    expect(JSON.parse(text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'hello' }, finish_reason: 'stop' }],
    });
  });

  test('a stream that breaks off is no whole answer', async () => {
    const steps = [streams(...CHAT_STREAM.slice(0, 2)), answers(chatAnswer('from b'))];
    const { text, headers } = await carry(aCall('openai-chat', chatBody()), steps);
    expect(headers['x-trivium-account']).toBe('b');
    expect(text).toContain('from b');
  });

  test('an error instead of a stream is an error', async () => {
    const { answer, status } = await carry(streamed(), [refuses(400, 'no')]);
    expect(answer.type).toBe('whole');
    expect(status).toBe(400);
  });
});
