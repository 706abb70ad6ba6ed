import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { CanonicalEvent } from '../translate/canonical/event.ts';
import { replay } from '../translate/canonical/replay.ts';
import type { CanonicalResponse } from '../translate/canonical/response.ts';
import type { AnswerContext, ClientCodec } from '../translate/dialect.ts';
import { DIALECTS } from '../translate/registry.ts';
import { writeSse } from '../translate/stream/sse.ts';
import { type EchoPlan, planEcho } from './echo-plan.ts';
import type { LocalCall } from './provider.ts';

/** The one model of the echo. */
export const ECHO_MODEL = 'trivium-echo';

/** The pace of a person who speaks without haste: 15 words a second. */
const WORD_MS = 66;

/**
 * Answers a call without any network, as a service of the call's dialect would. Throws `invalid-request` for a body it cannot
 * read and `upstream-model-unknown` for any model but its own.
 */
export async function answerEcho(call: LocalCall, clock: Clock, signal: AbortSignal): Promise<Response> {
  const codec = DIALECTS[call.dialect].client;
  if (codec === undefined) throw new GatewayError('internal', `The echo cannot speak ${call.dialect}.`);
  if (call.model !== ECHO_MODEL) {
    throw new GatewayError('upstream-model-unknown', `The echo serves ${ECHO_MODEL} only, not ${call.model}.`);
  }
  const request = codec.decodeRequest(call.body, { model: call.model, stream: call.stream });
  const plan = planEcho(request, call.dialect, call.exchangeId);
  const context: AnswerContext = { request, exchangeId: call.exchangeId, createdAt: clock.now() };
  const { parts, finish, usage } = plan;
  const response: CanonicalResponse = { model: call.model, parts, finish, usage, losses: [] };
  if (!call.stream) return Response.json(codec.encodeResponse(response, context));
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
  return new Response(streamEcho(plan, speak(response, codec, context), { clock, signal }), { headers });
}

/** The text of the stream, cut where a pause may be: after the events that say a word. */
function speak(response: CanonicalResponse, codec: ClientCodec, context: AnswerContext): string[] {
  const beats: string[] = [''];
  const encoder = codec.encodeStream(context)((frame) => {
    beats[beats.length - 1] += writeSse(frame);
  });
  for (const event of replay(response).flatMap(splitWords)) {
    encoder.push(event);
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') beats.push('');
  }
  encoder.finish();
  return beats.filter((beat) => beat !== '');
}

function splitWords(event: CanonicalEvent): CanonicalEvent[] {
  if (event.type !== 'text-delta' && event.type !== 'reasoning-delta') return [event];
  return (event.text.match(/\S+\s*|\s+/g) ?? []).map((text) => ({ type: event.type, text }));
}

function streamEcho(
  plan: EchoPlan,
  beats: readonly string[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  if (!plan.slowly) return new Blob([beats.join('')]).stream();
  let next = 0;
  return new ReadableStream({
    pull: async (controller) => {
      if (next > 0) await clock.sleep(WORD_MS, signal);
      const beat = beats[next++];
      if (beat !== undefined) controller.enqueue(encoder.encode(beat));
      if (next >= beats.length) controller.close();
    },
  });
}
