import { asObjects, type JsonObject } from '../../base/json.ts';
import { bareParts } from '../bare-output.ts';
import { collect } from '../canonical/collect.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import { keepEventLaw } from '../canonical/event-law.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { runAll } from '../stream/transducer.ts';
import { createAnswerReader, endAnswer, readChunk } from './decode-stream.ts';

/**
 * Decodes a whole answer: a stream of one chunk, but that its end needs no finish reason to be the end. Throws the error that
 * the body holds, or `upstream-malformed` when there is no answer in it.
 */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  const events: CanonicalEvent[] = [];
  const reader = createAnswerReader(context, (event) => events.push(event));
  readChunk(reader, body);
  if (asObjects(body.candidates).length > 0) reader.finish ??= { reason: 'stop' };
  endAnswer(reader);
  const answer = collect(runAll(keepEventLaw, events));
  return { ...answer, parts: bareParts(answer.parts, context.request.output) };
}
