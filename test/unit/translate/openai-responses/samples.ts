import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { keepEventLaw } from '../../../../src/translate/canonical/event-law.ts';
import { type CanonicalRequest, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import type { AnswerContext } from '../../../../src/translate/dialect.ts';
import { decodeStream } from '../../../../src/translate/openai-responses/decode-stream.ts';
import { encodeStream } from '../../../../src/translate/openai-responses/encode-stream.ts';
import type { SseFrame } from '../../../../src/translate/stream/sse.ts';
import { chain, runAll } from '../../../../src/translate/stream/transducer.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';

/** The official service. */
export const OPENAI: TargetTraits = { provider: 'openai', quirks: {} };

/** The circumstances of an answer to a request that differs from an empty one in `fields`. */
export function contextOf(fields: Partial<CanonicalRequest> = {}, client?: string): AnswerContext {
  const request = { ...emptyRequest('asked-model', true), ...fields };
  return { request, exchangeId: 'ex1', createdAt: 1_700_000_000_500, ...(client === undefined ? {} : { client }) };
}

/** A request that differs from an empty one in `fields`. */
export function requestOf(fields: Partial<CanonicalRequest>, model = 'gpt-5.4'): CanonicalRequest {
  return { ...emptyRequest(model, false), ...fields };
}

/** One event on the wire. */
export function frameOf(data: { readonly type: string; readonly [field: string]: unknown }): SseFrame {
  return { event: data.type, data: JSON.stringify(data) };
}

/** The lawful events that a list of wire events comes to. */
export function decodeAll(
  events: readonly { readonly type: string; readonly [field: string]: unknown }[],
  context = contextOf(),
): CanonicalEvent[] {
  return runAll(chain(decodeStream(context), keepEventLaw), events.map(frameOf));
}

/** The parsed wire events that a list of canonical events comes to. */
export function encodeAll(events: readonly CanonicalEvent[], context = contextOf()): Wire[] {
  return runAll(encodeStream(context), events).map((frame) => {
    const data = JSON.parse(frame.data) as Wire;
    if (data.type !== frame.event) throw new Error(`event ${frame.event} holds ${data.type}`);
    return data;
  });
}

/** A parsed event, looked into freely. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect, and fail where it is not
export type Wire = Record<string, any>;
