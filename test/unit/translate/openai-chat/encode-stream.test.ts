import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { type CanonicalRequest, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { encodeStream } from '../../../../src/translate/openai-chat/encode-stream.ts';
import { openEnvelope } from '../../../../src/translate/seal.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

const encode = (events: readonly CanonicalEvent[], request: Partial<CanonicalRequest> = {}): string[] => {
  const context = {
    request: { ...emptyRequest('asked "x"', true), ...request },
    exchangeId: 'x',
    createdAt: 1_784_246_400_999,
  };
  return runAll(encodeStream(context), events).map(({ data, event }) => {
    expect(event).toBeUndefined();
    return data;
  });
};
const deltasOf = (frames: readonly string[]) =>
  frames.flatMap((frame) =>
    frame === '[DONE]' ? [] : (JSON.parse(frame).choices?.map((choice: { delta: unknown }) => choice.delta) ?? []),
  );

const start: CanonicalEvent = { type: 'message-start', messageId: 'msg_1', model: 'served' };
const end: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop' }, usage: { input: 3, output: 2 } };
const said = (text: string): CanonicalEvent[] => [
  { type: 'text-start' },
  { type: 'text-delta', text },
  { type: 'text-end' },
];
const called = (
  callId: string,
  pieces: readonly string[],
  kind: 'function' | 'custom' = 'function',
): CanonicalEvent[] => [
  { type: 'tool-call-start', callId, kind, name: 'f' },
  ...pieces.map((text): CanonicalEvent => ({ type: 'tool-call-delta', text })),
  { type: 'tool-call-end' },
];
const seal = { dialect: 'anthropic-messages', value: 'S' } as const;
const thought: CanonicalEvent[] = [
  { type: 'reasoning-start' },
  { type: 'reasoning-delta', text: 'a' },
  { type: 'reasoning-end', seal },
];

describe('a stream', () => {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: expect.stringMatching(/^chatcmpl-\w{29}$/),
    object: 'chat.completion.chunk',
    created: 1_784_246_400,
    model: 'asked "x"',
    choices: [{ index: 0, delta, finish_reason, logprobs: null }],
  });

  test('is the role, the text, the finish and [DONE]', () => {
    const frames = encode([start, ...said('a "b"\n'), end]);
    expect(frames.at(-1)).toBe('[DONE]');
    expect(frames.slice(0, -1).map((frame) => JSON.parse(frame))).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'a "b"\n' }),
      chunk({}, 'stop'),
    ]);
    expect(new Set(frames.slice(0, -1).map((frame) => JSON.parse(frame).id)).size).toBe(1);
  });

  test('has counts only for who asked, and then in a last chunk without choices', () => {
    const frames = encode([start, ...said('a'), end], { answer: { includeUsage: true } }).slice(0, -1);
    const usages = frames.map((frame) => JSON.parse(frame).usage);
    expect(usages.slice(0, -1)).toEqual([null, null, null]);
    expect(usages.at(-1)).toMatchObject({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
    expect(JSON.parse(frames.at(-1)!)).toMatchObject({ choices: [], model: 'asked "x"' });
  });
});

test('S09: calls are counted through the whole answer', () => {
  const frames = encode([start, ...called('a', ['{"x":', '1}']), ...said('b'), ...called('c', []), end]);
  expect(deltasOf(frames).slice(1, -1)).toEqual([
    { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"x":' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
    { content: 'b' },
    { tool_calls: [{ index: 1, id: 'c', type: 'function', function: { name: 'f', arguments: '' } }] },
    { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
  ]);
});

test('S08: a custom call has an input, which may be empty', () => {
  const events = [start, ...called('a', ['x'], 'custom'), ...called('b', [], 'custom'), end];
  const deltas = deltasOf(encode(events, { tools: [{ kind: 'custom', name: 'f' }] }));
  expect(deltas.slice(1, -1)).toEqual([
    { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '' } }] },
    { tool_calls: [{ index: 0, custom: { input: 'x' } }] },
    { tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'f', input: '' } }] },
  ]);
});

