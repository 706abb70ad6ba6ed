import { describe, expect, test } from 'bun:test';
import { asObject, type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import { parseSse } from '../../src/translate/stream/sse.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';
import { translateText } from '../../src/translate/translate-text.ts';

/** The events that a Responses client gets of a chat stream. */
function fromChat(...frames: readonly (JsonObject | string)[]): JsonObject[] {
  const body = frames
    .map((frame) =>
      typeof frame === 'string' ? frame : `data: ${JSON.stringify({ id: 'c', model: 'm', ...frame })}\n\n`,
    )
    .join('');
  const job = { kind: 'stream', from: 'openai-chat', to: 'openai-responses', model: 'alias' } as const;
  return eventsOf(translateText({ ...job, body }, 0).output);
}

function eventsOf(text: string): JsonObject[] {
  return runAll(parseSse, [new TextEncoder().encode(text)]).map(({ data }) => parseJsonObject(data));
}

const delta = (fields: JsonObject, finish: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});
const DONE = 'data: [DONE]\n\n';
const call = (args: string) => ({
  tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: args } }],
});
const last = (events: readonly JsonObject[]) => ({ ...asObject(events.at(-1)?.response), event: events.at(-1)?.type });
const isDone = ({ type }: JsonObject) => type === 'response.output_item.done';

describe('how a stream ends for a Responses client', () => {
  test('S20: with [DONE] alone it is complete', () => {
    const events = fromChat(delta({ role: 'assistant', content: 'Hi' }), DONE);
    expect(last(events)).toMatchObject({ event: 'response.completed', output: [{ content: [{ text: 'Hi' }] }] });
    expect(events.filter(isDone)).toHaveLength(1);
  });

  test('S21: half a call is not handed over, and the response has failed', () => {
    const events = fromChat(delta(call('{"a":')), DONE);
    expect(last(events)).toMatchObject({ event: 'response.failed', output: [] });
    expect(events.filter(isDone)).toEqual([]);
  });

  test.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('S22: %s makes it incomplete', (finish, reason) => {
    const events = fromChat(delta({ content: 'Half' }), delta({}, finish), DONE);
    expect(last(events)).toMatchObject({
      event: 'response.incomplete',
      status: 'incomplete',
      incomplete_details: { reason },
      output: [{ status: 'incomplete' }],
    });
  });

  test('S24: nothing that follows [DONE] is told', () => {
    const events = fromChat(delta({ content: 'Hi' }, 'stop'), DONE, delta({ content: 'more' }), 'data: garbage\n\n');
    expect(JSON.stringify(events)).not.toMatch(/more|garbage/);
  });

  test('S30, S40: places are without gaps, and the model is the one that was asked for', () => {
    const events = fromChat(
      delta({ reasoning_content: 'Hm.' }),
      delta({ content: 'Hi' }),
      delta({
        tool_calls: [0, 1].map((at) => ({ index: at, id: `c${at}`, function: { name: 'f', arguments: '{}' } })),
      }),
      delta({}, 'tool_calls'),
      DONE,
    );
    const added = events.filter(({ type }) => type === 'response.output_item.added');
    expect(added.map(({ output_index }) => output_index)).toEqual([0, 1, 2, 3]);
    const output = last(events) as JsonObject;
    const ids = (output.output as JsonObject[]).map(({ id }) => id);
    expect(added.map(({ item }) => asObject(item)?.id)).toEqual(ids);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    const models = events.flatMap(({ response }) => asObject(response)?.model ?? []);
    expect(new Set(models)).toEqual(new Set(['alias']));
  });

  test('S37: every list and figure that client libraries read is there', () => {
    const events = fromChat(delta({ content: 'Hi' }, 'stop'), DONE);
    expect(last(events)).toMatchObject({
      output: [{ content: [{ annotations: [], logprobs: [] }] }],
      usage: {
        input_tokens_details: { cached_tokens: 0 },
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 0,
      },
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      parallel_tool_calls: true,
      temperature: null,
      tool_choice: 'auto',
      tools: [],
      top_p: null,
    });
  });

  test('and what broke off keeps what was finished', () => {
    const events = fromChat(delta({ reasoning_content: 'Hm.' }), delta({ content: 'Hi' }), delta(call('{"a":')));
    const output = last(events) as JsonObject;
    expect(output).toMatchObject({ event: 'response.failed', output: [{ type: 'reasoning' }, { type: 'message' }] });
    expect(events.at(-2)?.type).toBe('error');
  });
});

describe('a Responses upstream', () => {
  const item = { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] };
  const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'gpt', output: [item] };
  const event = (type: string, fields: JsonObject) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

  test.each([
    ['S23: may close after its last event without [DONE]', [event('response.completed', { response })]],
    [
      'S31: may leave the output out of its last event',
      [
        event('response.output_item.done', { output_index: 0, item }),
        event('response.completed', { response: { ...response, output: [] } }),
      ],
    ],
  ])('%s', (_name, frames) => {
    const body =
      event('response.created', { response: { ...response, status: 'in_progress', output: [] } }) + frames.join('');
    const job = { kind: 'stream', from: 'openai-responses', to: 'openai-chat' } as const;
    const { output } = translateText({ ...job, body }, 0);
    expect(output).toContain('"content":"Hi"');
    expect(output).toContain('"finish_reason":"stop"');
    expect(output.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });
});

describe('a request of a Responses client', () => {
  const encode = (input: JsonObject[]) => {
    const job = { kind: 'request', from: 'openai-responses', to: 'anthropic-messages' } as const;
    return translateText({ ...job, body: JSON.stringify({ model: 'claude-sonnet-4-5', input }) }, 0).output;
  };

  test('R33: ids longer than a target takes are shortened, always alike and never to the same', () => {
    const long = (end: string) => `call_${'x'.repeat(80)}${end}`;
    const turn = (id: string) => [
      { type: 'function_call', id: `fc_${'y'.repeat(90)}`, call_id: id, name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: id, output: 'ok' },
    ];
    const text = encode([{ role: 'user', content: 'go' }, ...turn(long('a')), ...turn(long('b'))]);
    expect(text).toBe(encode([{ role: 'user', content: 'go' }, ...turn(long('a')), ...turn(long('b'))]));
    const ids = [...text.matchAll(/"(?:id|tool_use_id)":"([^"]+)"/g)].map((match) => match[1]!);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(64);
    expect(text).not.toContain('yyyy');
  });
});
