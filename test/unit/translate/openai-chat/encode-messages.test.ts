import { describe, expect, test } from 'bun:test';
import {
  type AssistantPart,
  emptyRequest,
  type Instruction,
  type MediaPart,
  type Message,
  type ResultPart,
  type UserPart,
} from '../../../../src/translate/canonical/request.ts';
import { encodeMessages } from '../../../../src/translate/openai-chat/encode-messages.ts';
import { startEncoding } from '../../../../src/translate/openai-chat/encoding.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';

const official: TargetTraits = { provider: 'openai', quirks: {} };
const local: TargetTraits = { provider: 'openai-compatible', quirks: {} };

interface Given {
  readonly system?: readonly Instruction[];
  readonly messages?: readonly Message[];
  readonly model?: string;
  readonly traits?: TargetTraits;
}

const encode = ({ system = [], messages = [], model = 'gpt-4o', traits = official }: Given) => {
  const encoding = startEncoding({ ...emptyRequest(model, false), system, messages }, traits);
  const wire = JSON.parse(JSON.stringify(encodeMessages(encoding)));
  return { wire, losses: encoding.losses.map(({ field }) => field) };
};
const user = (parts: readonly UserPart[], traits = official) => encode({ messages: [{ role: 'user', parts }], traits });
const assistant = (parts: readonly AssistantPart[], traits = official, model = 'gpt-4o') =>
  encode({ messages: [{ role: 'assistant', parts }], traits, model }).wire[0];
const text = (value: string) => ({ type: 'text', text: value }) as const;
const image = (data: string): MediaPart => ({
  type: 'media',
  kind: 'image',
  source: { type: 'base64', mimeType: 'image/png', data },
});

describe('instructions', () => {
  const system: Instruction[] = [
    { role: 'system', parts: [text('a'), text('b')] },
    { role: 'developer', parts: [text('c')] },
  ];
  const cases: readonly (readonly [string, Given, unknown])[] = [
    [
      'are the role system',
      { system },
      [
        ['system', 'a\n\nb'],
        ['system', 'c'],
      ],
    ],
    [
      'are the role developer for reasoning models',
      { system, model: 'gpt-5' },
      [
        ['developer', 'a\n\nb'],
        ['developer', 'c'],
      ],
    ],
    [
      'are the role system anywhere else',
      { system, model: 'gpt-5', traits: local },
      [
        ['system', 'a\n\nb'],
        ['system', 'c'],
      ],
    ],
    [
      'are one message where only the first may be one',
      { system, traits: { provider: 'ollama', quirks: { midSystem: false } } },
      [['system', 'a\n\nb\n\nc']],
    ],
    ['that are empty are none', { system: [{ role: 'system', parts: [text('')] }] }, []],
    ['stay in the middle', { messages: [{ role: 'system', parts: [text('a')] }] }, [['system', 'a']]],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => {
      const { wire } = encode(given);
      expect(wire.map((message: { role: string; content: string }) => [message.role, message.content])).toEqual(
        expected,
      );
    });
  }
});

describe('cache marks', () => {
  const system: Instruction[] = [{ role: 'system', parts: [text('a'), { ...text('b'), cache: { ttl: '1h' } }] }];
  test('are OpenAI’s for models that take them', () => {
    expect(encode({ system, model: 'gpt-5.6' }).wire[0].content).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } },
    ]);
  });
  test('are Anthropic’s where those are understood', () => {
    const traits: TargetTraits = { provider: 'openrouter', quirks: { cacheControl: true } };
    expect(encode({ system, traits }).wire[0].content[1]).toEqual({
      type: 'text',
      text: 'b',
      cache_control: { type: 'ephemeral', ttl: '1h' },
    });
  });
  test('are nowhere else', () => expect(encode({ system }).wire[0].content).toBe('a\n\nb'));
  test('of OpenAI are four at most', () => {
    const parts = [1, 2, 3, 4, 5].map((n) => ({ ...text(`${n}`), cache: {} }));
    const { content } = encode({ messages: [{ role: 'user', parts }], model: 'gpt-6' }).wire[0];
    expect(content.filter((part: object) => 'prompt_cache_breakpoint' in part)).toHaveLength(4);
  });
});

test('names are kept unless the server refuses them', () => {
  const messages: Message[] = [{ role: 'user', parts: [text('a')], name: 'bob' }];
  expect(encode({ messages }).wire[0].name).toBe('bob');
  const traits: TargetTraits = { provider: 'openai-compatible', quirks: { refusedFields: ['name'] } };
  expect('name' in encode({ messages, traits }).wire[0]).toBe(false);
});

