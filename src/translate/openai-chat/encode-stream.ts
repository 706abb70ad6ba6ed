import type { Citation } from '../canonical/citation.ts';
import type { CanonicalEvent } from '../canonical/event.ts';
import type { MediaPart } from '../canonical/request.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import { escapeInput, INPUT_CLOSE, INPUT_OPEN } from '../custom-input.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeOpenaiUsage } from '../openai-usage.ts';
import { joinBase64, openWav, rateOfPcm } from '../pcm-sound.ts';
import type { Seal } from '../seal.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { writeAnnotation } from './citations.ts';
import {
  answerId,
  type CallForm,
  callFormOf,
  createdSeconds,
  encodeAudio,
  encodeImage,
  extraContent,
  hidesThoughts,
  imageOf,
  logprobsOf,
  refusalOf,
  type SoundData,
  soundOf,
  takesPcm,
} from './encode-response.ts';
import { encodeStreamError } from './errors.ts';
import { proofDetails, textDetail } from './reasoning-details.ts';
import { writeFinish } from './vocabulary.ts';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface State {
  readonly emit: Emit<SseFrame>;
  readonly context: AnswerContext;
  /** Every chunk up to its delta, and from the delta on: written once, since only the delta differs. */
  readonly head: string;
  readonly tail: string;
  readonly asDetails: boolean;
  readonly hidesThoughts: boolean;
  isRefusal: boolean;
  /** True once words of a refusal were told. */
  isRefused: boolean;
  /** The length of what was said so far, and where the open text begins in it. */
  length: number;
  textStart: number;
  thoughts: number;
  calls: number;
  callForm: CallForm;
  hasArguments: boolean;
  images: number;
  hasSound: boolean;
  /** Of the text that comes next. */
  logprobs: readonly TokenLogprob[] | undefined;
}

/** Encodes the events of an answer as chunks. */
export function encodeStream(context: AnswerContext): Transducer<CanonicalEvent, SseFrame> {
  return (emit) => {
    const state = startState(emit, context);
    return { push: (event) => encodeEvent(state, event), finish: () => {} };
  };
}

function startState(emit: Emit<SseFrame>, context: AnswerContext): State {
  const { request } = context;
  const usage = request.answer.includeUsage === true ? ',"usage":null}' : '}';
  return {
    emit,
    context,
    head: `${openingOf(context)},"choices":[{"index":0,"delta":`,
    tail: `,"finish_reason":null,"logprobs":null}]${usage}`,
    asDetails: request.answer.reasoningDetails === true,
    hidesThoughts: hidesThoughts(context),
    isRefusal: false,
    isRefused: false,
    length: 0,
    textStart: 0,
    thoughts: 0,
    calls: 0,
    callForm: 'function',
    hasArguments: false,
    images: 0,
    hasSound: false,
    logprobs: undefined,
  };
}

function openingOf(context: AnswerContext): string {
  const created = createdSeconds(context);
  const model = JSON.stringify(context.request.model);
  return `{"id":"${answerId(context)}","object":"chat.completion.chunk","created":${created},"model":${model}`;
}

function encodeEvent(state: State, event: CanonicalEvent): void {
  switch (event.type) {
    case 'message-start':
      sendDelta(state, '{"role":"assistant","content":""}');
      return;
    case 'text-start':
      state.isRefusal = event.refusal === true;
      state.textStart = state.length;
      return;
    case 'text-delta':
      encodeText(state, event.text);
      return;
    case 'citation':
      encodeCitation(state, event.citation);
      return;
    case 'reasoning-delta':
      encodeThought(state, event.text);
      return;
    case 'reasoning-end':
      endThought(state, event.seal);
      return;
    case 'tool-call-start':
      startCall(state, event);
      return;
    case 'tool-call-delta':
      state.hasArguments = true;
      encodeArguments(state, event.text);
      return;
    case 'tool-call-end':
      endCall(state);
      return;
    case 'logprobs':
      state.logprobs = event.tokens;
      return;
    case 'media':
      encodeMedia(state, event.part);
      return;
    case 'message-end':
      end(state, event);
      return;
    case 'stream-error':
      for (const frame of encodeStreamError(event.error)) state.emit(frame);
      return;
    case 'text-end':
    case 'reasoning-start':
    case 'opaque':
    case 'loss':
      return;
    default:
      event satisfies never;
  }
}

function sendDelta(state: State, delta: string): void {
  state.emit({ data: state.head + delta + state.tail });
}

