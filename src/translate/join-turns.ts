import { addUsage, type Usage } from '../base/usage.ts';
import { type Collector, createCollector } from './canonical/collect.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import type { CanonicalResponse } from './canonical/response.ts';
import { approximated, type Loss } from './loss.ts';
import type { Emit, Sink } from './stream/transducer.ts';

/**
 * Told of a turn that its upstream paused. Answers true when the rest of it will be asked for: then the client hears nothing of
 * the pause, and the next turn goes on in the same answer.
 */
export type OnPause = (turn: CanonicalResponse) => boolean;

/** Several turns of an upstream on their way to one answer. */
export interface JoinedTurns extends Sink<CanonicalEvent> {
  /** What comes from now on is of the next turn. */
  nextTurn(): void;
}

interface State {
  readonly emit: Emit<CanonicalEvent>;
  readonly onPause: OnPause;
  turn: Collector;
  /** True from the second turn on: the answer has begun long ago. */
  goesOn: boolean;
  /** The tokens of the turns before. */
  spent: Usage | undefined;
  /** The end of a turn that paused, for the case that no other comes. */
  pausedAt: Extract<CanonicalEvent, { type: 'message-end' }> | undefined;
}

/** Joins the lawful events of turns into those of one answer. */
export function joinTurns(emit: Emit<CanonicalEvent>, onPause: OnPause): JoinedTurns {
  const state: State = {
    emit,
    onPause,
    turn: createCollector(),
    goesOn: false,
    spent: undefined,
    pausedAt: undefined,
  };
  return {
    push: (event) => takeEvent(state, event),
    nextTurn: () => {
      state.turn = createCollector();
      state.goesOn = true;
      state.spent = sumOf(state.spent, state.pausedAt?.usage);
      state.pausedAt = undefined;
    },
    finish: () => {
      if (state.pausedAt !== undefined) endWith(state, state.pausedAt);
    },
  };
}

function takeEvent(state: State, event: CanonicalEvent): void {
  state.turn.push(event);
  switch (event.type) {
    case 'message-start':
      if (!state.goesOn) state.emit(event);
      return;
    case 'message-end':
      if (event.finish.reason === 'pause' && state.onPause(state.turn.response())) state.pausedAt = event;
      else endWith(state, event);
      return;
    case 'stream-error':
      state.pausedAt = undefined;
      state.emit(event);
      return;
    default:
      state.emit(event);
  }
}

function endWith(state: State, end: Extract<CanonicalEvent, { type: 'message-end' }>): void {
  const usage = sumOf(state.spent, end.usage);
  state.pausedAt = undefined;
  state.emit(usage === undefined ? end : { ...end, usage });
}

/** What is lost when nobody goes on with an answer that its upstream paused. */
export const PAUSE_LOSS: Loss = approximated(
  'pause',
  'The upstream wanted to go on; for the client the answer is over.',
);

/** Joins whole turns into one answer, which ends as the last one does. */
export function joinAnswers(first: CanonicalResponse, second: CanonicalResponse): CanonicalResponse {
  const { usage: _last, ...rest } = second;
  const usage = sumOf(first.usage, second.usage);
  return {
    ...rest,
    ...(first.messageId === undefined ? {} : { messageId: first.messageId }),
    parts: [...first.parts, ...second.parts],
    ...(usage === undefined ? {} : { usage }),
    losses: [...first.losses, ...second.losses],
  };
}

function sumOf(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  return a === undefined || b === undefined ? (a ?? b) : addUsage(a, b);
}
