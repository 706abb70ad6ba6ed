import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import { encodeResponse } from '../../../../src/translate/anthropic-messages/encode-response.ts';
import { encodeStream } from '../../../../src/translate/anthropic-messages/encode-stream.ts';
import { collect } from '../../../../src/translate/canonical/collect.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import type { AnswerContext } from '../../../../src/translate/dialect.ts';
import { openEnvelope, type Seal } from '../../../../src/translate/seal.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';
import { contextOf } from './answer-context.ts';

const START: CanonicalEvent = { type: 'message-start', usage: { input: 100, cacheRead: 60 } };
const end = (reason: 'stop' | 'tool-calls' | 'length' | 'content-filter' = 'stop'): CanonicalEvent => ({
  type: 'message-end',
  finish: { reason },
  usage: { input: 1000, cacheRead: 900, output: 5, reasoning: 2 },
});
const text = (value: string, seal?: Seal): CanonicalEvent[] => [
  { type: 'text-start' },
  ...(value === '' ? [] : [{ type: 'text-delta', text: value } as const]),
  { type: 'text-end', ...(seal === undefined ? {} : { seal }) },
];
const thought = (value: string, seal?: Seal): CanonicalEvent[] => [
  { type: 'reasoning-start' },
  ...(value === '' ? [] : [{ type: 'reasoning-delta', text: value } as const]),
  { type: 'reasoning-end', ...(seal === undefined ? {} : { seal }) },
];
const call = (args: readonly string[], seal?: Seal): CanonicalEvent[] => [
  { type: 'tool-call-start', callId: 't', kind: 'function', name: 'f', ...(seal === undefined ? {} : { seal }) },
  ...args.map((value) => ({ type: 'tool-call-delta', text: value }) as const),
  { type: 'tool-call-end' },
];
const OWN: Seal = { dialect: 'anthropic-messages', value: 'sig' };
const FOREIGN: Seal = { dialect: 'gemini', value: 'gsig' };

interface Told {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: { readonly type: string; readonly signature?: string };
  readonly delta?: { readonly type?: string; readonly signature?: string };
}
function run(events: readonly CanonicalEvent[], context: AnswerContext = contextOf()): Told[] {
  return runAll(encodeStream(context), events).map((frame) => {
    const data = JSON.parse(frame.data) as Told;
    expect(frame.event).toBe(data.type);
    return data;
  });
}
const blocksOf = (events: readonly CanonicalEvent[], context?: AnswerContext) =>
  run(events, context).flatMap((told) => told.content_block ?? []);
const signaturesOf = (events: readonly CanonicalEvent[], context?: AnswerContext) =>
  run(events, context).flatMap((told) => told.delta?.signature ?? []);

