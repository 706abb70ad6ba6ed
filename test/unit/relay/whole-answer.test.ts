import { describe, expect, test } from 'bun:test';
import { asObject, asObjects, tryParseJson } from '../../../src/base/json.ts';
import { anAccount } from '../../support/pool-builders.ts';
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

  test('a whole answer with several choices is told as a stream of all of them', async () => {
    const [choice] = chatAnswer().choices;
    const two = {
      ...chatAnswer(),
      choices: [choice, { ...choice, index: 1, message: { role: 'assistant', content: 'bye' } }],
    };
    const part = (text: string, index: number) => ({ index, finishReason: 'STOP', content: { parts: [{ text }] } });
    const gemini = {
      candidates: [part('hello', 0), part('bye', 1)],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
    };
    const google = anAccount('g', { provider: 'gemini', models: ['gemini-2.5-flash'], baseUrl: 'http://g.test' });
    for (const [call, step] of [
      [streamed({ n: 2 }), answers(two)],
      [streamed({ n: 2, model: 'gemini-2.5-flash' }), answers(gemini)],
    ] as const) {
      const { text, records } = await carry(call, [step], { accounts: [chatAccount('a'), google] });
      const chunks = text.split('\n\n').flatMap((frame) => asObjects([tryParseJson(frame.slice('data: '.length))]));
      const choices = chunks.flatMap((chunk) => asObjects(chunk.choices));
      const said = (index: number) =>
        choices
          .filter((one) => one.index === index)
          .map(({ delta }) => asObject(delta)?.content ?? '')
          .join('');
      expect([said(0), said(1)]).toEqual(['hello', 'bye']);
      expect(choices.filter((one) => one.finish_reason === 'stop').map(({ index }) => index)).toEqual([0, 1]);
      expect(text.match(/\[DONE\]/g)).toHaveLength(1);
      expect(records[0]).toMatchObject({ status: 200, usage: { input: 3, output: 2 } });
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
