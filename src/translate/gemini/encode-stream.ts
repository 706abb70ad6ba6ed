import { mintId } from '../../base/id.ts';
import type { JsonObject } from '../../base/json.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import type { AnswerContext } from '../dialect.ts';
import type { Seal } from '../seal.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { type PlacedCitation, writeGrounding } from './citations.ts';
import { areWhole, readArguments, writeAnswerMedia, writeOpaque, writeSignature } from './encode-answer-parts.ts';
import { encodeStreamError } from './errors.ts';
import { writeLogprobsResult } from './logprobs.ts';
import { writeFinishReason, writeUsage } from './vocabulary.ts';
import type { WirePart } from './wire.ts';

type Event<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface State {
  readonly emit: Emit<SseFrame>;
  /** What stands before and after the part of a chunk that has one part. */
  readonly head: string;
  readonly tail: string;
  readonly close: string;
  readonly showThoughts: boolean;
  /** The program that asked, in short. */
  readonly client: string | undefined;
  /** What the last chunk begins with. */
  readonly lastHead: string;
  /** All that was said, where the open text begins in it, and the sources it names: those are told at the end. */
  text: string;
  textStart: number;
  readonly citations: PlacedCitation[];
  /** The seal of a thought, until it is known whether a call follows that can carry it. */
  heldSeal: Seal | undefined;
  call: Event<'tool-call-start'> | undefined;
  args: string;
  /** True when a call has ended whose arguments are not whole: what comes next tells whether it was cut off. */
  inDoubt: boolean;
  /** Of the text that comes next. */
  logprobs: readonly TokenLogprob[] | undefined;
}

/** Encodes events as chunks: each a whole `GenerateContentResponse` with the part that is new. */
export function encodeStream(context: AnswerContext): Transducer<CanonicalEvent, SseFrame> {
  const answer = answerFields(context);
  const head = '{"candidates":[{"content":{"role":"model","parts":[';
  const close = `,${JSON.stringify(answer).slice(1)}`;
  return (emit) => {
    const state: State = {
      emit,
      head,
      tail: `]},"index":0}]${close}`,
      close,
      showThoughts: context.request.answer.showReasoning !== false,
      client: context.client,
      lastHead: context.client === 'generative-ai' ? '{"candidates":[{' : `${head}{"text":""}]},`,
      text: '',
      textStart: 0,
      citations: [],
      heldSeal: undefined,
      call: undefined,
      args: '',
      inDoubt: false,
      logprobs: undefined,
    };
    return { push: (event) => encodeEvent(state, event), finish: () => {} };
  };
}

/** The fields that every chunk of an answer repeats. */
export function answerFields({ request, exchangeId }: AnswerContext) {
  return { modelVersion: request.model, responseId: mintId('', exchangeId, 22) };
}

function encodeEvent(state: State, event: CanonicalEvent): void {
  if (state.inDoubt) settleDoubt(state, event);
  switch (event.type) {
    case 'text-delta':
      state.text += event.text;
      if (state.logprobs === undefined)
        state.emit({ data: `${state.head}{"text":${JSON.stringify(event.text)}}${state.tail}` });
      else encodeProbable(state, event.text, state.logprobs);
      return;
    case 'logprobs':
      state.logprobs = event.tokens;
      return;
    case 'reasoning-delta':
      if (state.showThoughts) emitPart(state, { text: event.text, thought: true });
      return;
    case 'text-start':
      flushSeal(state);
      state.textStart = state.text.length;
      return;
    case 'reasoning-start':
      flushSeal(state);
      return;
    case 'citation':
      state.citations.push({ citation: event.citation, base: state.textStart });
      return;
    case 'text-end':
      if (event.seal !== undefined) emitPart(state, { text: '', thoughtSignature: writeSignature(event.seal) });
      return;
    case 'reasoning-end':
      state.heldSeal = event.seal;
      return;
    case 'tool-call-start':
      state.call = event;
      state.args = '';
      return;
    case 'tool-call-delta':
      state.args += event.text;
      return;
    case 'tool-call-end':
      state.inDoubt = state.call !== undefined && !areWhole(state.args, state.call.kind);
      if (!state.inDoubt) encodeCall(state);
      return;
    case 'media':
      encodeOther(state, writeAnswerMedia(event.part));
      return;
    case 'opaque':
      encodeOther(state, writeOpaque(event.part));
      return;
    case 'message-end':
      encodeEnd(state, event);
      return;
    case 'stream-error':
      for (const frame of encodeStreamError(event.error, undefined, state.client)) state.emit(frame);
      return;
    case 'message-start':
    case 'loss':
      return;
    default:
      event satisfies never;
  }
}

function encodeProbable(state: State, text: string, tokens: readonly TokenLogprob[]): void {
  state.logprobs = undefined;
  const chances = JSON.stringify(writeLogprobsResult(tokens)).slice(1, -1);
  state.emit({ data: `${state.head}{"text":${JSON.stringify(text)}}]},${chances},"index":0}]${state.close}` });
}

function emitPart(state: State, part: WirePart | JsonObject): void {
  state.emit({ data: state.head + JSON.stringify(part) + state.tail });
}

/** A thought's seal without a call after it has a part of its own, which is a thought itself where those are shown. */
function flushSeal(state: State): void {
  const seal = state.heldSeal;
  if (seal === undefined) return;
  state.heldSeal = undefined;
  const thoughtSignature = writeSignature(seal);
  emitPart(state, state.showThoughts ? { text: '', thought: true, thoughtSignature } : { text: '', thoughtSignature });
}

/** Half a call must not be run: one that an error or the limit cut off is left out. */
function settleDoubt(state: State, event: CanonicalEvent): void {
  state.inDoubt = false;
  const isCut = event.type === 'stream-error' || (event.type === 'message-end' && event.finish.reason === 'length');
  if (isCut) state.call = undefined;
  else encodeCall(state);
}

/** One whole part. Clients keep the signature of a call even when they forget thoughts, so it also carries a thought's seal. */
function encodeCall(state: State): void {
  const { call, args } = state;
  if (call === undefined) return;
  if (call.seal !== undefined) flushSeal(state);
  const seal = call.seal ?? state.heldSeal;
  state.heldSeal = undefined;
  state.call = undefined;
  emitPart(state, {
    functionCall: { id: call.callId, name: call.name, args: readArguments(args, call.kind) },
    ...(seal === undefined ? {} : { thoughtSignature: writeSignature(seal) }),
  });
}

function encodeOther(state: State, part: WirePart | JsonObject | undefined): void {
  flushSeal(state);
  if (part !== undefined) emitPart(state, part);
}

/**
 * The last chunk has an empty text, since `@google/genai` throws a turn away when one of its chunks has no part; but its
 * predecessor `@google/generative-ai` throws away a turn with an empty text in it, so for that one the chunk has no content.
 */
function encodeEnd(state: State, event: Event<'message-end'>): void {
  flushSeal(state);
  const { finish, usage } = event;
  const reason = JSON.stringify(writeFinishReason(finish));
  const message = finish.explanation === undefined ? '' : `,"finishMessage":${JSON.stringify(finish.explanation)}`;
  const meta = JSON.stringify(writeUsage(usage));
  const sources = state.citations.length === 0 ? '' : sourcesOf(state);
  const candidate = `${state.lastHead}"finishReason":${reason}${message}${sources},"index":0}]`;
  state.emit({ data: `${candidate},"usageMetadata":${meta}${state.close}` });
}

function sourcesOf(state: State): string {
  const members = JSON.stringify(writeGrounding(state.citations, state.text)).slice(1, -1);
  return members === '' ? '' : `,${members}`;
}