test('a custom call that the client did not declare is a function with one argument', () => {
  const deltas = deltasOf(encode([start, ...called('a', ['x"', 'y'], 'custom'), end])).slice(1, -1);
  expect(deltas[0].tool_calls[0]).toMatchObject({ type: 'function', function: { name: 'f', arguments: '' } });
  const pieces = deltas.map((delta) => delta.tool_calls[0].function.arguments);
  expect(JSON.parse(pieces.join(''))).toEqual({ input: 'x"y' });
});

test('ST9: the input of a custom call the client did not declare is the argument of a function', () => {
  const [, head, ...pieces] = deltasOf(encode([start, ...called('a', ['x "', '\n'], 'custom'), end])).slice(0, -1);
  expect(head.tool_calls[0]).toMatchObject({ id: 'a', type: 'function', function: { name: 'f' } });
  const args = pieces.map(
    (delta: { tool_calls: { function: { arguments: string } }[] }) => delta.tool_calls[0]?.function.arguments,
  );
  expect(JSON.parse(args.join(''))).toEqual({ input: 'x "\n' });
});

test('the seal of a call is in its first chunk', () => {
  const call: CanonicalEvent = { type: 'tool-call-start', callId: 'a', kind: 'function', name: 'f', seal };
  const [, delta] = deltasOf(encode([start, call, { type: 'tool-call-end' }, end]));
  expect(openEnvelope(delta.tool_calls[0].extra_content.google.thought_signature)).toEqual(seal);
});

describe('thoughts', () => {
  const deltas = (request: Partial<CanonicalRequest> = {}) =>
    deltasOf(encode([start, ...thought, end], request)).slice(1, -1);
  test('are reasoning_content', () => expect(deltas()).toEqual([{ reasoning_content: 'a' }]));
  test('are told in OpenRouter’s form to who reads it, with their seal', () => {
    const [told, proof] = deltas({ answer: { reasoningDetails: true } });
    expect(told).toMatchObject({
      reasoning: 'a',
      reasoning_details: [{ type: 'reasoning.text', text: 'a', index: 0 }],
    });
    expect(proof).toMatchObject({ reasoning_details: [{ type: 'reasoning.text', index: 0 }] });
    expect(openEnvelope(proof.reasoning_details[0].signature)).toEqual(seal);
  });
  test('are hidden from who does not want them', () =>
    expect(deltas({ reasoning: { display: 'omitted' } })).toEqual([]));
});

test('a refusal has its own field', () => {
  const refused: CanonicalEvent[] = [
    { type: 'text-start', refusal: true },
    { type: 'text-delta', text: 'no' },
    { type: 'text-end' },
  ];
  expect(deltasOf(encode([start, ...refused, end]))[1]).toEqual({ refusal: 'no' });
});

test('F4: why nothing was said is a refusal', () => {
  const blocked: CanonicalEvent = { type: 'message-end', finish: { reason: 'content-filter', explanation: 'blocked' } };
  expect(deltasOf(encode([start, blocked]))).toEqual([{ role: 'assistant', content: '' }, { refusal: 'blocked' }, {}]);
  expect(deltasOf(encode([start, ...said('a'), blocked]))).toHaveLength(3);
});

test('an image', () => {
  const part = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://x/y.png' } } as const;
  expect(deltasOf(encode([start, { type: 'media', part }, end]))[1]).toEqual({
    images: [{ type: 'image_url', index: 0, image_url: { url: 'https://x/y.png' } }],
  });
});

test('S25, S26: a broken stream ends in an error that may be retried, and without [DONE]', () => {
  const error = new GatewayError('upstream-malformed', 'The stream broke.');
  const frames = encode([start, ...said('a'), { type: 'stream-error', error }]);
  expect(JSON.parse(frames.at(-1)!)).toEqual({
    error: { message: 'The stream broke.', type: 'server_error', param: null, code: 'upstream_malformed' },
  });
  expect(frames).not.toContain('[DONE]');
});
