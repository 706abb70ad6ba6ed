import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { encodeStream } from '../../../../src/translate/openai-responses/encode-stream.ts';
import { openEnvelope, type Seal } from '../../../../src/translate/seal.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';
import { contextOf, encodeAll, type Wire } from './samples.ts';

const start: CanonicalEvent = { type: 'message-start' };
const end: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop' } };
const text = (...pieces: string[]): CanonicalEvent[] => [
  { type: 'text-start' },
  ...pieces.map((piece): CanonicalEvent => ({ type: 'text-delta', text: piece })),
  { type: 'text-end' },
];
const thought = (words: string, seal?: Seal): CanonicalEvent[] => [
  { type: 'reasoning-start' },
  { type: 'reasoning-delta', text: words },
  seal === undefined ? { type: 'reasoning-end' } : { type: 'reasoning-end', seal },
];
const call = (pieces: string[], more: object = {}): CanonicalEvent[] => [
  { type: 'tool-call-start', callId: 'c', kind: 'function', name: 'f', ...more },
  ...pieces.map((piece): CanonicalEvent => ({ type: 'tool-call-delta', text: piece })),
  { type: 'tool-call-end' },
];
const finished = (reason: 'length' | 'content-filter', explanation?: string): CanonicalEvent => ({
  type: 'message-end',
  finish: { reason, ...(explanation === undefined ? {} : { explanation }) },
});
const typesOf = (events: Wire[]) => events.map((event) => String(event.type).replace('response.', ''));
const outputOf = (events: Wire[]) => events.at(-1)?.response.output as Wire[];

test('a text is told in the order the grammar demands', () => {
  const events = encodeAll([start, ...text('Hel', 'lo'), end]);
  expect(typesOf(events)).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'completed',
  ]);
  const id = events[2]?.item.id;
  expect(id).toMatch(/^msg_[A-Za-z0-9]{48}$/);
  expect(events[2]?.item).toEqual({ id, type: 'message', status: 'in_progress', role: 'assistant', content: [] });
  expect(events[3]?.part).toEqual({ type: 'output_text', annotations: [], logprobs: [], text: '' });
  expect(events[4]).toEqual({
    type: 'response.output_text.delta',
    sequence_number: 4,
    item_id: id,
    output_index: 0,
    content_index: 0,
    delta: 'Hel',
    logprobs: [],
  });
  expect(events[6]).toMatchObject({ item_id: id, text: 'Hello', logprobs: [] });
  expect(events[8]?.item).toMatchObject({ id, status: 'completed', content: [{ text: 'Hello', annotations: [] }] });
  expect(outputOf(events)).toEqual([events[8]?.item]);
});

test('S30: sequence numbers have no gap and indices are places in the output', () => {
  const events = encodeAll([start, ...thought('hm'), ...text('a'), ...call(['{}']), ...call(['{}']), end]);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
  const added = events.filter((event) => event.type === 'response.output_item.added');
  expect(added.map((event) => event.output_index)).toEqual([0, 1, 2, 3]);
  expect(outputOf(events).map((item) => [item.type, item.id])).toEqual(added.map(({ item }) => [item.type, item.id]));
  expect(new Set(outputOf(events).map((item) => item.id)).size).toBe(4);
});

test('a thought is one summary part', () => {
  const events = encodeAll([start, ...thought('hm', { dialect: 'openai-responses', value: 's' }), end]);
  expect(typesOf(events).slice(2, -1)).toEqual([
    'output_item.added',
    'reasoning_summary_part.added',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
    'output_item.done',
  ]);
  expect(outputOf(events)).toMatchObject([
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 's' },
  ]);
});

