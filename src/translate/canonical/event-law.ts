import { GatewayError } from '../../base/gateway-error.ts';
import { mergeUsage, type Usage } from '../../base/usage.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { CITATION_LOSS } from './citation.ts';
import type { CanonicalEvent } from './event.ts';
import type { Finish } from './response.ts';

type Block = 'text' | 'reasoning' | 'tool-call';

interface State {
  started: boolean;
  ended: boolean;
  open: Block | undefined;
  calls: number;
  usage: Usage | undefined;
}

/**
 * Mends the order of a decoder's events so that encoders can rely on it: one start, blocks that do not overlap, one end. It also
 * settles the finish reason from the content (upstreams say `stop` after tool calls) and turns an end without a finish into a
 * `stream-error`, since an invented end would pass half an answer off as a whole one.
 */
export const keepEventLaw: Transducer<CanonicalEvent, CanonicalEvent> = (emit) => {
  const state: State = { started: false, ended: false, open: undefined, calls: 0, usage: undefined };
  return {
    push: (event) => {
      if (!state.ended) apply(state, event, emit);
    },
    finish: () => {
      if (state.ended) return;
      state.ended = true;
      closeBlock(state, emit);
      const message = 'The upstream ended its stream before the answer was finished.';
      emit({ type: 'stream-error', error: new GatewayError('upstream-malformed', message) });
    },
  };
};

function apply(state: State, event: CanonicalEvent, emit: Emit<CanonicalEvent>): void {
  switch (event.type) {
    case 'message-start':
      state.usage = mergeUsage(state.usage, event.usage);
      if (!state.started) {
        state.started = true;
        emit(event);
      }
      return;
    case 'stream-error':
      closeBlock(state, emit);
      state.ended = true;
      emit(event);
      return;
    case 'message-end':
      start(state, emit);
      closeBlock(state, emit);
      state.ended = true;
      emit(endEvent(state, event.finish, mergeUsage(state.usage, event.usage)));
      return;
    case 'media':
    case 'opaque':
      start(state, emit);
      closeBlock(state, emit);
      emit(event);
      return;
    case 'loss':
    case 'logprobs':
      start(state, emit);
      emit(event);
      return;
    case 'citation':
      start(state, emit);
      emit(state.open === 'text' ? event : { type: 'loss', loss: CITATION_LOSS });
      return;
    default:
      applyBlock(state, event, emit);
  }
}

type BlockEvent = Exclude<
  CanonicalEvent,
  { type: 'message-start' | 'message-end' | 'stream-error' | 'media' | 'opaque' | 'loss' | 'logprobs' | 'citation' }
>;

function applyBlock(state: State, event: BlockEvent, emit: Emit<CanonicalEvent>): void {
  switch (event.type) {
    case 'text-start':
    case 'reasoning-start':
    case 'tool-call-start':
      start(state, emit);
      closeBlock(state, emit);
      state.open = blockOf(event);
      if (state.open === 'tool-call') state.calls++;
      emit(event);
      return;
    case 'text-delta':
    case 'reasoning-delta':
      if (event.text !== '') {
        openBlock(state, event.type === 'text-delta' ? 'text' : 'reasoning', emit);
        emit(event);
      }
      return;
    case 'tool-call-delta':
      if (state.open === 'tool-call' && event.text !== '') emit(event);
      return;
    case 'text-end':
    case 'reasoning-end':
      // a seal may come alone: the block it belongs to carried no text
      if (state.open !== blockOf(event) && event.seal !== undefined) openBlock(state, blockOf(event), emit);
      if (state.open === blockOf(event)) {
        state.open = undefined;
        emit(event);
      }
      return;
    case 'tool-call-end':
      if (state.open === 'tool-call') {
        state.open = undefined;
        emit(event);
      }
      return;
    default:
      event satisfies never;
  }
}

function start(state: State, emit: Emit<CanonicalEvent>): void {
  if (state.started) return;
  state.started = true;
  emit({ type: 'message-start' });
}

function openBlock(state: State, block: Block, emit: Emit<CanonicalEvent>): void {
  if (state.open === block) return;
  start(state, emit);
  closeBlock(state, emit);
  state.open = block;
  if (block === 'text') emit({ type: 'text-start' });
  else if (block === 'reasoning') emit({ type: 'reasoning-start' });
}

function closeBlock(state: State, emit: Emit<CanonicalEvent>): void {
  const open = state.open;
  state.open = undefined;
  if (open === 'text') emit({ type: 'text-end' });
  else if (open === 'reasoning') emit({ type: 'reasoning-end' });
  else if (open === 'tool-call') emit({ type: 'tool-call-end' });
}

function endEvent(state: State, finish: Finish, usage: Usage | undefined): CanonicalEvent {
  const settled = settleFinish(finish, state.calls);
  return usage === undefined
    ? { type: 'message-end', finish: settled }
    : { type: 'message-end', finish: settled, usage };
}

/** The finish as the content shows it: calls make `tool-calls` of a stop or a pause, and `tool-calls` without a call is a stop. */
export function settleFinish(finish: Finish, calls: number): Finish {
  const isOver = finish.reason === 'stop' || finish.reason === 'pause';
  if (isOver && calls > 0 && finish.stopSequence === undefined) {
    return { ...finish, reason: 'tool-calls' };
  }
  if (finish.reason === 'tool-calls' && calls === 0) return { ...finish, reason: 'stop' };
  return finish;
}

/** What an answer said, as far as its end depends on it. */
export interface ShownContent {
  readonly text: boolean;
  readonly refusal: string;
}

/** A refusal that is all that was said is how an answer ended, though services call it a stop. */
export function settleRefusal(finish: Finish, { text, refusal }: ShownContent): Finish {
  if (finish.reason !== 'stop' || text || refusal === '') return finish;
  return { ...finish, reason: 'content-filter', refused: true, explanation: refusal };
}

function blockOf(event: { readonly type: string }): Block {
  if (event.type.startsWith('text')) return 'text';
  return event.type.startsWith('reasoning') ? 'reasoning' : 'tool-call';
}
