import type { GatewayError } from '../base/gateway-error.ts';
import { asNumber, asObjects, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import { addUsage, type Usage } from '../base/usage.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import type { ChoiceFields } from './dialect.ts';
import type { SseFrame } from './stream/sse.ts';
import type { Emit, Sink } from './stream/transducer.ts';

/*
 * Several answers to one request. The hub knows one answer, so each choice is translated as if it were alone: the upstream's
 * bodies and frames are taken apart by choice before they are decoded, and put together after they are encoded.
 */

/** The bodies that each choice of a whole answer would have been alone; usage is told by the first. */
export function splitChoices(body: JsonObject, fields: ChoiceFields): readonly JsonObject[] {
  const choices = [...asObjects(body[fields.list])].sort((a, b) => indexOf(a) - indexOf(b));
  if (choices.length < 2) return [body];
  return choices.map((choice, at) => {
    const alone: JsonObject = { ...body, [fields.list]: [{ ...choice, index: 0 }] };
    return at === 0 ? alone : without(alone, fields.usage);
  });
}

/** The one body of answers that were encoded alone. */
export function joinChoices(bodies: readonly JsonObject[], fields: ChoiceFields): JsonObject {
  const choices = bodies.map((body, index) => ({ ...asObjects(body[fields.list])[0], index }));
  return { ...bodies[0], [fields.list]: choices };
}

/** The way of one choice: takes its frames, and is told of a broken connection. */
export interface AnswerSink extends Sink<SseFrame> {
  /** What comes from now on is of the next turn of the same answer; only where somebody asks for one. */
  nextTurn?(): void;
  fail(error: GatewayError): void;
}

/** Makes the two halves of the way of one choice, which meet in the canonical events between them. */
export interface ChoiceMakers {
  readonly decode: (emit: Emit<CanonicalEvent>) => Sink<SseFrame>;
  readonly encode: (emit: Emit<SseFrame>) => Sink<CanonicalEvent>;
  readonly upstream: ChoiceFields;
  readonly client: ChoiceFields;
}

type End = Extract<CanonicalEvent, { type: 'message-end' }>;

interface Lane {
  readonly decoder: Sink<SseFrame>;
  readonly encoder: Sink<CanonicalEvent>;
  /** Held back until every choice has ended, since only the last end tells the usage of all. */
  end: End | undefined;
}

interface State {
  readonly makers: ChoiceMakers;
  readonly emit: Emit<SseFrame>;
  readonly lanes: Lane[];
  /** True while the last choice ends: what stands beside choices is written then. */
  isLast: boolean;
  ended: boolean;
}

/** Translates a stream of several choices. */
export function openChoices(makers: ChoiceMakers, emit: Emit<SseFrame>): AnswerSink {
  const state: State = { makers, emit, lanes: [], isLast: false, ended: false };
  laneAt(state, 0);
  return {
    push: (frame) => takeFrame(state, frame),
    finish: () => {
      for (const lane of state.lanes) lane.decoder.finish();
      endAll(state);
    },
    fail: (error) => takeEvent(state, state.lanes[0]!, { type: 'stream-error', error }),
  };
}

function laneAt(state: State, index: number): Lane {
  const known = state.lanes[index];
  if (known !== undefined) return known;
  // a choice before this one that has not begun will begin: indices have no gaps
  if (index > state.lanes.length) laneAt(state, index - 1);
  const lane: Lane = {
    decoder: state.makers.decode((event) => takeEvent(state, lane, event)),
    encoder: state.makers.encode((frame) => emitFrame(state, frame, index)),
    end: undefined,
  };
  state.lanes.push(lane);
  return lane;
}

function takeFrame(state: State, frame: SseFrame): void {
  const { list, usage } = state.makers.upstream;
  const chunk = tryParseJson(frame.data);
  if (!isObject(chunk)) {
    for (const lane of [...state.lanes]) lane.decoder.push(frame);
    endAll(
      state,
      state.lanes.every((lane) => lane.end !== undefined),
    );
    return;
  }
  const choices = asObjects(chunk[list]);
  const first = choices.find((choice) => indexOf(choice) === 0);
  push(laneAt(state, 0), { ...chunk, [list]: first === undefined ? [] : [first] });
  for (const choice of choices) {
    const index = indexOf(choice);
    if (index > 0 && index < MOST_CHOICES) {
      push(laneAt(state, index), without({ ...chunk, [list]: [{ ...choice, index: 0 }] }, usage));
    }
  }
}

/** The most answers that any dialect gives; an upstream's index above it is none. */
const MOST_CHOICES = 128;

function push(lane: Lane, chunk: JsonObject): void {
  lane.decoder.push({ data: JSON.stringify(chunk) });
}

function takeEvent(state: State, lane: Lane, event: CanonicalEvent): void {
  if (state.ended) return;
  if (event.type === 'message-end') {
    lane.end = event;
    return;
  }
  if (event.type === 'stream-error') state.ended = true;
  lane.encoder.push(event);
}

/** What the choices before the last say of usage, which is left out of their frames. */
const NOTHING: Usage = { input: 0, output: 0 };

function endAll(state: State, isTime = true): void {
  if (state.ended || !isTime) return;
  const { lanes } = state;
  let usage: Usage | undefined;
  for (const { end } of lanes) if (end?.usage !== undefined) usage = usage ? addUsage(usage, end.usage) : end.usage;
  lanes.forEach((lane, index) => {
    if (lane.end === undefined) return;
    state.isLast = index === lanes.length - 1;
    const { finish } = lane.end;
    const counted = state.isLast ? usage : NOTHING;
    lane.encoder.push({ type: 'message-end', finish, ...(counted === undefined ? {} : { usage: counted }) });
  });
  state.ended = true;
}

/** Puts a choice's place into its frames. What stands beside choices, the usage and the end mark, comes once. */
function emitFrame(state: State, frame: SseFrame, index: number): void {
  const { list, usage } = state.makers.client;
  const chunk = tryParseJson(frame.data);
  const choices = isObject(chunk) ? asObjects(chunk[list]) : [];
  if (!isObject(chunk) || choices.length === 0) {
    if (state.isLast || (isObject(chunk) && chunk.error !== undefined)) state.emit(frame);
    return;
  }
  const placed: JsonObject = { ...chunk, [list]: choices.map((choice) => ({ ...choice, index })) };
  const isBeside = isObject(chunk[usage]) && !state.isLast;
  state.emit({ ...frame, data: JSON.stringify(isBeside ? without(placed, usage) : placed) });
}

function indexOf(choice: JsonObject): number {
  return asNumber(choice.index) ?? 0;
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _left, ...rest } = object;
  return rest;
}
