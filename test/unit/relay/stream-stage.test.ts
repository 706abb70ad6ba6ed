import { describe, expect, test } from 'bun:test';
import { anAccount } from '../../support/pool-builders.ts';
import {
  aCall,
  answers,
  begin,
  carry,
  chatAnswer,
  chatFrames,
  readAnswer,
  streams,
} from '../../support/relay-set-up.ts';

const CHAT_STREAM = [
  chatFrames.role,
  chatFrames.text('hel'),
  chatFrames.text('lo'),
  chatFrames.finish,
  chatFrames.done,
];

describe('a Gemini client that wants its stream as an array', () => {
  const asArray = { model: 'gpt-4o', stream: true, asArray: true };
  const body = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
  const wordsOf = (text: string) =>
    JSON.parse(text)
      .flatMap((one: { candidates?: { content?: { parts?: { text?: string }[] } }[] }) => one.candidates ?? [])
      .flatMap((one: { content?: { parts?: { text?: string }[] } }) => one.content?.parts ?? [])
      .map((part: { text?: string }) => part.text ?? '')
      .join('');

  test('gets one, translated', async () => {
    const { text, answer } = await carry(aCall('gemini', body, asArray), [streams(...CHAT_STREAM)]);
    expect(answer.type === 'stream' && answer.heartbeat).toBe('');
    expect(wordsOf(text)).toBe('hello');
  });

  test('gets one of an upstream of its own dialect too', async () => {
    const part = (words: string, more: object = {}) =>
      `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: words }] }, ...more }] })}\n\n`;
    const accounts = [anAccount('g', { provider: 'gemini', models: ['gemini-2.5-flash'], baseUrl: 'http://g.test' })];
    const call = aCall('gemini', body, { ...asArray, model: 'gemini-2.5-flash' });
    const step = streams(part('hel'), part('lo', { finishReason: 'STOP' }));
    const { text, sent } = await carry(call, [step], { accounts });
    expect(sent[0]!.url).toEndWith('/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
    expect(wordsOf(text)).toBe('hello');
  });

  test('gets one that stays open when an upstream of its own dialect breaks off', async () => {
    const part = JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: 'hel' }] } }] });
    const accounts = [anAccount('g', { provider: 'gemini', models: ['gemini-2.5-flash'], baseUrl: 'http://g.test' })];
    const call = aCall('gemini', body, { ...asArray, model: 'gemini-2.5-flash' });
    const { text } = await carry(call, [streams(`data: ${part}\n\n`)], { accounts });
    expect(JSON.parse(`${text}]`).at(-1).error).toMatchObject({ code: expect.any(Number) });
  });

  test('gets one made of a whole answer', async () => {
    const { text, answer } = await carry(aCall('gemini', body, asArray), [answers(chatAnswer())]);
    expect(answer.type).toBe('whole');
    expect(wordsOf(text)).toBe('hello');
  });

  test('gets the error as the last element of an array that stays open, since some look at no error', async () => {
    const { answer, upstream } = await begin(aCall('gemini', body, asArray), chatFrames.role + chatFrames.text('hel'));
    upstream.break();
    const text = await readAnswer(answer);
    expect(text).toEndWith('}');
    const elements = JSON.parse(`${text}]`);
    expect(elements.at(-1).error).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
  });
});
