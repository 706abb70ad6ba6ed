import { GatewayError } from '../base/gateway-error.ts';
import type { ClientCodec, StreamWatcher } from '../translate/dialect.ts';
import { parseSse, type SseFrame, writeSse } from '../translate/stream/sse.ts';
import type { Sink } from '../translate/stream/transducer.ts';
import { createFrameGate, endOfFirstFrame, type FrameGate } from './frame-gate.ts';
import { createFrameWriter, type FrameWriter } from './frame-writer.ts';
import { withoutUsage } from './hide-usage.ts';
import { createSkimmer, type Skimmer } from './skim-frames.ts';
import type { StreamFacts, StreamStage } from './stream-stage.ts';

/** An opening is read by so many bytes at once. */
const OPENING_BYTES = 512;

/** For whom bytes pass, and who else looks at them. */
export interface PassOptions {
  readonly asArray: boolean;
  readonly client: string;
  readonly spy?: Sink<SseFrame>;
  /** True: a frame that tells usage alone is not for the client. */
  readonly hidesUsage?: boolean;
}

interface State {
  readonly codec: ClientCodec;
  readonly watcher: StreamWatcher;
  readonly options: PassOptions;
  readonly facts: StreamFacts;
  readonly writer: FrameWriter;
  readonly gate: FrameGate;
  /** Shows every frame of what it is given to all who look. */
  readonly frames: Sink<Uint8Array>;
  /** Shows those alone that may tell something new. */
  readonly skim: Skimmer;
}

/** Passes bytes on frame by frame, unread but for a watcher: the way within one dialect. */
export function passStage(codec: ClientCodec, watcher: StreamWatcher, options: PassOptions): StreamStage {
  const { asArray, spy } = options;
  const facts: StreamFacts = { contentSeen: false, ended: false, losses: [] };
  const writer = createFrameWriter(asArray);
  const frames = parseSse((frame) => {
    watcher.see(frame);
    spy?.push(frame);
    if (asArray) writer.sink.push(frame);
  });
  // a spy wants every frame
  const skim = createSkimmer((bytes) => frames.push(bytes), spy === undefined ? watcher.news : undefined);
  const state: State = { codec, watcher, options, facts, writer, gate: createFrameGate(), frames, skim };
  return {
    facts,
    knowsItsEnd: false,
    push: asArray ? (chunk) => passElements(state, chunk) : (chunk) => passBytes(state, chunk),
    finish: () => finishPassing(state),
    fail: (error) => {
      skim.finish();
      refresh(state);
      return endWith(state, error);
    },
  };
}

function passElements(state: State, chunk: Uint8Array): string {
  notePassed(state.facts, chunk);
  state.frames.push(chunk);
  if (!state.facts.contentSeen) refresh(state);
  return state.writer.take();
}

function passBytes(state: State, chunk: Uint8Array): Uint8Array {
  notePassed(state.facts, chunk);
  // until the first content every frame may decide; later only the end counts
  const rest = state.facts.contentSeen ? chunk : readOpening(state, chunk);
  if (rest.length > 0) state.skim.push(rest);
  return shown(state, state.gate.pass(chunk));
}

/** What a stream that breaks off is counted by. */
function notePassed(facts: StreamFacts, chunk: Uint8Array): void {
  facts.passedBytes = (facts.passedBytes ?? 0) + chunk.length;
  facts.lastPassed = chunk;
}

function readOpening(state: State, chunk: Uint8Array): Uint8Array {
  let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  while (rest.length > 0 && !state.facts.contentSeen) {
    const end = endOfFirstFrame(rest, OPENING_BYTES) || rest.length;
    state.frames.push(rest.subarray(0, end));
    rest = rest.subarray(end);
    refresh(state);
  }
  return rest;
}

function finishPassing(state: State): string {
  const { facts, options, codec, gate } = state;
  state.skim.finish();
  state.frames.finish();
  options.spy?.finish();
  refresh(state);
  if (!facts.ended && facts.error === undefined) return endWith(state, endedEarly());
  if (options.asArray) return endWith(state);
  const bare = facts.error === undefined ? [] : codec.encodeStreamError(facts.error, undefined, options.client);
  return finishFrame(shown(state, gate.rest()), bare) + endWith(state);
}

function endWith({ codec, watcher, options, facts, writer }: State, error?: GatewayError): string {
  if (error !== undefined) {
    facts.error = error;
    for (const frame of codec.encodeStreamError(error, watcher.report(), options.client)) writer.sink.push(frame);
  }
  facts.ended = true;
  return writer.end(facts.error !== undefined);
}

/** What of passing bytes is for the client. */
function shown({ options }: State, bytes: Uint8Array): Uint8Array {
  return options.hidesUsage === true ? withoutUsage(bytes) : bytes;
}

/** A last frame that lacks its blank line gets one; an error that stands there bare, as Gemini writes it, becomes a frame. */
function finishFrame(rest: Uint8Array, error: readonly SseFrame[]): string {
  const text = new TextDecoder().decode(rest).trim();
  if (error.length > 0 && text.startsWith('{')) return error.map(writeSse).join('');
  return text === '' ? '' : `${text}\n\n`;
}

function refresh({ facts, watcher }: State): void {
  const { contentSeen, ended, error, usage, finish, storedAs, unstored } = watcher.report();
  Object.assign(facts, {
    contentSeen,
    ended,
    ...(error === undefined ? {} : { error }),
    ...(usage === undefined ? {} : { usage }),
    ...(finish === undefined ? {} : { finish }),
    ...(storedAs === undefined ? {} : { storedAs }),
    ...(unstored === undefined ? {} : { unstored }),
  });
}

function endedEarly(): GatewayError {
  return new GatewayError('upstream-malformed', 'The upstream ended its stream before the answer was finished.');
}
