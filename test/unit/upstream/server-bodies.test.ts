import { describe, expect, test } from 'bun:test';
import { adjustAlibaba, adjustGroq, adjustMistral } from '../../../src/upstream/server-bodies.ts';

describe('adjustMistral', () => {
  const tools = [
    { type: 'function', function: { name: 'a' } },
    { type: 'function', function: { name: 'b' } },
  ];

  test('a seed, a limit and a forced call have other words', () => {
    const { body, losses } = adjustMistral({
      model: 'm',
      seed: 7,
      max_completion_tokens: 9,
      tool_choice: 'required',
      stream_options: { include_usage: true },
      tools,
    });
    expect(body).toEqual({ model: 'm', random_seed: 7, max_tokens: 9, tool_choice: 'any', tools });
    expect(losses).toEqual([]);
  });

  test('a named tool is the only one that is offered', () => {
    const { body, losses } = adjustMistral({ tools, tool_choice: { type: 'function', function: { name: 'b' } } });
    expect(body).toEqual({ tools: [tools[1]!], tool_choice: 'any' });
    expect(losses.map(({ field }) => field)).toEqual(['tool_choice']);
  });

  test('each result names its tool, and nobody else has a name', () => {
    const { body } = adjustMistral({
      messages: [
        { role: 'user', content: 'x', name: 'ann' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'a', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'ok' },
      ],
    });
    expect(body.messages).toMatchObject([{ role: 'user', content: 'x' }, {}, { role: 'tool', name: 'a' }]);
    expect((body.messages as object[])[0]).not.toHaveProperty('name');
  });
});

test('adjustGroq drops names of speakers, and names the figures it drops', () => {
  const { body, losses } = adjustGroq({
    messages: [{ role: 'user', name: 'ann', content: 'x' }],
    logprobs: true,
    n: 1,
  });
  expect(body).toEqual({ messages: [{ role: 'user', content: 'x' }], n: 1 });
  expect(losses.map(({ field }) => field)).toEqual(['logprobs']);
});

test('adjustAlibaba has its own switch for thinking', () => {
  expect(adjustAlibaba({ thinking: { type: 'disabled' } }).body).toEqual({ enable_thinking: false });
  expect(adjustAlibaba({ thinking: { type: 'enabled' } }).body).toEqual({ enable_thinking: true });
  expect(adjustAlibaba({ model: 'qwen' }).body).toEqual({ model: 'qwen' });
});

test('open models of Alibaba think only in a stream', () => {
  const wished = { thinking: { type: 'enabled' } };
  const whole = adjustAlibaba(wished, 'qwen3-32b');
  expect([whole.body, whole.losses.map(({ field }) => field)]).toEqual([{ enable_thinking: false }, ['reasoning']]);
  expect(adjustAlibaba({}, 'qwen3-235b-a22b')).toEqual({ body: { enable_thinking: false }, losses: [] });
  expect(adjustAlibaba({ ...wished, stream: true }, 'qwen3-32b').body).toEqual({ stream: true, enable_thinking: true });
  for (const model of ['qwen3-max', 'qwen3-235b-a22b-instruct-2507', 'qwen3-30b-a3b-thinking-2507']) {
    expect(adjustAlibaba({}, model)).toEqual({ body: {}, losses: [] });
  }
});