describe('the grammar', () => {
  test('of an answer with a thought, text and a call', () => {
    const events = [START, ...thought('hm', OWN), ...text('a "b"'), ...call(['{"x"', ':1}']), end('tool-calls')];
    expect(run(events)).toEqual([
      {
        type: 'message_start',
        message: {
          id: expect.stringMatching(/^msg_01[A-Za-z0-9]{22}$/),
          type: 'message',
          role: 'assistant',
          model: 'asked-model',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: 40,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 60,
            output_tokens: 0,
          },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'a "b"' } },
      { type: 'content_block_stop', index: 1 },
      { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"x"' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: ':1}' } },
      { type: 'content_block_stop', index: 2 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'tool_use', stop_sequence: null },
        usage: {
          input_tokens: 100,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 900,
          output_tokens: 5,
          output_tokens_details: { thinking_tokens: 2 },
        },
      },
      { type: 'message_stop' },
    ] as never);
  });

  test('is the same each time', () => {
    expect(run([START, end()])).toEqual(run([START, end()]));
  });

  test('F8: of an answer without anything', () => {
    expect(run([START, end()]).map((told) => told.type)).toEqual(['message_start', 'message_delta', 'message_stop']);
  });

  test('S29: of an answer of empty text', () => {
    expect(blocksOf([START, ...text(''), end()])).toEqual([{ type: 'text', text: '' }] as never);
    expect(blocksOf([START, ...text('a'), ...text(''), end()])).toHaveLength(1);
  });

  test('of a call without arguments', () => {
    const told = run([START, ...call([]), end('tool-calls')]);
    expect(told.map(({ type }) => type).slice(1, 3)).toEqual(['content_block_start', 'content_block_stop']);
  });

  test('ends in tool_use only with a call', () => {
    expect(run([START, ...text('a'), end('tool-calls')]).at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' } });
  });

  test('of a refusal', () => {
    const refusal: CanonicalEvent = {
      type: 'message-end',
      finish: { reason: 'content-filter', explanation: 'no' },
    };
    const events: CanonicalEvent[] = [
      START,
      { type: 'text-start', refusal: true },
      { type: 'text-delta', text: 'I cannot.' },
      { type: 'text-end' },
    ];
    const told = run([...events, refusal]);
    expect(told.find(({ content_block }) => content_block)).toMatchObject({ content_block: { type: 'text' } });
    expect(told.at(-2)).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'no' } },
    });
  });

  test('of media, which become words', () => {
    const source = { type: 'base64', mimeType: 'image/png', data: 'AAAA' } as const;
    const told = run([START, { type: 'media', part: { type: 'media', kind: 'image', source } }, end()]);
    expect(told[2]).toMatchObject({ delta: { type: 'text_delta', text: expect.stringContaining('image/png') } });
  });

  test('of blocks of the own server tools, and not of others', () => {
    const raw = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } };
    const part = { type: 'opaque', dialect: 'anthropic-messages', kind: 'server_tool_use', raw } as const;
    const told = run([
      START,
      { type: 'opaque', part },
      { type: 'opaque', part: { ...part, dialect: 'gemini' } },
      end(),
    ]);
    expect(told.slice(1, 4)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { ...raw, input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"query":"x"}' } },
      { type: 'content_block_stop', index: 0 },
    ] as never);
    expect(told).toHaveLength(6);
  });
});

describe('seals', () => {
  test('of the own vendor stay as they are, others go in an envelope', () => {
    expect(signaturesOf([START, ...thought('hm', OWN), end()])).toEqual(['sig']);
    const [signature] = signaturesOf([START, ...thought('hm', FOREIGN), end()]);
    expect(openEnvelope(signature!)).toEqual(FOREIGN);
  });

  test('that are missing are made up as marks of another vendor', () => {
    const [signature] = signaturesOf([START, ...thought('hm'), end()]);
    expect(openEnvelope(signature!)).toEqual({ dialect: 'openai-chat', value: '' });
  });

  test('without text are blocks without text', () => {
    expect(blocksOf([START, ...thought('', OWN), end()])).toMatchObject([{ type: 'thinking' }]);
    expect(blocksOf([START, ...thought(''), end()])).toEqual([]);
  });

  test('of redacted thoughts are redacted blocks at home and envelopes elsewhere', () => {
    expect(blocksOf([START, ...thought('', { ...OWN, kind: 'redacted' }), end()])).toEqual([
      { type: 'redacted_thinking', data: 'sig' },
    ] as never);
    const foreign: Seal = { dialect: 'openai-responses', value: 'enc', kind: 'redacted' };
    expect(blocksOf([START, ...thought('', foreign), end()])).toMatchObject([{ type: 'thinking' }]);
    expect(openEnvelope(signaturesOf([START, ...thought('', foreign), end()])[0]!)).toEqual(foreign);
  });

  test('SG4: of calls stand directly before them', () => {
    const events = [START, ...text('a'), ...call(['{}'], FOREIGN), end('tool-calls')];
    expect(blocksOf(events).map((block) => block.type)).toEqual(['text', 'thinking', 'tool_use']);
    expect(openEnvelope(signaturesOf(events)[0]!)).toEqual({ ...FOREIGN, attach: 'call' });
  });

  test('S34: of text follow it, but never end an answer', () => {
    const events = [START, ...text('a', FOREIGN), ...call(['{}']), end('tool-calls')];
    expect(blocksOf(events).map((block) => block.type)).toEqual(['text', 'thinking', 'tool_use']);
    expect(openEnvelope(signaturesOf(events)[0]!)).toEqual({ ...FOREIGN, attach: 'text' });
    expect(blocksOf([START, ...text('a', FOREIGN), end()]).map((block) => block.type)).toEqual(['text']);
  });
});

