import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { keepEventLaw } from '../../../../src/translate/canonical/event-law.ts';
import { emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { decodeStream } from '../../../../src/translate/gemini/decode-stream.ts';
import { chain, runAll } from '../../../../src/translate/stream/transducer.ts';

const context = { request: emptyRequest('m', true), exchangeId: 'x', createdAt: 0 };
const frames = (...chunks: Json[]) => chunks.map((chunk) => ({ data: JSON.stringify(chunk) }));
const decode = (...chunks: Json[]) => runAll(decodeStream(context), frames(...chunks));
const lawful = (...chunks: Json[]) => runAll(chain(decodeStream(context), keepEventLaw), frames(...chunks));
const parts = (...list: JsonObject[]): JsonObject => ({
  candidates: [{ content: { role: 'model', parts: list }, index: 0 }],
});
const end = (finishReason = 'STOP', rest: JsonObject = {}): JsonObject => ({
  candidates: [{ finishReason, index: 0, ...rest }],
});

const START: CanonicalEvent = { type: 'message-start' };
const stop: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop', wireReason: 'STOP' } };
const textOf = (events: readonly CanonicalEvent[]) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const typesOf = (events: readonly CanonicalEvent[]) => events.map((event) => event.type);
const callsOf = (events: readonly CanonicalEvent[]) => events.filter((event) => event.type === 'tool-call-start');

test('texts of many chunks are one block, held open', () => {
  expect(decode({ ...parts({ text: 'a' }), responseId: 'r', modelVersion: 'v' }, parts({ text: 'b' }), end())).toEqual([
    { type: 'message-start', messageId: 'r', model: 'v' },
    { type: 'text-start' },
    { type: 'text-delta', text: 'a' },
    { type: 'text-delta', text: 'b' },
    { type: 'text-end' },
    stop,
  ]);
});

test('S41: white space is text', () => {
  expect(textOf(decode(parts({ text: ' ' }), parts({ text: '\n' }), end()))).toBe(' \n');
});

test('S29: an empty text is nothing', () => {
  expect(decode({ candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }] })).toEqual([START, stop]);
});

test('thoughts are a block of their own', () => {
  const sealed = { text: 'm', thought: true, thoughtSignature: 'sig' };
  expect(decode(parts({ text: 'h', thought: true }, sealed, { text: 'ok' }), end())).toEqual([
    START,
    { type: 'reasoning-start' },
    { type: 'reasoning-delta', text: 'h' },
    { type: 'reasoning-delta', text: 'm' },
    { type: 'reasoning-end', seal: { dialect: 'gemini', value: 'sig' } },
    { type: 'text-start' },
    { type: 'text-delta', text: 'ok' },
    { type: 'text-end' },
    stop,
  ]);
});

