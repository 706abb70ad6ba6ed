import { describe, expect, test } from 'bun:test';
import { aCall, carry, chatFrames, streams } from '../../support/relay-set-up.ts';

describe('a long stream that passes', () => {
  const call = () =>
    aCall(
      'openai-chat',
      { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] },
      { stream: true },
    );
  const texts = Array.from({ length: 300 }, (_, at) => chatFrames.text(`word ${at} `));

  test('is read to its end for the record', async () => {
    const frames = [chatFrames.role, ...texts, chatFrames.finish, chatFrames.done];
    const { text, records } = await carry(call(), [streams(...frames)]);
    expect(text).toBe(frames.join(''));
    expect(records[0]).toMatchObject({ status: 200, finish: 'stop' });
  });

  test('tells the error in its midst', async () => {
    const frames = [chatFrames.role, ...texts, chatFrames.error];
    const { records } = await carry(call(), [streams(...frames)]);
    expect(records[0]!.error).toContain('it broke');
  });
});
