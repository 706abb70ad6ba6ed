import type { CanonicalEvent } from '../canonical/event.ts';
import type { AnswerWishes } from '../canonical/request.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeOpenaiUsage } from '../openai-usage.ts';
import type { SseFrame } from '../stream/sse.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { completionFrame, writeLegacyLogprobs } from './encode-response.ts';
import { encodeStreamError } from './errors.ts';
import { FINISH_WORDS, type WireChoice, type WireCompletion } from './wire.ts';

interface State {
  readonly emit: Emit<SseFrame>;
  readonly answer: AnswerWishes;
  readonly frame: ReturnType<typeof completionFrame>;
  /** Of the text that comes next. */
  logprobs: readonly TokenLogprob[] | undefined;
  /** Where the next token begins in the text. */
  offset: number;
}

/** Encodes the events of an answer as chunks. Only text has a place in them. */
export function encodeStream(context: AnswerContext): Transducer<CanonicalEvent, SseFrame> {
  return (emit) => {
    const state: State = {
      emit,
      answer: context.request.answer,
      frame: completionFrame(context),
      logprobs: undefined,
      offset: 0,
    };
    return { push: (event) => encodeEvent(state, event), finish: () => {} };
  };
}

function encodeEvent(state: State, event: CanonicalEvent): void {
  const { echoPrompt, includeUsage } = state.answer;
  switch (event.type) {
    case 'message-start':
      if (echoPrompt !== undefined && echoPrompt !== '') sendText(state, echoPrompt, null);
      return;
    case 'text-delta':
      sendText(state, event.text, null);
      return;
    case 'logprobs':
      state.logprobs = event.tokens;
      return;
    case 'message-end':
      sendText(state, '', FINISH_WORDS[event.finish.reason]);
      if (includeUsage === true) send(state, { choices: [], usage: writeOpenaiUsage(event.usage ?? {}) });
      state.emit({ data: '[DONE]' });
      return;
    case 'stream-error':
      for (const frame of encodeStreamError(event.error)) state.emit(frame);
      return;
    default:
      return;
  }
}

function sendText(state: State, text: string, finish: string | null): void {
  const { logprobs: tokens } = state;
  const logprobs = tokens === undefined ? null : writeLegacyLogprobs(tokens, state.offset);
  state.logprobs = undefined;
  state.offset += text.length;
  const choice: WireChoice = { text, index: 0, logprobs, finish_reason: finish };
  const isUsageAsked = state.answer.includeUsage === true;
  send(state, isUsageAsked ? { choices: [choice], usage: null } : { choices: [choice] });
}

function send(state: State, rest: Pick<WireCompletion, 'choices' | 'usage'>): void {
  state.emit({ data: JSON.stringify({ ...state.frame, ...rest }) });
}