describe('signatures', () => {
  const seal = { dialect: 'gemini' as const, value: 'sig', attach: 'text' as const };

  test('S34: on a visible text stay with the text', () => {
    const events = decode(parts({ text: 'ok', thought: false, thoughtSignature: 'sig' }), end());
    expect(textOf(events)).toBe('ok');
    expect(events[3]).toEqual({ type: 'text-end', seal });
  });

  test('SG4: on the last, empty text belong to the open text, or to one of their own', () => {
    const last = {
      candidates: [{ content: { parts: [{ text: '', thoughtSignature: 'sig' }] }, finishReason: 'STOP', index: 0 }],
    };
    expect(decode(parts({ text: 'ok' }), last)[3]).toEqual({ type: 'text-end', seal });
    expect(lawful(last)).toEqual([START, { type: 'text-start' }, { type: 'text-end', seal }, stop]);
  });

  test('on a call are told with it, the bypass value is none', () => {
    const [first, second] = callsOf(
      decode(
        parts(
          { functionCall: { name: 'f', args: {} }, thoughtSignature: 'sig' },
          { functionCall: { name: 'f', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
        ),
        end(),
      ),
    );
    expect(first).toMatchObject({ seal: { dialect: 'gemini', value: 'sig', attach: 'call' } });
    expect(second).not.toHaveProperty('seal');
  });
});

describe('calls', () => {
  test('S09, S11: each part is a call with all its arguments and an id of its own', () => {
    const one = parts({ functionCall: { name: 'read', args: { p: 'A' } } });
    const two = parts({ functionCall: { name: 'read', args: { p: 'B' } } });
    const events = lawful(one, two, end());
    const [first, second] = callsOf(events);
    expect(first?.callId).toMatch(/^call_[0-9A-Za-z]{24}$/);
    expect(second?.callId).not.toBe(first?.callId as string);
    expect(events.filter((event) => event.type === 'tool-call-delta').map((event) => event.text)).toEqual([
      '{"p":"A"}',
      '{"p":"B"}',
    ]);
    expect(events.at(-1)).toEqual({ type: 'message-end', finish: { reason: 'tool-calls', wireReason: 'STOP' } });
  });

  test('the same answer always has the same ids', () => {
    const chunk = parts({ functionCall: { name: 'f' } });
    expect(decode(chunk, end())).toEqual(decode(chunk, end()));
  });

  const ids: readonly (readonly [id: Json, kept: boolean])[] = [
    ['abc-1_Z', true],
    ['', false],
    ['functions.read:0', false],
    ['x'.repeat(41), false],
    [7, false],
  ];

  test.each(ids)('the id %p is kept: %p', (id, kept) => {
    const [call] = callsOf(decode(parts({ functionCall: { id, name: 'f', args: {} } }), end()));
    expect(call?.callId === id).toBe(kept);
  });

  test('an id that the conversation has already is replaced', () => {
    const call = { functionCall: { id: 'a', name: 'f' } };
    const used = {
      role: 'assistant' as const,
      parts: [{ type: 'tool-call' as const, callId: 'b', kind: 'function' as const, name: 'f', arguments: '{}' }],
    };
    const request = { ...emptyRequest('m', true), messages: [used] };
    const second = { functionCall: { id: 'b', name: 'f' } };
    const events = runAll(decodeStream({ ...context, request }), frames(parts(call, call, second), end()));
    const [first, ...others] = callsOf(events).map((event) => event.callId);
    expect(first).toBe('a');
    for (const other of others) expect(other).toMatch(/^call_/);
  });

  test('S10: a call is remembered over an empty last chunk', () => {
    const last = { candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }] };
    expect(lawful(parts({ functionCall: { name: 'f' } }), last).at(-1)).toMatchObject({
      finish: { reason: 'tool-calls' },
    });
  });

  test('S04: text before a call is closed first', () => {
    expect(typesOf(decode(parts({ text: 'a' }, { functionCall: { name: 'f' } }, { text: 'b' }), end()))).toEqual([
      'message-start',
      'text-start',
      'text-delta',
      'text-end',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'text-start',
      'text-delta',
      'text-end',
      'message-end',
    ]);
  });

  test.each([
    [undefined, '{}'],
    [null, '{}'],
    [{ a: [1] }, '{"a":[1]}'],
    ['{"a":1}', '{"a":1}'],
  ])('arguments %p', (args, text) => {
    const events = decode(parts({ functionCall: { name: 'f', args: args as Json } }), end());
    expect(events[2]).toEqual({ type: 'tool-call-delta', text });
  });
});

