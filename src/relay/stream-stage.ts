import { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import { mergeUsage, type Usage } from '../base/usage.ts';
import type { CanonicalEvent } from '../translate/canonical/event.ts';
import type { Finish } from '../translate/canonical/response.ts';
import type { ClientCodec, StreamWatcher } from '../translate/dialect.ts';
import type { Loss } from '../translate/loss.ts';
import { writeJsonArray } from '../translate/stream/json-array.ts';
import { parseSse, type SseFrame, writeSse } from '../translate/stream/sse.ts';
import type { Sink } from '../translate/stream/transducer.ts';
import { type AnswerRoute, openAnswer } from '../translate/translate-answer.ts';
import { createFrameGate, endOfFirstFrame } from './frame-gate.ts';
import { withoutUsage } from './hide-usage.ts';
import { createSkimmer } from './skim-frames.ts';

/** What is known of a stream so far. */
export interface StreamFacts {
  contentSeen: boolean;
  ended: boolean;
  error?: GatewayError;
  usage?: Usage;
  finish?: Finish;
  /** The id under which the upstream of a passed answer stores it. */
  storedAs?: string;
  /** The finished object of a passed answer that its upstream does not store. */
  unstored?: JsonObject;
  readonly losses: Loss[];
}

/** Turns what an upstream sends into what the client gets, read by read. */
export interface StreamStage {
  readonly facts: StreamFacts;
  /** True: `facts.ended` is known at once, and nothing that comes after it matters. */
  readonly knowsItsEnd: boolean;
  push(bytes: Uint8Array): Uint8Array | string;
  /** The upstream has no more. What comes out ends the client's stream properly, in an error if need be. */
  finish(): string;
  /** What comes from now on continues an answer that was paused. Absent: it goes on with nobody's help. */
  nextTurn?(): void;
  /** The stream broke for this reason. */
  fail(error: GatewayError): string;
}

/** How frames are put on the wire: one SSE stream, or the elements of a JSON array. */
interface FrameWriter {
  readonly sink: Sink<SseFrame>;
  take(): string;
  /** What is left at the end. An array stays open after an error: libraries that look at none would take it for a whole answer. */
  end(broken: boolean): string;
}

function createFrameWriter(asArray: boolean): FrameWriter {
  let text = '';
  const take = () => {
    const taken = text;
    text = '';
    return taken;
  };
  if (asArray) {
    const sink = writeJsonArray((piece) => {
      text += piece;
    });
    const end = (broken: boolean) => {
      if (!broken) sink.finish();
      return take();
    };
    return { sink, take, end };
  }
  const push = (frame: SseFrame) => {
    text += writeSse(frame);
  };
  return { sink: { push, finish: () => {} }, take, end: take };
}

/** Looks at the frames that go to a client. */
export type SeeFrame = (frame: SseFrame) => void;

/** Decodes, mends and encodes: the way between two dialects. `see` is shown each frame before the client has it. */
export function translateStage(route: AnswerRoute, asArray: boolean, see?: SeeFrame): StreamStage {
  const facts: StreamFacts = { contentSeen: false, ended: false, losses: [] };
  const writer = createFrameWriter(asArray);
  const write: SeeFrame = (frame) => writer.sink.push(frame);
  const answer = openAnswer(route, see === undefined ? write : both(see, write), (event) => note(facts, event));
  let bytes = parseSse((frame) => answer.push(frame));
  const end = () => writer.end(facts.error !== undefined);
  return {
    facts,
    knowsItsEnd: true,
    nextTurn: () => {
      bytes = parseSse((frame) => answer.push(frame));
      answer.nextTurn?.();
    },
    push: (chunk) => {
      bytes.push(chunk);
      return writer.take();
    },
    finish: () => {
      bytes.finish();
      answer.finish();
      return end();
    },
    fail: (error) => {
      answer.fail(error);
      return end();
    },
  };
}

function both(first: SeeFrame, second: SeeFrame): SeeFrame {
  return (frame) => {
    first(frame);
    second(frame);
  };
}

function note(facts: StreamFacts, event: CanonicalEvent): void {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-call-start':
    case 'media':
      facts.contentSeen = true;
      return;
    case 'message-start':
      keepUsage(facts, event.usage);
      return;
    case 'message-end':
      keepUsage(facts, event.usage);
      facts.finish = event.finish;
      facts.ended = true;
      return;
    case 'stream-error':
      facts.error = event.error;
      facts.ended = true;
      return;
    case 'loss':
      facts.losses.push(event.loss);
      return;
    default:
      return;
  }
}

