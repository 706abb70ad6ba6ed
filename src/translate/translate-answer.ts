import type { JsonObject } from '../base/json.ts';
import { maskError } from '../base/mask-text.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import { keepEventLaw, settleFinish } from './canonical/event-law.ts';
import type { CanonicalRequest } from './canonical/request.ts';
import type { CanonicalResponse } from './canonical/response.ts';
import type { AnswerContext, Dialect } from './dialect.ts';
import { answerNames } from './prepare-request.ts';
import { restoreTools, restoreToolsIn } from './restore-tools.ts';
import type { SseFrame } from './stream/sse.ts';
import { chain, type Transducer } from './stream/transducer.ts';
import type { TargetTraits } from './target.ts';
import type { ToolNames } from './tool-names.ts';

/** The two sides of one answer: who gave it, and for whom it is. */
export interface AnswerRoute {
  readonly upstream: Dialect;
  readonly client: Dialect;
  readonly context: AnswerContext;
  readonly traits: TargetTraits;
  /** The name the target knew its model by; names of tools depend on it. */
  readonly targetModel: string;
}

/** Decodes a whole answer of an upstream into the hub form, its calls under the client's own names. */
export function decodeAnswer(route: AnswerRoute, body: JsonObject): CanonicalResponse {
  const codec = route.upstream.upstream!;
  const decoded = codec.decodeResponse(body, route.context);
  const calls = decoded.parts.filter((part) => part.type === 'tool-call').length;
  const settled = { ...decoded, finish: settleFinish(decoded.finish, calls) };
  return restoreToolsIn(settled, namesOf(route));
}

/** Translates a whole answer. Throws the error that a 200 body may hold. */
export function translateAnswer(
  route: AnswerRoute,
  body: JsonObject,
): { body: JsonObject; response: CanonicalResponse } {
  const response = decodeAnswer(route, body);
  return { body: route.client.client!.encodeResponse(response, route.context), response };
}

/** Decodes the frames of an upstream into lawful canonical events, calls under the client's own names. */
export function decodeAnswerStream(route: AnswerRoute): Transducer<SseFrame, CanonicalEvent> {
  const decode = route.upstream.upstream!.decodeStream(route.context);
  return chain(decode, chain(keepEventLaw, restoreTools(namesOf(route))));
}

/** Translates the frames of a stream; `observe` sees every canonical event on its way. */
export function translateAnswerStream(
  route: AnswerRoute,
  observe: (event: CanonicalEvent) => void = () => {},
): Transducer<SseFrame, SseFrame> {
  return chain(decodeAnswerStream(route), encodeAnswerStream(route, observe));
}

/** Encodes canonical events for the client; `observe` sees each of them first. */
export function encodeAnswerStream(
  route: AnswerRoute,
  observe: (event: CanonicalEvent) => void = () => {},
): Transducer<CanonicalEvent, SseFrame> {
  const encode = route.client.client!.encodeStream(route.context);
  return (emit) => {
    const encoder = encode(emit);
    return {
      push: (event) => {
        const told = event.type === 'stream-error' ? { ...event, error: maskError(event.error) } : event;
        observe(told);
        encoder.push(told);
      },
      finish: () => encoder.finish(),
    };
  };
}

/** The names that lead the answer's calls back to the client's own. */
export function namesOf(route: AnswerRoute): ToolNames {
  const request: CanonicalRequest = { ...route.context.request, model: route.targetModel };
  return answerNames(route.upstream.upstream!, request, route.upstream.id, route.traits);
}