describe('results', () => {
  const result = (callId: string, parts: readonly ResultPart[], isError = false): UserPart => ({
    type: 'tool-result',
    callId,
    kind: 'function',
    parts,
    ...(isError ? { isError } : {}),
  });

  test('each is a message, before what the user says', () => {
    expect(user([text('c'), result('1', [text('a')]), result('2', [text('b')])]).wire).toEqual([
      { role: 'tool', tool_call_id: '1', content: 'a' },
      { role: 'tool', tool_call_id: '2', content: 'b' },
      { role: 'user', content: 'c' },
    ]);
  });

  test('R28: an empty text after them is nobody’s', () => {
    expect(user([result('1', [text('a')]), text('')]).wire).toHaveLength(1);
  });

  test('R20, R21: images follow in one user message, each under the label of its result', () => {
    const { wire } = user([result('1', [text('a'), image('AA')]), result('2', [image('BB')]), text('look')]);
    expect(wire).toEqual([
      { role: 'tool', tool_call_id: '1', content: 'a\n\n[image 1 attached below]' },
      { role: 'tool', tool_call_id: '2', content: '[image 2 attached below]' },
      {
        role: 'user',
        content: [
          text('[image 1]'),
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
          text('[image 2]'),
          { type: 'image_url', image_url: { url: 'data:image/png;base64,BB' } },
          text('look'),
        ],
      },
    ]);
  });

  test('an error is said to be one, but not twice', () => {
    const contents = [text('boom'), text('Error: boom'), text('error boom')].map(
      (said) => user([result('1', [said], true)]).wire[0].content,
    );
    expect(contents).toEqual(['Error: boom', 'Error: boom', 'error boom']);
  });

  test('an empty one is an empty text', () => expect(user([result('1', [])]).wire[0].content).toBe(''));
});

describe('what a model said', () => {
  const call = (args: string): AssistantPart => ({
    type: 'tool-call',
    callId: '1',
    kind: 'function',
    name: 'f',
    arguments: args,
  });
  const wireCall = (args: string) => ({ id: '1', type: 'function', function: { name: 'f', arguments: args } });

  test('texts are joined as a stream shows them', () =>
    expect(assistant([text('a'), text('b')])).toEqual({ role: 'assistant', content: 'ab' }));

  test('R37: text, thought and calls are one message', () => {
    const traits: TargetTraits = { provider: 'openai-compatible', quirks: { reasoningBack: 'reasoning_content' } };
    expect(assistant([{ type: 'reasoning', text: 'a' }, text('b'), call('{"x":1}')], traits)).toEqual({
      role: 'assistant',
      content: 'b',
      reasoning_content: 'a',
      tool_calls: [wireCall('{"x":1}')],
    });
  });

  test('content beside calls is null for OpenAI and an empty text elsewhere', () => {
    expect(assistant([call('{}')]).content).toBeNull();
    expect(assistant([call('{}')], local).content).toBe('');
    expect(assistant([]).content).toBe('');
  });

  test('R18: no arguments are an empty object', () =>
    expect(assistant([call('')]).tool_calls).toEqual([wireCall('{}')]));

  test('a custom call', () => {
    const custom: AssistantPart = { type: 'tool-call', callId: '1', kind: 'custom', name: 'c', arguments: 'x' };
    expect(assistant([custom]).tool_calls).toEqual([{ id: '1', type: 'custom', custom: { name: 'c', input: 'x' } }]);
  });

  test('a refusal is a field of its own at OpenAI alone', () => {
    const refusal: AssistantPart = { ...text('no'), refusal: true };
    expect(assistant([refusal])).toEqual({ role: 'assistant', content: null, refusal: 'no' });
    expect(assistant([refusal], local)).toEqual({ role: 'assistant', content: 'no' });
  });

  test('thoughts go back only where they are wanted', () => {
    expect(assistant([{ type: 'reasoning', text: 'a' }, text('b')])).toEqual({ role: 'assistant', content: 'b' });
    const traits: TargetTraits = { provider: 'openrouter', quirks: { reasoningBack: 'reasoning' } };
    expect(assistant([{ type: 'reasoning', text: 'a' }, text('b')], traits)).toMatchObject({ reasoning: 'a' });
  });

  test('DeepSeek misses the thought of a turn with calls', () => {
    const traits: TargetTraits = { provider: 'openai-compatible', quirks: { reasoningBack: 'reasoning_content' } };
    expect(assistant([call('{}')], traits).reasoning_content).toBe('');
    expect('reasoning_content' in assistant([text('a')], traits)).toBe(false);
  });

  test('own seals go back, foreign ones do not', () => {
    const value = JSON.stringify([{ type: 'reasoning.text', signature: 'S', format: 'anthropic-claude-v1', index: 0 }]);
    const own: AssistantPart = { type: 'reasoning', text: 'a', seal: { dialect: 'openai-chat', value } };
    expect(assistant([own, text('b')]).reasoning_details).toEqual([
      { type: 'reasoning.text', signature: 'S', format: 'anthropic-claude-v1', index: 0, text: 'a' },
    ]);
    const sealed = (dialect: 'openai-chat' | 'gemini') =>
      assistant([{ ...call('{}'), seal: { dialect, value: 'S' } } as AssistantPart]).tool_calls[0];
    expect(sealed('openai-chat').extra_content).toEqual({ google: { thought_signature: 'S' } });
    expect('extra_content' in sealed('gemini')).toBe(false);
  });

  test('Mistral is told to go on where the last answer ended', () => {
    expect(assistant([text('Sure: ')], local, 'mistral-large').prefix).toBe(true);
    expect('prefix' in assistant([text('Sure: ')], local, 'qwen3')).toBe(false);
    expect('prefix' in assistant([call('{}')], local, 'mistral-large')).toBe(false);
  });
});
