import { describe, expect, test } from 'bun:test';
import type { AnswerWishes, AssistantPart, Tool } from '../../../../src/translate/canonical/request.ts';
import { emptyRequest } from '../../../../src/translate/canonical/request.ts';
import type { Finish } from '../../../../src/translate/canonical/response.ts';
import { encodeResponse } from '../../../../src/translate/openai-chat/encode-response.ts';
import { openEnvelope } from '../../../../src/translate/seal.ts';

interface Given {
  readonly finish?: Finish;
  readonly answer?: AnswerWishes;
  readonly hidden?: boolean;
  readonly tools?: readonly Tool[];
}

const encode = (
  parts: readonly AssistantPart[],
  { finish = { reason: 'stop' }, answer = {}, hidden = false, tools = [] }: Given = {},
) => {
  const reasoning = hidden ? { reasoning: { display: 'omitted' as const } } : {};
  const request = { ...emptyRequest('asked', false), answer, tools, ...reasoning };
  const response = { parts, finish, losses: [], messageId: 'msg_1', model: 'served' };
  return JSON.parse(
    JSON.stringify(encodeResponse(response, { request, exchangeId: 'x', createdAt: 1_784_246_400_123 })),
  );
};
const messageOf = (parts: readonly AssistantPart[], given: Given = {}) => encode(parts, given).choices[0].message;
const text = (value: string): AssistantPart => ({ type: 'text', text: value });
const call: AssistantPart = { type: 'tool-call', callId: 'a', kind: 'function', name: 'f', arguments: '' };

test('S40: an answer, under the name the client asked for', () => {
  expect(encode([text('a')])).toEqual({
    id: expect.stringMatching(/^chatcmpl-\w{29}$/),
    object: 'chat.completion',
    created: 1_784_246_400,
    model: 'asked',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'a', refusal: null }, finish_reason: 'stop', logprobs: null },
    ],
  });
});

test('U02: counts include the caches, and every detail is there', () => {
  const usage = { input: 1050, cacheRead: 900, cacheWrite: 50, output: 5, reasoning: 3 };
  const request = emptyRequest('m', false);
  const response = { parts: [], finish: { reason: 'stop' } as const, losses: [], usage };
  expect(encodeResponse(response, { request, exchangeId: 'x', createdAt: 0 }).usage).toEqual({
    prompt_tokens: 1050,
    completion_tokens: 5,
    total_tokens: 1055,
    prompt_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 },
    completion_tokens_details: { reasoning_tokens: 3 },
  });
});

describe('the message', () => {
  const cases: readonly (readonly [string, readonly AssistantPart[], object])[] = [
    ['of an empty answer is an empty text (F8)', [], { content: '', refusal: null }],
    ['joins its texts', [text('a'), text('b')], { content: 'ab' }],
    [
      'of a refusal has no content',
      [{ ...text('no'), refusal: true } as AssistantPart],
      { content: null, refusal: 'no' },
    ],
    [
      'S08: of calls has no content, and no arguments are an object',
      [call],
      { content: null, tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] },
    ],
    ['of a thought', [{ type: 'reasoning', text: 'a' }, text('b')], { reasoning_content: 'a', content: 'b' }],
    [
      'of an image',
      [{ type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA' } }],
      { content: null, images: [{ type: 'image_url', index: 0, image_url: { url: 'data:image/png;base64,AA' } }] },
    ],
  ];
  for (const [name, parts, expected] of cases) test(name, () => expect(messageOf(parts)).toMatchObject(expected));
});

describe('a custom call', () => {
  const custom = { ...call, kind: 'custom', arguments: 'x' } as AssistantPart;
  test('is one to a client that declared the tool', () => {
    const message = messageOf([custom], { tools: [{ kind: 'custom', name: 'f' }] });
    expect(message.tool_calls).toEqual([{ id: 'a', type: 'custom', custom: { name: 'f', input: 'x' } }]);
  });
  test('is a function with one argument to any other', () => {
    expect(messageOf([custom]).tool_calls).toEqual([
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"input":"x"}' } },
    ]);
  });
});

describe('thoughts', () => {
  const seal = { dialect: 'anthropic-messages', value: 'S' } as const;
  const thought: AssistantPart = { type: 'reasoning', text: 'a', seal };

  test('are written in OpenRouter’s form for who reads it, and nowhere twice', () => {
    const message = messageOf([thought, text('b')], { answer: { reasoningDetails: true } });
    expect(message).toMatchObject({
      reasoning: 'a',
      reasoning_details: [{ type: 'reasoning.text', text: 'a', index: 0 }],
    });
    expect(message).not.toHaveProperty('reasoning_content');
    expect(openEnvelope(message.reasoning_details[0].signature)).toEqual(seal);
  });

  test('that are secret are encrypted entries', () => {
    const secret: AssistantPart = { type: 'reasoning', text: '', seal: { ...seal, kind: 'redacted' } };
    const message = messageOf([secret, text('b')], { answer: { reasoningDetails: true } });
    expect(message.reasoning_details).toMatchObject([{ type: 'reasoning.encrypted' }]);
    expect(openEnvelope(message.reasoning_details[0].data)).toMatchObject({ value: 'S', kind: 'redacted' });
  });

  test('that only prove something say nothing', () => {
    expect(messageOf([{ type: 'reasoning', text: '', seal }, text('b')])).not.toHaveProperty('reasoning_content');
  });

  test('are hidden from who does not want them', () => {
    expect(messageOf([thought, text('b')], { hidden: true })).not.toHaveProperty('reasoning_content');
  });

  test('the seal of a call travels with it', () => {
    const sealed = { ...call, seal: { dialect: 'gemini', value: 'G', attach: 'call' } } as AssistantPart;
    const signature = messageOf([sealed]).tool_calls[0].extra_content.google.thought_signature;
    expect(openEnvelope(signature)).toEqual({ dialect: 'gemini', value: 'G', attach: 'call' });
  });
});

describe('the finish', () => {
  test('F2: by length leaves out a call that was cut off', () => {
    const torn: AssistantPart = { type: 'tool-call', callId: 'b', kind: 'function', name: 'f', arguments: '{"a":' };
    const patch: AssistantPart = { ...torn, callId: 'c', kind: 'custom' };
    const idsAfter = (reason: Finish['reason']) =>
      messageOf([call, torn, patch], { finish: { reason } }).tool_calls.map(({ id }: { id: string }) => id);
    expect(idsAfter('length')).toEqual(['a', 'c']);
    expect(idsAfter('tool-calls')).toEqual(['a', 'b', 'c']);
  });

  const words: readonly (readonly [Finish['reason'], string])[] = [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool-calls', 'tool_calls'],
    ['content-filter', 'content_filter'],
    ['pause', 'stop'],
  ];
  for (const [reason, word] of words) {
    test(`${reason} is ${word}`, () =>
      expect(encode([text('a')], { finish: { reason } }).choices[0].finish_reason).toBe(word));
  }

  test('F4: why nothing was said is a refusal', () => {
    const finish: Finish = { reason: 'content-filter', explanation: 'blocked' };
    expect(messageOf([], { finish })).toMatchObject({ content: null, refusal: 'blocked' });
    expect(messageOf([text('a')], { finish })).toMatchObject({ content: 'a', refusal: null });
  });
});
