import type { GatewayError } from '../base/gateway-error.ts';
import type { JsonObject } from '../base/json.ts';
import { mergeUsage, type Usage } from '../base/usage.ts';
import type { CanonicalEvent } from '../translate/canonical/event.ts';
import type { Finish } from '../translate/canonical/response.ts';
import type { Loss } from '../translate/loss.ts';
import { parseSse, type SseFrame } from '../translate/stream/sse.ts';
import { type AnswerRoute, openAnswer } from '../translate/translate-answer.ts';
import { createFrameWriter } from './frame-writer.ts';

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
  /** Characters of a translated answer. */
  told?: number;
  /** Bytes of a passed answer, and the last read of them. */
  passedBytes?: number;
  lastPassed?: Uint8Array;
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
      facts.contentSeen = true;
      facts.told = (facts.told ?? 0) + event.text.length;
      return;
    case 'tool-call-delta':
      facts.told = (facts.told ?? 0) + event.text.length;
      return;
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