describe('thoughts', () => {
  const events = [START, ...thought('secret', OWN), ...call(['{}'], FOREIGN), end('tool-calls')];
  const hidden = { answer: { showReasoning: false } };
  test.each<[string, AnswerContext, string[]]>([
    ['are shown when nothing is known', contextOf(), ['thinking', 'thinking', 'tool_use']],
    ['are shown when asked for', contextOf({ answer: { showReasoning: true } }), ['thinking', 'thinking', 'tool_use']],
    ['are not shown when not asked for', contextOf(hidden), ['tool_use']],
    ['go to Claude Code as seals', contextOf(hidden, 'claude-code'), ['thinking', 'thinking', 'tool_use']],
    [
      'go as seals to who asked for no text',
      contextOf({ ...hidden, reasoning: { mode: 'auto', display: 'omitted' } }),
      ['thinking', 'thinking', 'tool_use'],
    ],
  ])('%s', (_name, context, types) => {
    expect(blocksOf(events, context).map((block) => block.type)).toEqual(types);
    const isShown = JSON.stringify(run(events, context)).includes('secret');
    expect(isShown).toBe(context.request.answer.showReasoning !== false);
  });
});

describe('errors', () => {
  const error: CanonicalEvent = {
    type: 'stream-error',
    error: new GatewayError('upstream-malformed', 'The upstream broke off.'),
  };

  test('S25, S26: end the stream in an event that clients retry', () => {
    expect(run([START, ...text('a'), error]).at(-1)).toEqual({
      type: 'error',
      error: { type: 'api_error', message: 'The upstream broke off.' },
    } as never);
  });

  test('S21: leave a call open whose arguments are not whole', () => {
    const types = (args: string[]) => run([START, ...call(args), error]).map((told) => told.type);
    expect(types(['{"city": "Pa'])).not.toContain('content_block_stop');
    expect(types([])).not.toContain('content_block_stop');
    expect(types(['{"city": "Paris"}'])).toContain('content_block_stop');
  });
});

describe('a whole answer', () => {
  const cases: readonly (readonly CanonicalEvent[])[] = [
    [START, ...thought('hm', OWN), ...text('a'), ...call(['{"x":1}'], FOREIGN), end('tool-calls')],
    [START, ...thought('', { ...OWN, kind: 'redacted' }), ...text('a', FOREIGN), ...text('b'), end()],
    [START, ...text('a', FOREIGN), end()],
    [START, ...thought('hm'), ...call([]), end('tool-calls')],
    [START, end('content-filter')],
  ];
  test.each([contextOf(), contextOf({ answer: { showReasoning: false } })])(
    'U03: says what its stream says',
    (context) => {
      for (const events of cases) {
        const told = run(events, context);
        const whole = encodeResponse(collect(events), context);
        const start = told[0] as unknown as { message: object };
        const delta = told.at(-2) as unknown as { delta: object; usage: object };
        expect(whole as object).toEqual({
          ...start.message,
          content: gather(told),
          ...delta.delta,
          usage: delta.usage,
        });
      }
    },
  );

  test('F2: leaves out a call in which it was cut', () => {
    const cut = collect([START, ...text('a'), ...call(['{"x":']), end('length')]);
    expect(encodeResponse(cut, contextOf()).content).toEqual([{ type: 'text', text: 'a' }]);
    const odd = collect([START, ...call(['[1]']), end('tool-calls')]);
    expect(encodeResponse(odd, contextOf()).content).toMatchObject([{ input: { _raw: '[1]' } }]);
  });

  test('S29: has no block for empty text', () => {
    expect(encodeResponse(collect([START, ...text(''), end()]), contextOf()).content).toEqual([]);
  });
});

/** The blocks of a stream, put together as the official client does. */
function gather(told: readonly Told[]): object[] {
  const blocks: Record<string, unknown>[] = [];
  const inputs: string[] = [];
  for (const { index = 0, content_block, delta } of told as readonly (Told & { delta?: Record<string, string> })[]) {
    if (content_block !== undefined) blocks[index] = { ...content_block };
    if (delta?.type === 'text_delta') blocks[index]!.text += delta.text!;
    if (delta?.type === 'thinking_delta') blocks[index]!.thinking += delta.thinking!;
    if (delta?.type === 'signature_delta') blocks[index]!.signature = delta.signature;
    if (delta?.type === 'input_json_delta') inputs[index] = (inputs[index] ?? '') + delta.partial_json;
  }
  for (const [index, input] of inputs.entries()) if (input !== undefined) blocks[index]!.input = JSON.parse(input);
  return blocks;
}
