import type { JsonObject } from '../../base/json.ts';
import type { Citation } from '../canonical/citation.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeStreamedLogprobs } from '../openai-logprobs.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Emit } from '../stream/transducer.ts';
import type { CallHead } from './output-items.ts';

/** The text that stands around the deltas of an item, made once. */
export interface DeltaFrame {
  readonly event: string;
  /** Up to the sequence number. */
  readonly head: string;
  /** From the sequence number to the text. */
  readonly middle: string;
  readonly tail: string;
}

/** An item that was announced and has not been closed. */
export interface OpenItem {
  readonly kind: 'message' | 'refusal' | 'reasoning' | 'raw-reasoning' | 'call' | 'search';
  readonly id: string;
  readonly index: number;
  /** Absent for an item that is told without pieces. */
  readonly delta?: DeltaFrame;
  /** Set for a call. */
  readonly call?: CallHead;
  text: string;
  /** The probabilities of what it says, when they were told. */
  logprobs?: TokenLogprob[];
  /** The sources that a message has named so far. */
  annotations?: JsonObject[];
}

/** What a stream has told its client so far. */
export interface EncodeState {
  readonly emit: Emit<SseFrame>;
  readonly context: AnswerContext;
  /** JSON members of the response object which never change. */
  readonly identity: string;
  readonly repeated: string;
  sequence: number;
  started: boolean;
  /** JSON of the items that were closed. */
  readonly output: string[];
  open: OpenItem | undefined;
  /** A block that has begun but shown nothing, so that no item stands for it yet. */
  begun: 'message' | 'refusal' | 'reasoning' | 'raw-reasoning' | undefined;
  /** Where the text that is being told begins in the open item, which several texts in a row share. */
  textStart: number;
  /** Sources of a text that has shown nothing yet: without words there is nothing that could rest on them. */
  citationsAhead: Citation[] | undefined;
  /** A seal that goes out once the open item is closed. */
  sealAfter: string | undefined;
  hasRefusal: boolean;
  /** Of the text that comes next. */
  logprobs: readonly TokenLogprob[] | undefined;
}

/** The state before the first event. */
export function createEncodeState(
  context: AnswerContext,
  emit: Emit<SseFrame>,
  fixed: { readonly identity: string; readonly repeated: string },
): EncodeState {
  return {
    emit,
    context,
    ...fixed,
    sequence: 0,
    started: false,
    output: [],
    open: undefined,
    begun: undefined,
    textStart: 0,
    citationsAhead: undefined,
    sealAfter: undefined,
    hasRefusal: false,
    logprobs: undefined,
  };
}

/** Sends an event; `members` is JSON without braces. */
export function send(state: EncodeState, event: string, members: string): void {
  state.emit({ event, data: `{"type":"${event}","sequence_number":${state.sequence++},${members}}` });
}

/** Makes the frame of an item's deltas; `place` says where in the item the text belongs. */
export function deltaFrame(event: string, place: string, tail = ''): DeltaFrame {
  return {
    event,
    head: `{"type":"${event}","sequence_number":`,
    middle: `,${place},"delta":`,
    tail: `${tail}}`,
  };
}

/** Sends a piece of an item's text. Nearly every event of a stream is one of these, so only the text is serialised. */
export function sendDelta(state: EncodeState, item: OpenItem, text: string): void {
  item.text += text;
  const { delta } = item;
  if (delta === undefined) return;
  const { event, head, middle, tail } = delta;
  state.emit({ event, data: `${head}${state.sequence++}${middle}${JSON.stringify(text)}${tail}` });
}

/** Sends a piece of a message with the probabilities of its tokens. */
export function sendProbableDelta(
  state: EncodeState,
  item: OpenItem,
  text: string,
  tokens: readonly TokenLogprob[],
): void {
  state.logprobs = undefined;
  item.logprobs = [...(item.logprobs ?? []), ...tokens];
  if (item.delta === undefined) return;
  const { event, head, middle } = item.delta;
  item.text += text;
  const tail = `,"logprobs":${JSON.stringify(writeStreamedLogprobs(tokens))}}`;
  state.emit({ event, data: `${head}${state.sequence++}${middle}${JSON.stringify(text)}${tail}` });
}
