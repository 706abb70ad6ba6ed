import type { GatewayError } from '../../base/gateway-error.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { MediaPart, OpaquePart } from '../canonical/request.ts';
import type { Finish } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Seal } from '../seal.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Transducer } from '../stream/transducer.ts';
import { createEncodeState, type EncodeState, send, sendDelta, sendProbableDelta } from './encode-state.ts';
import {
  addCitation,
  addCitationsAhead,
  closeOpen,
  openCall,
  openText,
  sendImage,
  sendSeal,
  sendWhole,
} from './encode-stream-items.ts';
import { describeError, streamErrorOf } from './errors.ts';
import { type CallHead, carrySeal, imageItem, itemId, wordsFor } from './output-items.ts';
import { endingOf, identityOf, repeatedOf, type Standing, standingOf } from './response-object.ts';
import { itemOfOpaque } from './server-tools.ts';
import { encodeUsage } from './vocabulary.ts';
import type { WireUsage } from './wire.ts';

/** Encodes lawful events as the stream of a response. */
export function encodeStream(context: AnswerContext): Transducer<CanonicalEvent, SseFrame> {
  return (emit) => {
    const fixed = { identity: membersOf(identityOf(context)), repeated: membersOf(repeatedOf(context)) };
    const state = createEncodeState(context, emit, fixed);
    return { push: (event) => encodeEvent(state, event), finish: () => {} };
  };
}

function encodeEvent(state: EncodeState, event: CanonicalEvent): void {
  switch (event.type) {
    case 'message-start':
      startAnswer(state);
      return;
    case 'text-start':
      startText(state, event.refusal === true);
      return;
    case 'citation':
      addCitation(state, event.citation);
      return;
    case 'reasoning-start':
      closeOpen(state, 'completed');
      state.begun = event.raw ? 'raw-reasoning' : 'reasoning';
      return;
    case 'text-delta':
    case 'reasoning-delta':
      encodeText(state, event.text);
      return;
    case 'text-end':
      keepSeal(state, event.seal, 'text');
      return;
    case 'reasoning-end':
      keepSeal(state, event.seal, undefined);
      return;
    case 'tool-call-start':
      startCall(state, event);
      return;
    case 'tool-call-delta':
      if (state.open !== undefined && event.text !== '') sendDelta(state, state.open, event.text);
      return;
    case 'logprobs':
      state.logprobs = event.tokens;
      return;
    case 'media':
      encodeMedia(state, event.part);
      return;
    case 'opaque':
      encodeOpaque(state, event.part);
      return;
    case 'message-end':
      endAnswer(state, event.finish, event.usage);
      return;
    case 'stream-error':
      failAnswer(state, event.error);
      return;
    case 'tool-call-end':
    case 'loss':
      return;
    default:
      event satisfies never;
  }
}

function membersOf(object: JsonObject): string {
  return JSON.stringify(object).slice(1, -1);
}

function startAnswer(state: EncodeState): void {
  if (state.started) return;
  state.started = true;
  sendResponse(state, 'response.created', { status: 'in_progress' });
  sendResponse(state, 'response.in_progress', { status: 'in_progress' });
}

/** Texts in a row are one message: clients show each message by itself, and a vendor that cites by block cuts sentences. */
function startText(state: EncodeState, isRefusal: boolean): void {
  const kind = isRefusal && state.context.client !== 'codex' ? 'refusal' : 'message';
  state.hasRefusal ||= isRefusal;
  const goesOn = state.begun === kind && state.sealAfter === undefined;
  if (!goesOn) closeOpen(state, 'completed');
  state.begun = kind;
  state.textStart = state.open?.text.length ?? 0;
}

function encodeText(state: EncodeState, text: string): void {
  if (text === '') return;
  const item = state.open ?? openText(state, state.begun ?? 'message');
  if (state.logprobs !== undefined && item.kind === 'message') sendProbableDelta(state, item, text, state.logprobs);
  else sendDelta(state, item, text);
  if (state.citationsAhead !== undefined) addCitationsAhead(state);
}

function keepSeal(state: EncodeState, seal: Seal | undefined, attach: 'text' | undefined): void {
  if (seal !== undefined) state.sealAfter = carrySeal(seal, attach);
}

function startCall(state: EncodeState, call: CallHead): void {
  closeOpen(state, 'completed');
  if (call.seal !== undefined) sendSeal(state, carrySeal(call.seal, 'call'));
  openCall(state, call);
}

function encodeMedia(state: EncodeState, part: MediaPart): void {
  closeOpen(state, 'completed');
  const image = imageItem(part, state.context, state.output.length);
  if (image !== undefined) sendImage(state, image);
  else sendDelta(state, openText(state, 'message'), wordsFor(part));
}

function encodeOpaque(state: EncodeState, part: OpaquePart): void {
  closeOpen(state, 'completed');
  const item = itemOfOpaque(part, () => itemId('ws_', state.context, state.output.length));
  if (item !== undefined) sendWhole(state, item);
}

function endAnswer(state: EncodeState, finish: Finish, usage: Usage | undefined): void {
  startAnswer(state);
  const ending = endingOf(finish, state.hasRefusal, state.context.client);
  closeOpen(state, ending.status === 'failed' ? 'completed' : ending.status);
  sendResponse(state, ending.event, ending, encodeUsage(usage));
}

/** What was open stays open: nobody knows whether it was whole. */
function failAnswer(state: EncodeState, error: GatewayError): void {
  startAnswer(state);
  send(state, 'error', `"error":${JSON.stringify(describeError(error))}`);
  sendResponse(state, 'response.failed', { status: 'failed', error: streamErrorOf(error) });
}

function sendResponse(state: EncodeState, event: string, standing: Standing, usage?: WireUsage): void {
  const { identity, repeated, output } = state;
  const members = [
    identity,
    membersOf(standingOf(standing)),
    `"output":[${output.join(',')}]`,
    `"usage":${usage === undefined ? 'null' : JSON.stringify(usage)}`,
    repeated,
  ];
  send(state, event, `"response":{${members.join(',')}}`);
}
