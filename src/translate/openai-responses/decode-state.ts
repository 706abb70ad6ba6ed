import type { JsonObject } from '../../base/json.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Emit } from '../stream/transducer.ts';

/** An output item of a stream on its way. */
export interface StreamItem {
  readonly index: number;
  /** The item as it was announced; empty until it was. */
  head: JsonObject;
  /** The block that is open for it. */
  block: 'text' | 'refusal' | 'reasoning' | 'call' | undefined;
  /** The part of the item that is being told. */
  part: string | undefined;
  /** What has been told of each part. */
  readonly told: Map<string, string>;
  /** How many sources of each part have been told. */
  readonly cited: Map<string, number>;
  /** True once something was told of it. */
  begun: boolean;
  closed: boolean;
  /** Events that wait for the items before it. */
  held: CanonicalEvent[];
}

/** What a stream has told so far. Its items come out in an order in which no two of them are open at once. */
export interface DecodeState {
  readonly emit: Emit<CanonicalEvent>;
  readonly context: AnswerContext;
  readonly items: Map<number, StreamItem>;
  /** Items that were begun and have not ended; the events of the first one go out. */
  readonly waiting: StreamItem[];
  /** The item of the event before, for servers that do not say which. */
  last: StreamItem | undefined;
  started: boolean;
  ended: boolean;
  shownText: boolean;
  refusal: string;
}

/** The state before the first event. */
export function createDecodeState(context: AnswerContext, emit: Emit<CanonicalEvent>): DecodeState {
  return {
    emit,
    context,
    items: new Map(),
    waiting: [],
    last: undefined,
    started: false,
    ended: false,
    shownText: false,
    refusal: '',
  };
}

/** A new item. */
export function createItem(index: number): StreamItem {
  return {
    index,
    head: {},
    block: undefined,
    part: undefined,
    told: new Map(),
    cited: new Map(),
    begun: false,
    closed: false,
    held: [],
  };
}

/** Gives out an event of an item, once every item that began before it has ended. */
export function tell(state: DecodeState, item: StreamItem, event: CanonicalEvent): void {
  if (!item.begun) {
    item.begun = true;
    state.waiting.push(item);
  }
  if (state.waiting[0] === item) state.emit(event);
  else item.held.push(event);
}

/** Ends an item, and lets those go on that waited for it. */
export function closeItem(state: DecodeState, item: StreamItem): void {
  item.closed = true;
  while (state.waiting[0]?.closed) {
    state.waiting.shift();
    const next = state.waiting[0];
    if (next === undefined) return;
    for (const event of next.held) state.emit(event);
    next.held = [];
  }
}