describe('calls', () => {
  test('of functions', () => {
    const events = encodeAll([start, ...call(['{"a"', ':1}'], { namespace: 'n' }), end]);
    expect(typesOf(events).slice(2, -1)).toEqual([
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ]);
    expect(events[2]?.item).toMatchObject({ arguments: '', status: 'in_progress' });
    expect(outputOf(events)).toEqual([
      {
        type: 'function_call',
        id: events[2]?.item.id,
        status: 'completed',
        call_id: 'c',
        name: 'f',
        namespace: 'n',
        arguments: '{"a":1}',
      },
    ]);
  });
  test('S36: without arguments have an empty object', () => {
    const events = encodeAll([start, ...call([]), end]);
    expect(events[3]).toMatchObject({ type: 'response.function_call_arguments.delta', delta: '{}' });
    expect(events[4]).toMatchObject({ type: 'response.function_call_arguments.done', arguments: '{}' });
  });
  test('of custom tools carry raw text', () => {
    const events = encodeAll([start, ...call(['*** é', '😀\n'], { kind: 'custom' }), end]);
    expect(typesOf(events).slice(3, -2)).toEqual([
      'custom_tool_call_input.delta',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.done',
    ]);
    expect(outputOf(events)).toMatchObject([{ type: 'custom_tool_call', call_id: 'c', input: '*** é😀\n' }]);
    expect(outputOf(events)[0]?.id).toMatch(/^ctc_/);
  });
});

describe('seals of other vendors', () => {
  const seal: Seal = { dialect: 'gemini', value: 'sig' };
  test('on a call stand in an item before it', () => {
    const output = outputOf(encodeAll([start, ...call(['{}'], { seal }), end]));
    expect(output).toMatchObject([{ type: 'reasoning', summary: [] }, { type: 'function_call' }]);
    expect(openEnvelope(output[0]?.encrypted_content)).toEqual({ ...seal, attach: 'call' });
  });
  test('on a text stand in an item after it', () => {
    const output = outputOf(
      encodeAll([start, { type: 'text-start' }, { type: 'text-delta', text: 'a' }, { type: 'text-end', seal }, end]),
    );
    expect(output).toMatchObject([{ type: 'message' }, { type: 'reasoning', summary: [] }]);
    expect(openEnvelope(output[1]?.encrypted_content)).toEqual({ ...seal, attach: 'text' });
  });
  test('alone are an item without words', () => {
    const output = outputOf(encodeAll([start, { type: 'reasoning-start' }, { type: 'reasoning-end', seal }, end]));
    expect(output).toMatchObject([{ type: 'reasoning', summary: [] }]);
    expect(openEnvelope(output[0]?.encrypted_content)).toEqual(seal);
  });
});

test('blocks without words leave nothing', () => {
  const events = encodeAll([
    start,
    { type: 'text-start' },
    { type: 'text-end' },
    { type: 'reasoning-start' },
    { type: 'reasoning-end' },
    end,
  ]);
  expect(typesOf(events)).toEqual(['created', 'in_progress', 'completed']);
});