function encodeText(state: State, text: string): void {
  if (!state.isRefusal) state.length += text.length;
  else state.isRefused = true;
  if (state.logprobs !== undefined && !state.isRefusal) {
    const chances = JSON.stringify(logprobsOf(state.logprobs));
    state.logprobs = undefined;
    const tail = state.tail.replace('"logprobs":null', () => `"logprobs":${chances}`);
    state.emit({ data: `${state.head}{"content":${JSON.stringify(text)}}${tail}` });
    return;
  }
  sendDelta(state, `{"${state.isRefusal ? 'refusal' : 'content'}":${JSON.stringify(text)}}`);
}

function encodeCitation(state: State, citation: Citation): void {
  const annotations = writeAnnotation(citation, state.textStart);
  if (annotations.length > 0) sendDelta(state, JSON.stringify({ annotations }));
}

function encodeThought(state: State, text: string): void {
  if (state.hidesThoughts) return;
  const told = JSON.stringify(text);
  if (!state.asDetails) {
    sendDelta(state, `{"reasoning_content":${told}}`);
    return;
  }
  const details = JSON.stringify([textDetail(text, state.thoughts)]);
  sendDelta(state, `{"reasoning":${told},"reasoning_details":${details}}`);
}

function endThought(state: State, seal: Seal | undefined): void {
  const index = state.thoughts++;
  if (seal === undefined || !state.asDetails || state.hidesThoughts) return;
  sendDelta(state, JSON.stringify({ reasoning_details: proofDetails(seal, index) }));
}

function startCall(state: State, call: EventOf<'tool-call-start'>): void {
  state.callForm = callFormOf(call, state.context);
  state.hasArguments = false;
  const definition =
    state.callForm === 'custom'
      ? { type: 'custom', custom: { name: call.name, input: '' } }
      : { type: 'function', function: { name: call.name, arguments: '' } };
  const extra = call.seal === undefined ? {} : { extra_content: extraContent(call.seal) };
  sendDelta(state, JSON.stringify({ tool_calls: [{ index: state.calls, id: call.callId, ...definition, ...extra }] }));
  if (state.callForm === 'wrapped') sendArguments(state, INPUT_OPEN);
}

function encodeArguments(state: State, text: string): void {
  sendArguments(state, state.callForm === 'wrapped' ? escapeInput(text) : text);
}

function sendArguments(state: State, text: string): void {
  const field = state.callForm === 'custom' ? '"custom":{"input":' : '"function":{"arguments":';
  sendDelta(state, `{"tool_calls":[{"index":${state.calls},${field}${JSON.stringify(text)}}}]}`);
}

function endCall(state: State): void {
  // clients parse the sum of the pieces: nothing at all is no JSON
  if (!state.hasArguments && state.callForm === 'function') sendArguments(state, '{}');
  if (state.callForm === 'wrapped') sendArguments(state, INPUT_CLOSE);
  state.calls++;
}

function encodeMedia(state: State, part: MediaPart): void {
  const url = imageOf(part);
  const sound = soundOf(part);
  if (url !== undefined) sendDelta(state, JSON.stringify({ images: [encodeImage(url, state.images++)] }));
  else if (sound !== undefined) encodeSound(state, sound);
}

/** Sound comes in pieces, the first of which begins the file where the client wants one. */
function encodeSound(state: State, { mimeType, data }: SoundData): void {
  const rate = rateOfPcm(mimeType);
  const opens = rate !== undefined && !state.hasSound && !takesPcm(state.context);
  state.hasSound = true;
  const piece = opens ? joinBase64([openWav(rate), data]) : data;
  sendDelta(state, JSON.stringify({ audio: encodeAudio(piece, state.context) }));
}

function end(state: State, { finish, usage }: EventOf<'message-end'>): void {
  const refusal = state.length > 0 || state.isRefused ? undefined : refusalOf(finish);
  if (refusal !== undefined) sendDelta(state, JSON.stringify({ refusal }));
  const word = JSON.stringify(writeFinish(finish));
  state.emit({ data: `${state.head}{}${state.tail.replace('"finish_reason":null', `"finish_reason":${word}`)}` });
  if (state.context.request.answer.includeUsage === true) {
    const counts = JSON.stringify(writeOpenaiUsage(usage ?? {}));
    state.emit({ data: `${openingOf(state.context)},"choices":[],"usage":${counts}}` });
  }
  state.emit({ data: '[DONE]' });
}