describe('ST6: arguments in pieces', () => {
  const open = (name: string) => parts({ functionCall: { name, willContinue: true }, thoughtSignature: 'sig' });
  const piece = (stringValue: string, rest: JsonObject = { willContinue: true }) =>
    parts({ functionCall: { partialArgs: [{ jsonPath: '$.city', stringValue, willContinue: true }], ...rest } });
  const told = (events: readonly CanonicalEvent[]) =>
    events.flatMap((event) =>
      event.type === 'tool-call-start' ? [event.name] : event.type === 'tool-call-delta' ? [event.text] : [],
    );

  const rows: readonly (readonly [name: string, chunks: readonly JsonObject[], told: readonly string[]])[] = [
    [
      'an empty call ends them',
      [open('f'), piece('Bos'), piece('ton'), parts({ functionCall: {} }), end()],
      ['f', '{"city":"Bos', 'ton', '"}'],
    ],
    ['the last piece ends them', [open('f'), piece('Boston', {}), end()], ['f', '{"city":"Boston', '"}']],
    [
      'the next call ends them',
      [open('f'), piece('a'), open('g'), piece('b'), end()],
      ['f', '{"city":"a', '"}', 'g', '{"city":"b', '"}'],
    ],
    ['text ends them', [open('f'), piece('a'), parts({ text: 'x' }), end()], ['f', '{"city":"a', '"}']],
    ['a name alone is a call without arguments', [parts({ functionCall: { name: 'f' } }), end()], ['f', '{}']],
    [
      'an end by the limit leaves them half, so that nobody runs them',
      [parts({ functionCall: { name: 'f' } }), open('g'), piece('a'), end('MAX_TOKENS')],
      ['f', '{}', 'g', '{"city":"a'],
    ],
    ['an empty call alone is nothing', [parts({ functionCall: {} }), end()], []],
  ];

  test.each(rows)('%s', (_name, chunks, expected) => {
    expect(told(decode(...chunks))).toEqual([...expected]);
  });

  test('the signature of the first piece is told', () => {
    expect(callsOf(decode(open('f'), piece('a', {}), end()))[0]).toMatchObject({
      seal: { value: 'sig', attach: 'call' },
    });
  });
});

describe('other parts', () => {
  test('media and what only this dialect has', () => {
    const code = { executableCode: { code: '1', language: 'PYTHON' } };
    expect(decode(parts({ inlineData: { mimeType: 'image/png', data: 'AA' } }, code), end())).toEqual([
      START,
      {
        type: 'media',
        part: { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA' } },
      },
      {
        type: 'opaque',
        part: {
          type: 'opaque',
          dialect: 'gemini',
          kind: 'executableCode',
          raw: code,
          use: { kind: 'code', input: '1' },
        },
      },
      stop,
    ]);
  });

  const grounding = {
    groundingChunks: [{ web: { uri: 'https://a.test', title: 'A' } }],
    groundingSupports: [{ segment: { startIndex: 3, endIndex: 5, text: 'öö'.slice(1) }, groundingChunkIndices: [0] }],
  };
  const grounded = (...told: { text: string }[]) => ({
    candidates: [{ content: { parts: told }, groundingMetadata: grounding }],
  });

  test('sources are told in their text, their bytes as characters', () => {
    // one letter of one byte, two of two: the third letter begins at byte 3
    const events = decode(parts({ text: 'aö' }), grounded({ text: 'ö.' }), end());
    const citation = { start: 2, end: 3, url: 'https://a.test', title: 'A' };
    expect(events.slice(-3)).toEqual([{ type: 'citation', citation }, { type: 'text-end' }, stop]);
  });

  test('the words of a segment settle where it is', () => {
    const events = decode(grounded({ text: 'before it all, ö' }), end());
    expect(events.find((event) => event.type === 'citation')).toMatchObject({ citation: { start: 15, end: 16 } });
  });

  test('sources that come when their text has ended are one loss', () => {
    const call = { functionCall: { name: 'f', args: {} } };
    const events = decode(parts({ text: 'aöö' }, call), grounded(), end());
    expect(events.flatMap((event) => (event.type === 'loss' ? [event.loss.field] : []))).toEqual(['citations']);
  });

  test('only the first candidate is told', () => {
    const two = {
      candidates: [
        { index: 1, content: { parts: [{ text: 'b' }] } },
        { index: 0, content: { parts: [{ text: 'a' }] } },
      ],
    };
    expect(textOf(decode(two, end()))).toBe('a');
  });
});