test('pictures and server tools come in one piece; another dialect’s do not come', () => {
  const raw = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
  const events = encodeAll([
    start,
    {
      type: 'media',
      part: { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA==' } },
    },
    { type: 'opaque', part: { type: 'opaque', dialect: 'openai-responses', kind: 'web_search_call', raw } },
    { type: 'opaque', part: { type: 'opaque', dialect: 'anthropic-messages', kind: 'x', raw: { type: 'x' } } },
    { type: 'loss', loss: { field: 'f', effect: 'dropped', reason: 'r' } },
    end,
  ]);
  expect(outputOf(events)).toMatchObject([
    { type: 'image_generation_call', status: 'completed', result: 'AA==', output_format: 'png' },
    raw,
  ]);
  expect(typesOf(events).slice(2, -1)).toEqual([
    'output_item.added',
    ...['in_progress', 'generating', 'completed'].map((step) => `image_generation_call.${step}`),
    'output_item.done',
    'output_item.added',
    'output_item.done',
  ]);
});

describe('the response object', () => {
  test('S40: bears the name the client asked for in every event', () => {
    const objects = encodeAll([{ type: 'message-start', model: 'upstream-model', messageId: 'x' }, end]);
    expect(objects.map((event) => event.response.model)).toEqual(Array(3).fill('asked-model'));
    expect(new Set(objects.map((event) => event.response.id)).size).toBe(1);
    expect(objects[0]?.response.id).toMatch(/^resp_[A-Za-z0-9]{48}$/);
    expect(objects[0]?.response).toMatchObject({
      object: 'response',
      created_at: 1_700_000_000,
      output: [],
      usage: null,
    });
  });
  test('S37, U02: has every figure of its usage', () => {
    const usage = { input: 1050, cacheRead: 900, cacheWrite: 50, output: 7, reasoning: 3 };
    const full = encodeAll([start, { ...end, usage } as CanonicalEvent]).at(-1)?.response.usage;
    expect(full).toEqual({
      input_tokens: 1050,
      input_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 1057,
    });
    expect(encodeAll([start, end]).at(-1)?.response.usage.total_tokens).toBe(0);
  });
  test('repeats the request', () => {
    const repeated = { tools: [{ type: 'web_search' }], reasoning: { effort: 'low' }, instructions: 'i', store: true };
    const { response } = encodeAll([start, end], contextOf({ answer: { repeated } }))[0]!;
    expect(response).toMatchObject({ ...repeated, reasoning: { effort: 'low', summary: null }, tool_choice: 'auto' });
  });
});

describe('ends', () => {
  test('S22: too long: what was open is incomplete', () => {
    const thought = [
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'h' },
      { type: 'reasoning-end' },
    ] as const;
    const events = encodeAll([start, ...text('a'), ...thought, ...text('b'), finished('length')]);
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    });
    expect(outputOf(events).map((item) => item.status)).toEqual(['completed', undefined, 'incomplete']);
  });
  test.each([
    ['{"a":1}', 'completed'],
    ['{"a":', 'incomplete'],
  ])('too long after a call with %s: it is %s', (input, status) => {
    expect(outputOf(encodeAll([start, ...call([input]), finished('length')]))[0]?.status).toBe(status);
  });
  test('U11: filtered', () => {
    expect(encodeAll([start, finished('content-filter')]).at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'content_filter' }, output: [] },
    });
  });
  test('refused in words', () => {
    const refusal: CanonicalEvent[] = [{ type: 'text-start', refusal: true }, ...text('No.').slice(1)];
    const events = encodeAll([start, ...refusal, finished('content-filter')]);
    expect(typesOf(events).slice(3, 6)).toEqual(['content_part.added', 'refusal.delta', 'refusal.done']);
    expect(events.at(-1)?.type).toBe('response.completed');
    expect(outputOf(events)[0]?.content).toEqual([{ type: 'refusal', refusal: 'No.' }]);
  });
  test('refused or filtered for Codex, which passes over both (test case 53)', () => {
    const codex = contextOf({}, 'codex');
    const refusal: CanonicalEvent[] = [{ type: 'text-start', refusal: true }, ...text('No.').slice(1)];
    const refused = encodeAll([start, ...refusal, finished('content-filter')], codex);
    expect(outputOf(refused)[0]?.content).toMatchObject([{ type: 'output_text', text: 'No.' }]);
    expect(refused.at(-1)?.type).toBe('response.completed');
    expect(encodeAll([start, finished('content-filter', 'SAFETY')], codex).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'invalid_prompt', message: 'SAFETY' } },
    });
  });
  test('S21, S26: broken: half a call is never closed, and the client may try again', () => {
    const error = new GatewayError('upstream-malformed', 'cut');
    const events = encodeAll([start, ...text('a'), ...call(['{"a"']), { type: 'stream-error', error }]);
    expect(typesOf(events).slice(-3)).toEqual(['function_call_arguments.delta', 'error', 'failed']);
    expect(events.at(-2)?.error).toMatchObject({ type: 'server_error', message: 'cut' });
    expect(events.at(-1)?.response).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: 'cut' },
    });
    expect(outputOf(events).map((item) => item.type)).toEqual(['message']);
  });
  test('broken before anything: the opening events come first', () => {
    const error = new GatewayError('overloaded', 'busy');
    expect(typesOf(encodeAll([{ type: 'stream-error', error }]))).toEqual([
      'created',
      'in_progress',
      'error',
      'failed',
    ]);
  });
});

test('texts are escaped, and half a character survives', () => {
  const events = encodeAll([start, ...text('"\\\n\u2028', '\ud83d', '\ude00'), end]);
  expect(outputOf(events)[0]?.content[0].text).toBe('"\\\n\u2028😀');
});

test('the same exchange gives the same bytes', () => {
  const bytes = () => runAll(encodeStream(contextOf()), [start, ...text('a'), end]);
  expect(bytes()).toEqual(bytes());
});
