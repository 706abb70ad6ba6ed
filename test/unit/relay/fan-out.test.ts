import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { splitAnswers, splitPrompts } from '../../../src/relay/fan-out.ts';
import { createRelay } from '../../../src/relay/relay.ts';
import {
  aCall,
  answers,
  chatAccount,
  chatAnswer,
  chatBody,
  chatFrames,
  claudeAccount,
  claudeAnswer,
  readAnswer,
  refuses,
  type SendStep,
  type SetUpOptions,
  setUpRelay,
  streams,
} from '../../support/relay-set-up.ts';

const prompts = (more: object = {}) => ({ model: 'gpt-4o', prompt: ['one', 'two'], ...more });

async function ask(
  call: ReturnType<typeof aCall>,
  steps: readonly SendStep[],
  options: SetUpOptions = {},
  fansOut = false,
) {
  const setUp = setUpRelay(steps, options);
  const answer = await createRelay({ ...setUp.ports, fansOut: () => fansOut }).carry(call);
  return { answer, setUp, text: await readAnswer(answer) };
}

describe('what becomes several calls', () => {
  test('a list of prompts, one call for each', () => {
    const fan = splitPrompts(aCall('openai-completions', prompts({ n: 2 })))!;
    expect(fan.calls.map((call) => call.body.json().prompt)).toEqual(['one', 'two']);
    expect(fan.calls.map((call) => call.exchangeId === 'exchange1')).toEqual([true, false]);
    expect(fan.choicesEach).toBe(2);
  });

  test('lists of tokens too, which some upstream may read', () => {
    const fan = splitPrompts(aCall('openai-completions', prompts({ prompt: [[1, 2], [3]] })))!;
    expect(fan.calls.map((call) => call.body.json().prompt)).toEqual([[1, 2], [3]]);
  });

  test.each([[['one']], ['one'], [[1, 2, 3]], [[]]])('but not %j', (prompt) => {
    expect(splitPrompts(aCall('openai-completions', prompts({ prompt })))).toBeUndefined();
  });

  test('nor more than can be asked at once', () => {
    const prompt = Array.from({ length: 65 }, () => 'x');
    expect(() => splitPrompts(aCall('openai-completions', prompts({ prompt })))).toThrow(GatewayError);
  });

  test('a wish for several answers, one call for each', () => {
    const chat = splitAnswers(aCall('openai-chat', chatBody({ n: 3 })))!;
    expect(chat.calls.map((call) => call.body.json())).toEqual([chatBody(), chatBody(), chatBody()]);
    const config = { candidateCount: 2, topK: 3 };
    const gemini = splitAnswers(aCall('gemini', { contents: [], generationConfig: config }))!;
    expect(gemini.calls.map((call) => call.body.json().generationConfig)).toEqual([{ topK: 3 }, { topK: 3 }]);
    expect(splitAnswers(aCall('anthropic-messages', { n: 3 }))).toBeUndefined();
  });
});

describe('several prompts', () => {
  test('get one answer with a choice for each, and the tokens of all', async () => {
    const steps = [answers(chatAnswer('first')), answers(chatAnswer('second'))];
    const { text, setUp } = await ask(aCall('openai-completions', prompts({ echo: true })), steps);
    const body = JSON.parse(text);
    expect(body.choices).toMatchObject([
      { index: 0, text: 'onefirst' },
      { index: 1, text: 'twosecond' },
    ]);
    expect(body.usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 });
    expect(setUp.records.map((record) => record.status)).toEqual([200, 200]);
    expect(setUp.inFlight()).toBe(0);
  });

  test('with several answers each keep their places', async () => {
    const two = (a: string, b: string) => {
      const { choices, ...rest } = chatAnswer(a);
      return answers({ ...rest, choices: [choices[0], { ...chatAnswer(b).choices[0], index: 1 }] });
    };
    const { text } = await ask(aCall('openai-completions', prompts({ n: 2 })), [two('a', 'b'), two('c', 'd')]);
    expect(
      JSON.parse(text).choices.map((choice: { index: number; text: string }) => [choice.index, choice.text]),
    ).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
    ]);
  });

  test('fail together', async () => {
    const accounts = [chatAccount('a')];
    const { answer } = await ask(aCall('openai-completions', prompts()), [answers(chatAnswer()), refuses(400, 'no')], {
      accounts,
    });
    expect(answer).toMatchObject({ type: 'whole', status: 400 });
  });

  test('stream side by side, with one end and one count', async () => {
    const usage = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n';
    const stream = (said: string) =>
      streams(chatFrames.role, chatFrames.text(said), chatFrames.finish, usage, chatFrames.done);
    const body = prompts({ stream: true, stream_options: { include_usage: true } });
    const { text } = await ask(aCall('openai-completions', body), [stream('first'), stream('second')]);
    const frames = text.split('\n\n').filter((frame) => frame !== '');
    expect(frames.filter((frame) => frame === 'data: [DONE]')).toHaveLength(1);
    expect(frames.at(-1)).toBe('data: [DONE]');
    const chunks = frames.slice(0, -1).map((frame) => JSON.parse(frame.slice('data: '.length)));
    const saidAt = (index: number) =>
      chunks
        .flatMap(({ choices }) => choices)
        .filter((choice) => choice.index === index)
        .map((choice) => choice.text)
        .join('');
    expect([saidAt(0), saidAt(1)]).toEqual(['first', 'second']);
    const counted = chunks.filter((chunk) => chunk.usage);
    expect(counted).toMatchObject([
      { choices: [], usage: { prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 } },
    ]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });
});

describe('several answers of an upstream that gives one', () => {
  const accounts = [claudeAccount('c', { maxConcurrent: 5 })];
  const call = () => aCall('openai-chat', chatBody({ model: 'claude-sonnet-4-5', n: 2 }));

  test('are refused by name', async () => {
    const { answer, text } = await ask(call(), [], { accounts });
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.parse(text).error.param).toBe('n');
  });

  test('are asked for one by one when the owner wants that', async () => {
    const steps = [answers(claudeAnswer('a')), answers(claudeAnswer('b'))];
    const { text, setUp } = await ask(call(), steps, { accounts }, true);
    const body = JSON.parse(text);
    expect(body.choices).toMatchObject([
      { index: 0, message: { content: 'a' } },
      { index: 1, message: { content: 'b' } },
    ]);
    expect(body.usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 4 });
    expect(setUp.sent.map((request) => JSON.parse(String(request.body)).n)).toEqual([undefined, undefined]);
  });
});

describe('legacy completions of an upstream that has them', () => {
  const accounts = [chatAccount('a', { dialects: ['openai-chat', 'openai-completions'] })];

  test('pass, with all that only a base model understands', async () => {
    const given = {
      id: 'cmpl-1',
      object: 'text_completion',
      choices: [{ text: 'x', index: 0, finish_reason: 'stop' }],
    };
    const body = { model: 'gpt-4o', prompt: [1, 2], suffix: 'y' };
    const { text, setUp } = await ask(aCall('openai-completions', body), [answers(given)], { accounts });
    expect(JSON.parse(text)).toEqual(given);
    expect(setUp.sent[0]!.url).toBe('http://a.test/v1/completions');
    expect(new TextDecoder().decode(setUp.sent[0]!.body as Uint8Array)).toBe(JSON.stringify(body));
  });

  test('tell their errors as such', async () => {
    const { answer } = await ask(aCall('openai-completions', { model: 'gpt-4o', prompt: 'x' }), [refuses(400, 'no')], {
      accounts,
    });
    expect(answer).toMatchObject({ status: 400 });
  });
});