function keepUsage(facts: StreamFacts, usage: Usage | undefined): void {
  const merged = mergeUsage(facts.usage, usage);
  if (merged !== undefined) facts.usage = merged;
}

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

/** Passes bytes on frame by frame, unread but for a watcher: the way within one dialect. */
export function passStage(
  codec: ClientCodec,
  watcher: StreamWatcher,
  { asArray, client, spy, hidesUsage = false }: PassOptions,
): StreamStage {
  const facts: StreamFacts = { contentSeen: false, ended: false, losses: [] };
  const writer = createFrameWriter(asArray);
  const gate = createFrameGate();
  const frames = parseSse((frame) => {
    watcher.see(frame);
    spy?.push(frame);
    if (asArray) writer.sink.push(frame);
  });
  // a spy wants every frame
  const skim = createSkimmer((bytes) => frames.push(bytes), spy === undefined ? watcher.news : undefined);
  const refresh = () => Object.assign(facts, definedOf(watcher));
  const readOpening = (chunk: Uint8Array) => {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    while (rest.length > 0 && !facts.contentSeen) {
      const end = endOfFirstFrame(rest, OPENING_BYTES) || rest.length;
      frames.push(rest.subarray(0, end));
      rest = rest.subarray(end);
      refresh();
    }
    return rest;
  };
  const endWith = (error: GatewayError | undefined) => {
    if (error !== undefined) {
      facts.error = error;
      const last = codec.encodeStreamError(error, watcher.report(), client);
      for (const frame of last) writer.sink.push(frame);
    }
    facts.ended = true;
    return writer.end(facts.error !== undefined);
  };
  return {
    facts,
    knowsItsEnd: false,
    push: (chunk) => {
      if (asArray) {
        frames.push(chunk);
        if (!facts.contentSeen) refresh();
        return writer.take();
      }
      // until the first content every frame may decide; later only the end counts
      const rest = facts.contentSeen ? chunk : readOpening(chunk);
      if (rest.length > 0) skim.push(rest);
      const passed = gate.pass(chunk);
      return hidesUsage ? withoutUsage(passed) : passed;
    },
    finish: () => {
      skim.finish();
      frames.finish();
      spy?.finish();
      refresh();
      if (!facts.ended && facts.error === undefined) return endWith(endedEarly());
      if (asArray) return endWith(undefined);
      const bare = facts.error === undefined ? [] : codec.encodeStreamError(facts.error, undefined, client);
      const rest = gate.rest();
      return finishFrame(hidesUsage ? withoutUsage(rest) : rest, bare) + endWith(undefined);
    },
    fail: (error) => {
      skim.finish();
      refresh();
      return endWith(error);
    },
  };
}

/** A last frame that lacks its blank line gets one; an error that stands there bare, as Gemini writes it, becomes a frame. */
function finishFrame(rest: Uint8Array, error: readonly SseFrame[]): string {
  const text = new TextDecoder().decode(rest).trim();
  if (error.length > 0 && text.startsWith('{')) return error.map(writeSse).join('');
  return text === '' ? '' : `${text}\n\n`;
}

function definedOf(watcher: StreamWatcher): Partial<StreamFacts> {
  const { contentSeen, ended, error, usage, finish, storedAs, unstored } = watcher.report();
  return {
    contentSeen,
    ended,
    ...(error === undefined ? {} : { error }),
    ...(usage === undefined ? {} : { usage }),
    ...(finish === undefined ? {} : { finish }),
    ...(storedAs === undefined ? {} : { storedAs }),
    ...(unstored === undefined ? {} : { unstored }),
  };
}

function endedEarly(): GatewayError {
  return new GatewayError('upstream-malformed', 'The upstream ended its stream before the answer was finished.');
}
