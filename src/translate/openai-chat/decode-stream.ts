import { GatewayError } from '../../base/gateway-error.ts';
import { asArray, asNumber, asObject, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { mergeUsage } from '../../base/usage.ts';
import { bareEvents } from '../bare-output.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import { settleRefusal } from '../canonical/event-law.ts';
import type { AnswerContext } from '../dialect.ts';
import { readLogprobs } from '../openai-logprobs.ts';
import { endBlocks, isWhole } from '../stream/one-block.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Transducer } from '../stream/transducer.ts';
import { readSources } from './citations.ts';
import { cite, decodeDelta, sealThought } from './decode-delta.ts';
import { audioEvents } from './decode-media.ts';
import { type DecodeState, startDecoding } from './decode-state.ts';
import { hasBrokenCall, nameCalls } from './decode-tool-calls.ts';
import { errorOfBody } from './errors.ts';
import { failureOf } from './finish-failure.ts';
import { readFinish, readUsage } from './vocabulary.ts';

/**
 * Decodes the chunks of a chat server, with the liberties that servers take. The end is told only when the stream ends, since
 * usage often comes after the finish.
 */
export function decodeStream(context: AnswerContext): Transducer<SseFrame, CanonicalEvent> {
  const decode: Transducer<SseFrame, CanonicalEvent> = (emit) => {
    const state = startDecoding(emit, context);
    return {
      push: (frame) => {
        if (!state.ended) decodeFrame(state, frame);
      },
      finish: () => {
        if (!state.ended && state.finishWord !== undefined) end(state);
      },
    };
  };
  return bareEvents(decode, context.request.output);
}

const OPEN_BRACKET = 91;

function decodeFrame(state: DecodeState, frame: SseFrame): void {
  if (frame.data.charCodeAt(0) === OPEN_BRACKET && frame.data.trim() === '[DONE]') {
    endByMark(state);
    return;
  }
  const chunk = tryParseJson(frame.data);
  if (!isObject(chunk)) return;
  if (isError(chunk, frame)) fail(state, errorOfBody(chunk));
  else decodeChunk(state, chunk);
}

function isError(chunk: JsonObject, frame: SseFrame): boolean {
  const { error } = chunk;
  return (error !== undefined && error !== null && error !== '') || frame.event === 'error' || chunk.object === 'error';
}

function decodeChunk(state: DecodeState, chunk: JsonObject): void {
  const choices = asArray(chunk.choices);
  if (!state.started) start(state, chunk, choices.length > 0);
  if (chunk.usage !== undefined) state.usage = mergeUsage(state.usage, readUsage(chunk.usage));
  else if (chunk.x_groq !== undefined) state.usage ??= readUsage(asObject(chunk.x_groq)?.usage);
  if (chunk.citations !== undefined) state.sources = chunk;
  for (const choice of choices) {
    // one answer for each request: others were never asked for
    if (isObject(choice) && (asNumber(choice.index) ?? 0) === 0) decodeChoice(state, choice);
    if (state.ended) return;
  }
}

/** The first chunk of Azure has no id and no choice: what filters said of the prompt. */
function start(state: DecodeState, chunk: JsonObject, hasChoices: boolean): void {
  const messageId = asString(chunk.id) || undefined;
  if (messageId === undefined && !hasChoices) return;
  const model = asString(chunk.model) || undefined;
  state.started = true;
  state.emit({
    type: 'message-start',
    ...(messageId === undefined ? {} : { messageId }),
    ...(model === undefined ? {} : { model }),
  });
}

function decodeChoice(state: DecodeState, choice: JsonObject): void {
  const delta = asObject(choice.delta) ?? asObject(choice.message);
  if (choice.logprobs !== undefined && choice.logprobs !== null) tellLogprobs(state, choice.logprobs);
  if (delta !== undefined) decodeDelta(state, delta);
  const word = asString(choice.finish_reason) || undefined;
  if (word === undefined) return;
  const failure = failureOf(choice, word, state.hasContent);
  if (failure !== undefined) {
    fail(state, failure);
    return;
  }
  state.finishWord = word;
  state.stopReason = choice.stop_reason;
}

function tellLogprobs(state: DecodeState, wire: unknown): void {
  const tokens = readLogprobs(asObject(wire)?.content);
  if (tokens !== undefined) state.emit({ type: 'logprobs', tokens });
}

/** `[DONE]` ends an answer that never got a finish, unless there was none or it broke off in a call. */
function endByMark(state: DecodeState): void {
  if (state.finishWord !== undefined) end(state);
  else if (hasBrokenCall(state.calls)) fail(state, brokenCall());
  else if (state.hasContent) end(state);
}

function brokenCall(): GatewayError {
  return new GatewayError('upstream-malformed', 'The upstream ended its stream in the middle of a tool call.');
}

function end(state: DecodeState): void {
  state.ended = true;
  const shown = { text: state.said > 0, refusal: state.refusal };
  const finish = settleRefusal(readFinish(state.finishWord, state.stopReason), shown);
  if (state.sources !== undefined) cite(state, readSources(state.sources, state.said));
  nameCalls(state.calls);
  // half a call that was not shown yet is no call
  endBlocks(state.blocks, (call) => finish.reason === 'length' && !isWhole(call));
  sealThought(state);
  endBlocks(state.blocks);
  for (const event of audioEvents(state.audio, state.context)) state.emit(event);
  state.emit({ type: 'message-end', finish, ...(state.usage === undefined ? {} : { usage: state.usage }) });
}

function fail(state: DecodeState, error: GatewayError): void {
  state.ended = true;
  state.emit({ type: 'stream-error', error });
}
