import { asObject, asString, isObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import { bareEvents } from '../bare-output.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AnswerContext } from '../dialect.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Transducer } from '../stream/transducer.ts';
import { type BlockState, closeBlock, isAmidCall, openBlock, pushDelta } from './decode-stream-block.ts';
import { errorInAnswer } from './errors.ts';
import { optionalField } from './optional-field.ts';
import { decodeFinish, mergeFigures, type UsageFigures, usageOf } from './vocabulary.ts';

interface State extends BlockState {
  figures: UsageFigures;
  started: boolean;
  ended: boolean;
  /** What `message_delta` said of the end. */
  stop: JsonObject | undefined;
  /** The index of the block that was opened last. */
  index: unknown;
  /** Events of other blocks that came in the midst of a call, as relays send them that mix the blocks. */
  held: { readonly read: ReadEvent; readonly data: JsonObject }[] | undefined;
}

/** Decodes the frames of a stream. Bad JSON, unknown events and whatever follows the end are passed over. */
export function decodeStream(context: AnswerContext): Transducer<SseFrame, CanonicalEvent> {
  const decode: Transducer<SseFrame, CanonicalEvent> = (emit) => {
    const state: State = {
      context,
      emit,
      block: undefined,
      blocks: 0,
      figures: {},
      started: false,
      ended: false,
      stop: undefined,
      index: undefined,
      held: undefined,
    };
    return {
      push: (frame) => {
        if (!state.ended) readFrame(state, frame);
      },
      finish: () => {
        if (!state.ended && state.stop !== undefined) end(state);
      },
    };
  };
  return bareEvents(decode, context.request.output);
}

function readFrame(state: State, frame: SseFrame): void {
  const data = tryParseJson(frame.data);
  if (!isObject(data)) return;
  const type = asString(data.type) ?? frame.event;
  const read = lookUp(READERS, type);
  if (read !== undefined) read(state, data);
  else if (isObject(data.error)) readError(state, data);
}

type ReadEvent = (state: State, data: JsonObject) => void;

/** What each event does; `ping` and events that are not here do nothing. */
const READERS: { readonly [event: string]: ReadEvent } = {
  message_start: readStart,
  content_block_start: (state, data) => inTurn(state, data, startBlock),
  content_block_delta: (state, data) => inTurn(state, data, readDelta),
  content_block_stop: (state, data) => inTurn(state, data, stopBlock),
  message_delta: readMessageDelta,
  message_stop: end,
  error: readError,
};

/** Some relays send a second start; only its figures count. */
function readStart(state: State, data: JsonObject): void {
  const message = asObject(data.message) ?? {};
  state.figures = mergeFigures(state.figures, message.usage);
  if (state.started) return;
  state.started = true;
  state.emit({
    type: 'message-start',
    ...optionalField('messageId', asString(message.id)),
    ...optionalField('model', asString(message.model)),
    ...optionalField('usage', usageOf(state.figures)),
  });
}

/** Reads an event of a block, or keeps it while another block is in the midst of a call. */
function inTurn(state: State, data: JsonObject, read: ReadEvent): void {
  const isOther = data.index !== state.index && state.block?.type === 'call' && data.index !== undefined;
  if (!isOther || !isAmidCall(state)) read(state, data);
  else if (state.held === undefined) state.held = [{ read, data }];
  else state.held.push({ read, data });
}

function startBlock(state: State, data: JsonObject): void {
  openBlock(state, asObject(data.content_block) ?? {});
  state.index = data.index;
}

function readDelta(state: State, data: JsonObject): void {
  pushDelta(state, asObject(data.delta) ?? {});
}

function stopBlock(state: State): void {
  closeBlock(state);
  const { held } = state;
  if (held === undefined) return;
  state.held = undefined;
  for (const { read, data } of held) inTurn(state, data, read);
}

function readMessageDelta(state: State, data: JsonObject): void {
  state.figures = mergeFigures(state.figures, data.usage);
  const delta = asObject(data.delta);
  if (asString(delta?.stop_reason) !== undefined) state.stop = delta;
}

function end(state: State): void {
  while (state.held !== undefined) stopBlock(state);
  closeBlock(state);
  state.ended = true;
  const usage = usageOf(state.figures);
  state.emit({ type: 'message-end', finish: decodeFinish(state.stop ?? {}), ...optionalField('usage', usage) });
}

function readError(state: State, data: JsonObject): void {
  const error = errorInAnswer({ ...data, type: 'error' });
  if (error === undefined) return;
  closeBlock(state);
  state.ended = true;
  state.emit({ type: 'stream-error', error });
}
