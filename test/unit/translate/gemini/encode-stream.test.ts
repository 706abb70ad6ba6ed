import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import { isObject, type JsonObject, tryParseJson } from '../../../../src/base/json.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { type AnswerWishes, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { encodeStream } from '../../../../src/translate/gemini/encode-stream.ts';
import { openEnvelope } from '../../../../src/translate/seal.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

function encode(events: readonly CanonicalEvent[], answer: AnswerWishes = { showReasoning: true }): JsonObject[] {
  const context = { request: { ...emptyRequest('asked', true), answer }, exchangeId: 'x', createdAt: 0 };
  return runAll(encodeStream(context), events).map((frame) => {
    expect(frame.event).toBeUndefined();
    const chunk = tryParseJson(frame.data);
    if (!isObject(chunk)) throw new Error(`not an object: ${frame.data}`);
    return chunk;
  });
}

interface Candidate {
  readonly content: { readonly role: string; readonly parts: readonly JsonObject[] };
  readonly finishReason?: string;
  readonly finishMessage?: string;
}
const candidateOf = (chunk: JsonObject | undefined) => (chunk as unknown as { candidates: Candidate[] }).candidates[0]!;
const partsOf = (chunks: readonly JsonObject[]) => chunks.map((chunk) => candidateOf(chunk).content.parts[0]!);
/** The parts before the last chunk's empty text. */
const partsBeforeEnd = (events: readonly CanonicalEvent[], answer?: AnswerWishes) =>
  partsOf(encode(events, answer)).slice(0, -1);

const START: CanonicalEvent = { type: 'message-start' };
const END: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop' } };
const text = (words: string): CanonicalEvent[] => [
  { type: 'text-start' },
  { type: 'text-delta', text: words },
  { type: 'text-end' },
];
const call = (callId: string, args: string, rest: object = {}): CanonicalEvent[] => [
  { type: 'tool-call-start', callId, kind: 'function', name: 'f', ...rest },
  ...(args === '' ? [] : [{ type: 'tool-call-delta' as const, text: args }]),
  { type: 'tool-call-end' },
];

test('each chunk is a whole response; the last has reason and usage', () => {
  const usage = { input: 100, cacheRead: 60, output: 12, reasoning: 7 };
  const chunks = encode([START, ...text('a "b"\n😀'), { type: 'message-end', finish: { reason: 'stop' }, usage }]);
  const { responseId } = chunks[0]!;
  expect(responseId).toMatch(/^[0-9A-Za-z]{22}$/);
  expect(chunks).toEqual([
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 'a "b"\n😀' }] }, index: 0 }],
      modelVersion: 'asked',
      responseId,
    },
    {
      candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 7,
        totalTokenCount: 112,
      },
      modelVersion: 'asked',
      responseId,
    },
  ]);
});

test('an answer without content has an empty text, and usage always', () => {
  const [only, ...others] = encode([START, END]);
  expect(others).toEqual([]);
  expect(candidateOf(only).content.parts).toEqual([{ text: '' }]);
  expect(only?.usageMetadata).toEqual({ promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 });
});

test('S40: the model is the one that was asked for', () => {
  expect(encode([{ type: 'message-start', model: 'upstream-model', messageId: 'theirs' }, END])[0]?.modelVersion).toBe(
    'asked',
  );
});

describe('ST7: a call is one whole part', () => {
  test('S08, S09: gathered from its pieces, with an id of its own', () => {
    const pieces: CanonicalEvent[] = [
      { type: 'tool-call-start', callId: 'a', kind: 'function', name: 'f' },
      { type: 'tool-call-delta', text: '{"p":' },
      { type: 'tool-call-delta', text: '"x"}' },
      { type: 'tool-call-end' },
    ];
    expect(partsBeforeEnd([START, ...pieces, ...call('b', ''), END])).toEqual([
      { functionCall: { id: 'a', name: 'f', args: { p: 'x' } } },
      { functionCall: { id: 'b', name: 'f', args: {} } },
    ]);
  });

  test.each(['{bad', '[1]', '3'])('arguments %p that are no object are handed over as they are', (args) => {
    expect(partsBeforeEnd([START, ...call('a', args), END])).toEqual([
      { functionCall: { id: 'a', name: 'f', args: { _raw: args } } },
    ]);
  });

  test('S21: half a call is not handed over when an error or the limit cut it off', () => {
    const half = [START, ...call('a', '{"p":"x"}'), ...call('b', '{"p":')];
    const error: CanonicalEvent = { type: 'stream-error', error: new GatewayError('upstream-malformed', 'Cut.') };
    const length: CanonicalEvent = { type: 'message-end', finish: { reason: 'length' } };
    for (const last of [error, length]) {
      const chunks = encode([...half, last]);
      expect(chunks).toHaveLength(2);
      expect(partsOf(chunks.slice(0, 1))).toMatchObject([{ functionCall: { id: 'a' } }]);
    }
    expect(partsBeforeEnd([...half, ...text('on'), END])).toHaveLength(3);
  });

  test('the end after calls is STOP', () => {
    const chunks = encode([
      START,
      ...call('a', '{}'),
      { type: 'message-end', finish: { reason: 'tool-calls', wireReason: 'tool_use' } },
    ]);
    expect(candidateOf(chunks.at(-1)).finishReason).toBe('STOP');
  });
});

describe('thoughts', () => {
  const thought: CanonicalEvent[] = [
    { type: 'reasoning-start' },
    { type: 'reasoning-delta', text: 'hm' },
    { type: 'reasoning-end' },
  ];

  test('are parts that say so', () => {
    expect(partsBeforeEnd([START, ...thought, ...text('ok'), END])).toEqual([
      { text: 'hm', thought: true },
      { text: 'ok' },
    ]);
  });

  test('stay hidden from a client that did not ask', () => {
    expect(partsBeforeEnd([START, ...thought, ...text('ok'), END], { showReasoning: false })).toEqual([{ text: 'ok' }]);
  });
});

