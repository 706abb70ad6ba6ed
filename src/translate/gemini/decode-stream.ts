import { GatewayError } from '../../base/gateway-error.ts';
import { asObject, asObjects, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import { bareEvents } from '../bare-output.ts';
import { CITATION_LOSS } from '../canonical/citation.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { Finish } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { dropped } from '../loss.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { type AnswerParts, closeParts, createAnswerParts, expectSources, readPart } from './decode-answer-parts.ts';
import { readLogprobsResult } from './logprobs.ts';
import { readErrorBody } from './read-error.ts';
import { readFinishReason, readUsage } from './vocabulary.ts';

/** What is told of an answer beside its parts; each is a loss, told once. */
const UNTRANSLATED = {
  urlContextMetadata: 'The list of fetched addresses is not translated.',
} as const;

/** An answer on its way: chunks are whole `GenerateContentResponse`s, each with the parts that are new. */
export interface AnswerReader {
  readonly parts: AnswerParts;
  readonly untranslated: Set<keyof typeof UNTRANSLATED>;
  readonly emit: Emit<CanonicalEvent>;
  started: boolean;
  ended: boolean;
  finish: Finish | undefined;
  /** What was wrong with the model's answer, where nothing could be made of it. */
  malformed: string | undefined;
  usage: Usage | undefined;
}

/** Makes the reader of one answer. */
export function createAnswerReader(context: AnswerContext, emit: Emit<CanonicalEvent>): AnswerReader {
  return {
    parts: createAnswerParts(context, emit),
    untranslated: new Set(),
    emit,
    started: false,
    ended: false,
    finish: undefined,
    malformed: undefined,
    usage: undefined,
  };
}

/** Decodes the frames of a `streamGenerateContent` answer. */
export function decodeStream(context: AnswerContext): Transducer<SseFrame, CanonicalEvent> {
  const decode: Transducer<SseFrame, CanonicalEvent> = (emit) => {
    const reader = createAnswerReader(context, emit);
    return {
      push: (frame) => {
        const value = tryParseJson(frame.data);
        // an error may come as a list of one
        for (const chunk of Array.isArray(value) ? asObjects(value) : [value]) {
          if (isObject(chunk)) readChunk(reader, chunk);
        }
      },
      finish: () => endAnswer(reader),
    };
  };
  return bareEvents(decode, context.request.output);
}

/** Reads one chunk, or a whole answer, which has the same form. */
export function readChunk(reader: AnswerReader, chunk: JsonObject): void {
  if (reader.ended) return;
  if (chunk.error !== undefined && chunk.error !== null) {
    reader.ended = true;
    reader.emit({ type: 'stream-error', error: readErrorBody(chunk) });
    return;
  }
  const meta = asObject(chunk.usageMetadata) ?? asObject(chunk.usage_metadata);
  reader.usage = (meta && readUsage(meta)) ?? reader.usage;
  startAnswer(reader, chunk);
  readFeedback(reader, chunk);
  const candidates = asObjects(chunk.candidates);
  const first = candidates.find((candidate) => (candidate.index ?? 0) === 0);
  if (first !== undefined) readCandidate(reader, first);
}

function startAnswer(reader: AnswerReader, chunk: JsonObject): void {
  if (reader.started) return;
  reader.started = true;
  const messageId = asString(chunk.responseId);
  const model = asString(chunk.modelVersion);
  reader.emit({
    type: 'message-start',
    ...(messageId === undefined ? {} : { messageId }),
    ...(model === undefined ? {} : { model }),
    ...(reader.usage === undefined ? {} : { usage: reader.usage }),
  });
}

/** A prompt that was blocked has no candidate to tell why. */
function readFeedback(reader: AnswerReader, chunk: JsonObject): void {
  const feedback = asObject(chunk.promptFeedback);
  const wireReason = asString(feedback?.blockReason) ?? 'BLOCKED_REASON_UNSPECIFIED';
  const message = asString(feedback?.blockReasonMessage);
  if (message === undefined && wireReason === 'BLOCKED_REASON_UNSPECIFIED') return;
  const explanation = message ?? `The prompt was blocked: ${wireReason}.`;
  reader.finish ??= { reason: 'content-filter', wireReason, explanation };
}

function readCandidate(reader: AnswerReader, candidate: JsonObject): void {
  const tokens = readLogprobsResult(candidate.logprobsResult);
  if (tokens !== undefined) reader.emit({ type: 'logprobs', tokens });
  const parts = asObjects(asObject(candidate.content)?.parts);
  // sources are known before the parts are read, since those of a text are told before it ends
  if (candidate.groundingMetadata !== undefined || candidate.citationMetadata !== undefined) {
    expectSources(reader.parts, candidate, parts);
  }
  for (const part of parts) readPart(reader.parts, part);
  for (const field of Object.keys(UNTRANSLATED) as (keyof typeof UNTRANSLATED)[]) {
    if (isObject(candidate[field]) && Object.keys(candidate[field]).length > 0) reader.untranslated.add(field);
  }
  const wireReason = asString(candidate.finishReason);
  if (wireReason === undefined || wireReason === 'FINISH_REASON_UNSPECIFIED') return;
  const message = asString(candidate.finishMessage);
  const token = asString(candidate.continuationToken);
  const meaning = readFinishReason(wireReason);
  reader.malformed = meaning === 'malformed' ? (message ?? wireReason) : undefined;
  reader.finish = {
    reason: meaning === 'malformed' ? 'stop' : meaning,
    wireReason,
    ...(message === undefined ? {} : { explanation: message }),
    ...(token === undefined ? {} : { continuationToken: token }),
  };
}

/**
 * Ends an answer. Only now, since some servers give a finish reason with every chunk. One without a finish reason is not
 * ended: `event-law.ts` makes an error of it.
 */
export function endAnswer(reader: AnswerReader): void {
  const { finish, malformed, usage, emit } = reader;
  if (reader.ended || finish === undefined) return;
  reader.ended = true;
  closeParts(reader.parts, finish.reason);
  if (malformed !== undefined && !reader.parts.hasContent) {
    const message = `The model's answer could not be used: ${malformed}`;
    emit({ type: 'stream-error', error: new GatewayError('answer-unusable', message) });
    return;
  }
  if (reader.parts.sources.length > 0) emit({ type: 'loss', loss: CITATION_LOSS });
  for (const field of reader.untranslated) emit({ type: 'loss', loss: dropped(field, UNTRANSLATED[field]) });
  emit({ type: 'message-end', finish, ...(usage === undefined ? {} : { usage }) });
}
