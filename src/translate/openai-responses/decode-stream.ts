import { asNumber, asObject, asObjects, asString, type JsonObject, tryParseJson } from '../../base/json.ts';
import { bareEvents } from '../bare-output.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AnswerContext } from '../dialect.ts';
import { readLogprobs } from '../openai-logprobs.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Transducer } from '../stream/transducer.ts';
import { errorOfBody } from './decode-error.ts';
import { reasonOf } from './decode-response.ts';
import { createDecodeState, createItem, type DecodeState, type StreamItem, tell } from './decode-state.ts';
import { beginItem, citePart, finishItem, growPart, type PartKind, settlePart } from './decode-stream-items.ts';
import { decodeFinish, decodeUsage } from './vocabulary.ts';

/** Decodes the events of an upstream. It never throws: what it cannot read it skips. */
export function decodeStream(context: AnswerContext): Transducer<SseFrame, CanonicalEvent> {
  const decode: Transducer<SseFrame, CanonicalEvent> = (emit) => {
    const state = createDecodeState(context, emit);
    return { push: (frame) => readFrame(state, frame), finish: () => {} };
  };
  return bareEvents(decode, context.request.output);
}

type ReadEvent = (state: DecodeState, data: JsonObject) => void;

const EVENTS: ReadonlyMap<string, ReadEvent> = new Map<string, ReadEvent>([
  ['response.created', readStart],
  ['response.in_progress', readStart],
  ['response.queued', readStart],
  ['response.output_item.added', readItemAdded],
  ['response.output_item.done', readItemDone],
  ['response.output_text.delta', readTextDelta],
  ['response.output_text.done', readDone('text', 'text')],
  ['response.refusal.delta', readDelta('refusal')],
  ['response.refusal.done', readDone('refusal', 'refusal')],
  ['response.reasoning_summary_text.delta', readDelta('summary')],
  ['response.reasoning_summary_text.done', readDone('summary', 'text')],
  ['response.reasoning_text.delta', readDelta('thought')],
  ['response.reasoning_text.done', readDone('thought', 'text')],
  ['response.function_call_arguments.delta', readDelta('call')],
  ['response.function_call_arguments.done', readDone('call', 'arguments')],
  ['response.custom_tool_call_input.delta', readDelta('call')],
  ['response.custom_tool_call_input.done', readDone('call', 'input')],
  ['response.output_text.annotation.added', readCitation],
  ['response.completed', readEnd],
  ['response.incomplete', readEnd],
  ['response.failed', readFailure],
  ['error', readFailure],
]);

function readFrame(state: DecodeState, frame: SseFrame): void {
  if (state.ended || frame.data === '' || frame.data === '[DONE]') return;
  const data = asObject(tryParseJson(frame.data));
  if (data === undefined) return;
  const type = asString(data.type) ?? frame.event;
  const read = type === undefined ? undefined : EVENTS.get(type);
  if (read !== undefined) read(state, data);
  // an error without an event around it, as servers write when they fail before their first event
  else if (data.error !== undefined && data.error !== null && data.response === undefined) readFailure(state, data);
}

function readStart(state: DecodeState, data: JsonObject): void {
  if (state.started) return;
  state.started = true;
  const response = asObject(data.response);
  const messageId = asString(response?.id);
  const model = asString(response?.model);
  const usage = decodeUsage(response?.usage);
  state.emit({
    type: 'message-start',
    ...(messageId === undefined ? {} : { messageId }),
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
  });
}

function readItemAdded(state: DecodeState, data: JsonObject): void {
  const head = asObject(data.item);
  if (head === undefined) return;
  const item = itemOf(state, data, true);
  if (!item.closed) beginItem(state, item, head);
}

function readItemDone(state: DecodeState, data: JsonObject): void {
  const done = asObject(data.item);
  if (done === undefined) return;
  const item = itemOf(state, data, true);
  if (!item.closed) finishItem(state, item, done);
}

/** The item an event speaks of. Ids change from event to event at some servers, so the index counts. */
function itemOf(state: DecodeState, data: JsonObject, isWhole: boolean): StreamItem {
  const said = asNumber(data.output_index);
  if (said === undefined && !isWhole && state.last !== undefined) return state.last;
  const index = said ?? nextIndex(state, data);
  let item = state.items.get(index);
  if (item === undefined) {
    item = createItem(index);
    state.items.set(index, item);
  }
  state.last = item;
  return item;
}

function nextIndex(state: DecodeState, data: JsonObject): number {
  const id = asString(asObject(data.item)?.id);
  const known = [...state.items.values()].find((item) => id !== undefined && item.head.id === id);
  return known?.index ?? state.items.size;
}

function readTextDelta(state: DecodeState, data: JsonObject): void {
  const text = asString(data.delta);
  if (text === undefined) return;
  const item = itemOf(state, data, false);
  const tokens = readLogprobs(data.logprobs);
  if (tokens !== undefined && !item.closed) tell(state, item, { type: 'logprobs', tokens });
  growPart(state, item, 'text', { at: partIndex(data), text });
}

function readCitation(state: DecodeState, data: JsonObject): void {
  const annotation = asObject(data.annotation);
  if (annotation !== undefined) citePart(state, itemOf(state, data, false), partIndex(data), [annotation]);
}

function readDelta(kind: PartKind): ReadEvent {
  return (state, data) => {
    const text = asString(data.delta);
    if (text !== undefined) growPart(state, itemOf(state, data, false), kind, { at: partIndex(data), text });
  };
}

function readDone(kind: PartKind, field: string): ReadEvent {
  return (state, data) => {
    const text = asString(data[field]);
    if (text !== undefined) settlePart(state, itemOf(state, data, false), kind, { at: partIndex(data), text });
  };
}

function partIndex(data: JsonObject): number {
  return asNumber(data.content_index) ?? asNumber(data.summary_index) ?? 0;
}

function readEnd(state: DecodeState, data: JsonObject): void {
  readStart(state, data);
  const response = asObject(data.response) ?? {};
  finishOpenItems(state, asObjects(response.output));
  const usage = decodeUsage(response.usage);
  const status = asString(response.status) ?? asString(data.type)?.slice('response.'.length);
  const shown = { text: state.shownText, refusal: state.refusal };
  state.ended = true;
  state.emit({
    type: 'message-end',
    finish: decodeFinish(status, reasonOf(response), shown),
    ...(usage === undefined ? {} : { usage }),
  });
}

/** Tells what only the final object holds: items without a `done`, and items no event spoke of. */
function finishOpenItems(state: DecodeState, output: readonly JsonObject[]): void {
  const announced = state.items.size;
  for (const item of state.items.values()) {
    if (!item.closed) finishItem(state, item, findWhole(item, output) ?? item.head);
  }
  if (output.length <= announced) return;
  const known = new Set([...state.items.values()].map((item) => item.head.id));
  output.forEach((whole, index) => {
    if (state.items.has(index) || (whole.id !== undefined && known.has(whole.id))) return;
    const item = createItem(index);
    state.items.set(index, item);
    finishItem(state, item, whole);
  });
}

function findWhole(item: StreamItem, output: readonly JsonObject[]): JsonObject | undefined {
  const { id, type } = item.head;
  const same = id === undefined ? undefined : output.find((whole) => whole.id === id);
  const placed = output[item.index];
  return same ?? (placed?.type === type ? placed : undefined);
}

function readFailure(state: DecodeState, data: JsonObject): void {
  const body = asObject(data.response) ?? data;
  state.ended = true;
  state.emit({ type: 'stream-error', error: errorOfBody(body, state.context.createdAt) });
}