describe('seals', () => {
  const own = { dialect: 'gemini' as const, value: 'own' };
  const foreign = { dialect: 'anthropic-messages' as const, value: 'theirs' };
  const sealed = (seal: object): CanonicalEvent[] => [
    { type: 'reasoning-start' },
    { type: 'reasoning-delta', text: 'hm' },
    { type: 'reasoning-end', seal: seal as never },
  ];
  const opened = (part: JsonObject | undefined) => openEnvelope(String(part?.thoughtSignature));

  test('of this vendor are written bare', () => {
    const events = [START, ...call('a', '{}', { seal: { ...own, attach: 'call' } }), END];
    expect(partsBeforeEnd(events)).toEqual([
      { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 'own' },
    ]);
  });

  test('of a text stand on an empty text after it', () => {
    const events: CanonicalEvent[] = [
      START,
      { type: 'text-start' },
      { type: 'text-delta', text: 'ok' },
      { type: 'text-end', seal: { ...own, attach: 'text' } },
      END,
    ];
    expect(partsBeforeEnd(events)).toEqual([{ text: 'ok' }, { text: '', thoughtSignature: 'own' }]);
  });

  test('of a thought ride on the call after it, in an envelope', () => {
    const parts = partsBeforeEnd([START, ...sealed(foreign), ...call('a', '{}'), ...call('b', '{}'), END]);
    expect(parts.map(opened)).toEqual([undefined, foreign, undefined]);
    expect(parts[1]).toHaveProperty('functionCall');
  });

  test('of a thought before text have a part of their own', () => {
    const parts = partsBeforeEnd([START, ...sealed(foreign), ...text('ok'), END]);
    expect(parts.map((part) => [part.text, part.thought])).toEqual([
      ['hm', true],
      ['', true],
      ['ok', undefined],
    ] as never);
    expect(opened(parts[1])).toEqual(foreign);
  });

  test('are kept when thoughts are hidden', () => {
    const parts = partsBeforeEnd([START, ...sealed(foreign), END], { showReasoning: false });
    expect(parts).toHaveLength(1);
    expect(parts[0]).not.toHaveProperty('thought');
    expect(opened(parts[0])).toEqual(foreign);
  });

  test('of a thought do not replace the one a call has itself', () => {
    const parts = partsBeforeEnd([START, ...sealed(foreign), ...call('a', '{}', { seal: own }), END]);
    expect(opened(parts[1])).toEqual(foreign);
    expect(parts[2]?.thoughtSignature).toBe('own');
  });
});

test('media and parts of this dialect are parts; those of others are nothing', () => {
  const raw = { executableCode: { code: '1' } };
  const events: CanonicalEvent[] = [
    START,
    {
      type: 'media',
      part: { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA' } },
    },
    { type: 'opaque', part: { type: 'opaque', dialect: 'gemini', kind: 'executableCode', raw } },
    { type: 'opaque', part: { type: 'opaque', dialect: 'openai-responses', kind: 'web_search_call', raw: {} } },
    END,
  ];
  expect(partsBeforeEnd(events)).toEqual([{ inlineData: { mimeType: 'image/png', data: 'AA' } }, raw]);
});

describe('ends', () => {
  const rows: readonly (readonly [
    reason: 'stop' | 'length' | 'content-filter' | 'pause',
    wireReason: string,
    word: string,
  ])[] = [
    ['stop', 'end_turn', 'STOP'],
    ['stop', 'NO_IMAGE', 'NO_IMAGE'],
    ['stop', 'SAFETY', 'STOP'],
    ['length', 'max_tokens', 'MAX_TOKENS'],
    ['content-filter', 'refusal', 'SAFETY'],
    ['content-filter', 'PROHIBITED_CONTENT', 'PROHIBITED_CONTENT'],
    ['pause', 'pause_turn', 'STOP'],
  ];

  test.each(rows)('%s by %s is %s', (reason, wireReason, word) => {
    expect(candidateOf(encode([START, { type: 'message-end', finish: { reason, wireReason } }])[0]).finishReason).toBe(
      word,
    );
  });

  test('an explanation is told', () => {
    const chunks = encode([START, { type: 'message-end', finish: { reason: 'content-filter', explanation: 'No.' } }]);
    expect(candidateOf(chunks[0])).toMatchObject({ finishReason: 'SAFETY', finishMessage: 'No.' });
  });

  test('an error is the last frame, with a code that is a number', () => {
    const error = new GatewayError('overloaded', 'Busy.');
    expect(encode([START, ...text('a'), { type: 'stream-error', error }]).at(-1)).toEqual({
      error: { code: 503, message: 'Busy.', status: 'UNAVAILABLE' },
    });
  });
});

describe('the last chunk', () => {
  const last = (client?: string) => {
    const context = { request: emptyRequest('asked', true), exchangeId: 'x', createdAt: 0 };
    const frames = runAll(encodeStream(client === undefined ? context : { ...context, client }), [START, END]);
    return candidateOf(tryParseJson(frames.at(-1)!.data) as JsonObject);
  };

  test('has an empty text for SDKs that refuse a chunk without a part', () => {
    expect(last().content.parts).toEqual([{ text: '' }]);
    expect(last('gemini-cli').content.parts).toEqual([{ text: '' }]);
  });

  test('has no content for the SDK that refuses an empty text', () => {
    expect(last('generative-ai')).toEqual({ finishReason: 'STOP', index: 0 } as unknown as Candidate);
  });
});
