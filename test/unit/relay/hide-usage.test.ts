import { describe, expect, test } from 'bun:test';
import { withoutUsage } from '../../../src/relay/hide-usage.ts';
import {
  aCall,
  answers,
  begin,
  bodyOf,
  carry,
  chatAccount,
  chatAnswer,
  chatBody,
  chatFrames,
  readNext,
  refuses,
  streams,
} from '../../support/relay-set-up.ts';

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const usageFrame = `data: ${JSON.stringify({ id: 'c1', choices: [], usage })}\n\n`;
const { text, finish, done } = chatFrames;
const answer = streams(text('hi'), finish, usageFrame, done);
const one = { accounts: [chatAccount('a')] };
const asked = '"stream_options":{"include_usage":true}';

describe('a passing chat stream whose client did not ask for usage', () => {
  const body = JSON.stringify(chatBody({ stream: true, seed: 7 }));

  test('asks for it, hides it, and writes it down', async () => {
    const { sent, text: told, records } = await carry(aCall('openai-chat', body), [answer], one);
    expect(bodyOf(sent[0])).toBe(`{${asked},${body.slice(1)}`);
    expect(told).toBe(text('hi') + finish + done);
    expect(records[0]!.usage).toMatchObject({ input: 3, output: 2 });
  });

  test('under another name of the model', async () => {
    const { sent } = await carry(
      aCall('openai-chat', { ...chatBody({ stream: true }), model: 'a/gpt-4o' }),
      [answer],
      one,
    );
    expect(JSON.parse(bodyOf(sent[0]))).toEqual(chatBody({ stream: true, stream_options: { include_usage: true } }));
  });

  test.each<[string, unknown, unknown]>([
    ['it says that it does not want it', { include_usage: false }, { include_usage: true }],
    ['it wants something else', { include_obfuscation: false }, { include_obfuscation: false, include_usage: true }],
    ['it says nothing', null, { include_usage: true }],
  ])('where %s', async (_what, stream_options, sentOptions) => {
    const call = aCall('openai-chat', chatBody({ stream: true, stream_options }));
    const { sent, text: told } = await carry(call, [answer], one);
    expect(JSON.parse(bodyOf(sent[0])).stream_options).toEqual(sentOptions);
    expect(told).not.toContain('usage');
  });

  test('it is asked again as it was written when the server refuses that', async () => {
    const refusal = refuses(400, 'Unrecognized request argument supplied: stream_options');
    const { sent, headers } = await carry(
      aCall('openai-chat', body),
      [refusal, streams(text('hi'), finish, done)],
      one,
    );
    expect(bodyOf(sent[1])).toBe(body);
    expect(headers['x-trivium-warnings']).toBeUndefined();
  });

  test('usage is hidden however the bytes are cut, and nothing waits for it', async () => {
    const { upstream, source } = await begin(aCall('openai-chat', body), text('a'), one);
    expect(await readNext(source)).toBe(text('a'));
    let told = '';
    for (const byte of finish + usageFrame + done) upstream.send(byte);
    upstream.end();
    for (let piece: string | undefined = ''; piece !== undefined; piece = await readNext(source)) told += piece;
    expect(told).toBe(finish + done);
  });
});

describe('usage is left to the client and the upstream', () => {
  test('where the client asks itself: not a byte changes', async () => {
    const body = JSON.stringify(chatBody({ stream: true, stream_options: { include_usage: true } }));
    const { sent, text: told } = await carry(aCall('openai-chat', body), [answer], one);
    expect(bodyOf(sent[0])).toBe(body);
    expect(told).toContain(usageFrame);
  });

  test('where the upstream tells it anyway, or nothing streams', async () => {
    const mistral = { accounts: [chatAccount('a', { baseUrl: 'https://api.mistral.ai/v1' })] };
    const told = await carry(aCall('openai-chat', chatBody({ stream: true })), [answer], mistral);
    expect(bodyOf(told.sent[0])).not.toContain('stream_options');
    const whole = await carry(aCall('openai-chat', chatBody()), [answers(chatAnswer())], one);
    expect(bodyOf(whole.sent[0])).not.toContain('stream_options');
  });
});

describe('withoutUsage', () => {
  const pass = (frames: string) => Buffer.from(withoutUsage(Buffer.from(frames))).toString();

  test('takes out the one frame', () => {
    const spaced = 'data: {"id": "c1", "choices": [], "usage": {"prompt_tokens": 3}}\r\n\r\n';
    expect(pass(text('a') + usageFrame + spaced + done)).toBe(text('a') + done);
  });

  test.each([
    'data: {"id":"","choices":[],"prompt_filter_results":[]}\n\n',
    'data: {"choices":[],"usage":null}\n\n',
    `data: {"choices":[{"delta":{"content":"\\"choices\\":[]"}}],"usage":{}}\n\n`,
    ': "choices":[]\n\n',
  ])('leaves %j', (frame) => {
    expect(pass(frame)).toBe(frame);
  });
});
