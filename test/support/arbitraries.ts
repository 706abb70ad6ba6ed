import fc, { type RecordConstraints } from 'fast-check';
import { GatewayError } from '../../src/base/gateway-error.ts';
import type { Citation } from '../../src/translate/canonical/citation.ts';
import type { CanonicalEvent } from '../../src/translate/canonical/event.ts';
import type {
  AssistantPart,
  MediaPart,
  Message,
  ReasoningPart,
  ResultPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../src/translate/canonical/request.ts';
import type { CanonicalResponse, Finish } from '../../src/translate/canonical/response.ts';
import { DIALECT_IDS } from '../../src/translate/dialect-id.ts';
import type { Seal } from '../../src/translate/seal.ts';

/** Texts that are often empty or blank, and well formed. */
export const anyText = fc.oneof(
  fc.constantFrom('', ' ', '\n', 'a', 'hello'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

export const anySeal: fc.Arbitrary<Seal> = record(
  {
    dialect: fc.constantFrom(...DIALECT_IDS),
    value: fc.string({ unit: 'grapheme' }),
    kind: fc.constant('redacted' as const),
    id: fc.string({ unit: 'grapheme' }),
    attach: fc.constantFrom('call' as const, 'text' as const),
  },
  { requiredKeys: ['dialect', 'value'] },
);

const anyMedia: fc.Arbitrary<MediaPart> = fc.constant({
  type: 'media',
  kind: 'image',
  source: { type: 'base64', mimeType: 'image/png', data: 'AA==' },
});
const anyCallId = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'a_2'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
);
const anyToolName = fc.constantFrom('look', 'fs.read', 'find');
const anyArguments = fc.oneof(fc.constantFrom('', '{}', '{"a":1}', '[1]', '{"bad"', 'null'), fc.json({ maxDepth: 1 }));
const anyUsage = record({ input: fc.nat(), output: fc.nat(), cacheRead: fc.nat() }, { requiredKeys: [] });

const anyCitation: fc.Arbitrary<Citation> = record(
  { start: fc.nat(3), end: fc.integer({ min: 3, max: 9 }), url: fc.webUrl(), title: anyText },
  { requiredKeys: ['start', 'end'] },
);
const textPart: fc.Arbitrary<TextPart> = record(
  {
    type: fc.constant('text' as const),
    text: anyText,
    refusal: fc.constant(true),
    seal: anySeal,
    citations: fc.array(anyCitation, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['type', 'text'] },
);
const plainText: fc.Arbitrary<TextPart> = record({ type: fc.constant('text' as const), text: anyText });
const reasoningPart: fc.Arbitrary<ReasoningPart> = record(
  { type: fc.constant('reasoning' as const), text: anyText, seal: anySeal },
  { requiredKeys: ['type', 'text'] },
);
const callPart: fc.Arbitrary<ToolCallPart> = record(
  {
    type: fc.constant('tool-call' as const),
    callId: anyCallId,
    kind: fc.constantFrom('function' as const, 'custom' as const),
    name: anyToolName,
    arguments: anyArguments,
    seal: anySeal,
  },
  { requiredKeys: ['type', 'callId', 'kind', 'name', 'arguments'] },
);
const resultPart: fc.Arbitrary<ToolResultPart> = record(
  {
    type: fc.constant('tool-result' as const),
    callId: anyCallId,
    kind: fc.constant('function' as const),
    parts: fc.array(fc.oneof(plainText, anyMedia) as fc.Arbitrary<ResultPart>, { maxLength: 2 }),
    name: anyToolName,
    isError: fc.boolean(),
  },
  { requiredKeys: ['type', 'callId', 'kind', 'parts'] },
);

/** A part of an answer, of any kind but opaque. */
export const anyAssistantPart: fc.Arbitrary<AssistantPart> = fc.oneof(textPart, reasoningPart, callPart, anyMedia);

const anyName = fc.constantFrom('ann', 'bob');
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  record(
    {
      role: fc.constant('user' as const),
      parts: fc.array(fc.oneof(plainText, resultPart, resultPart, anyMedia), { maxLength: 4 }),
      name: anyName,
    },
    { requiredKeys: ['role', 'parts'] },
  ),
  record(
    { role: fc.constant('assistant' as const), parts: fc.array(anyAssistantPart, { maxLength: 4 }), name: anyName },
    { requiredKeys: ['role', 'parts'] },
  ),
  record({
    role: fc.constantFrom('system' as const, 'developer' as const),
    parts: fc.array(plainText, { maxLength: 2 }),
  }) as fc.Arbitrary<SystemMessage>,
);

/** A conversation in which nothing need be in order. */
export const anyConversation: fc.Arbitrary<Message[]> = fc.array(anyMessage, { maxLength: 10 });

const anyFinish: fc.Arbitrary<Finish> = record(
  {
    reason: fc.constantFrom('stop' as const, 'length' as const, 'tool-calls' as const, 'content-filter' as const),
    stopSequence: fc.constant('X'),
  },
  { requiredKeys: ['reason'] },
);
const deltaText = fc.constantFrom('', 'a', 'bc');

/** One event of any type, lawful or not where it stands. */
export const anyEvent: fc.Arbitrary<CanonicalEvent> = fc.oneof(
  record(
    { type: fc.constant('message-start' as const), model: fc.constant('m'), usage: anyUsage },
    { requiredKeys: ['type'] },
  ),
  record({ type: fc.constant('text-start' as const) }),
  record({ type: fc.constant('text-delta' as const), text: deltaText }),
  record({ type: fc.constant('citation' as const), citation: anyCitation }),
  record({ type: fc.constant('text-end' as const), seal: anySeal }, { requiredKeys: ['type'] }),
  record({ type: fc.constant('reasoning-start' as const) }),
  record({ type: fc.constant('reasoning-delta' as const), text: deltaText }),
  record({ type: fc.constant('reasoning-end' as const), seal: anySeal }, { requiredKeys: ['type'] }),
  fc.constant<CanonicalEvent>({ type: 'tool-call-start', callId: 'c', kind: 'function', name: 'f' }),
  record({ type: fc.constant('tool-call-delta' as const), text: deltaText }),
  fc.constant<CanonicalEvent>({ type: 'tool-call-end' }),
  record({ type: fc.constant('media' as const), part: anyMedia }),
  fc.constant<CanonicalEvent>({ type: 'opaque', part: { type: 'opaque', dialect: 'gemini', kind: 'k', raw: {} } }),
  fc.constant<CanonicalEvent>({ type: 'loss', loss: { field: 'f', effect: 'dropped', reason: 'r' } }),
  record(
    { type: fc.constant('message-end' as const), finish: anyFinish, usage: anyUsage },
    { requiredKeys: ['type', 'finish'] },
  ),
  fc.constant<CanonicalEvent>({ type: 'stream-error', error: new GatewayError('overloaded', 'busy') }),
);

/** A whole answer as a decoder gives it. */
export const anyResponse: fc.Arbitrary<CanonicalResponse> = record(
  {
    parts: fc.array(anyAssistantPart, { maxLength: 6 }),
    finish: anyFinish,
    losses: fc.array(fc.constant({ field: 'f', effect: 'dropped' as const, reason: 'r' }), { maxLength: 2 }),
    messageId: fc.constant('id'),
    model: fc.constant('m'),
    usage: anyUsage,
  },
  { requiredKeys: ['parts', 'finish', 'losses'] },
);

/** Records with the ordinary prototype, as a JSON parser makes them. */
function record<T, K extends keyof T = keyof T>(
  model: { [P in keyof T]: fc.Arbitrary<T[P]> },
  { requiredKeys }: { requiredKeys?: K[] } = {},
) {
  const constraints = requiredKeys === undefined ? {} : { requiredKeys };
  return fc.record<T, K>(model, { ...constraints, noNullPrototype: true } as RecordConstraints<K>);
}
