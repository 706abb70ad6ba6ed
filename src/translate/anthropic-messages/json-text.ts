import type { CanonicalEvent } from '../canonical/event.ts';
import type { Emit, Transducer } from '../stream/transducer.ts';
import { repairText, type TextRepair } from './output-format.ts';

interface State {
  readonly emit: Emit<CanonicalEvent>;
  readonly repair: TextRepair;
  /** `start`: a fence may still begin; `fenced`: in one, its end held back; `plain`: passed on; `closed`: no text is open. */
  mode: 'start' | 'fenced' | 'plain' | 'closed';
  held: string;
}

/** What may still become an opening fence. */
const MAYBE_FENCE = /^\s*(?:`{0,2}|```\w*[ \t]*)$/;
const OPENING = /^\s*```\w*[ \t]*\n/;
const MAYBE_CLOSING = /\s*`{0,3}\s*$/;

/**
 * Takes from the text of a stream what was put around the wanted JSON. A fence is held back only until it is decided; text in a
 * wrapping object is held back whole, since its value cannot be told apart earlier.
 */
export function repairStreamText(repair: TextRepair): Transducer<CanonicalEvent, CanonicalEvent> {
  return (emit) => {
    const state: State = { emit, repair, mode: 'closed', held: '' };
    return {
      push: (event) => {
        if (event.type === 'text-delta') pushText(state, event.text);
        else {
          if (event.type !== 'loss') flush(state);
          if (event.type === 'text-start') state.mode = 'start';
          emit(event);
        }
      },
      finish: () => flush(state),
    };
  };
}

function pushText(state: State, text: string): void {
  state.held += text;
  if (state.repair === 'unwrap-word' || state.repair === 'unwrap-value') {
    if (state.mode === 'closed') state.mode = 'start';
    return;
  }
  if (state.mode === 'start' || state.mode === 'closed') decide(state);
  if (state.mode === 'plain') send(state, state.held.length);
  else if (state.mode === 'fenced') send(state, MAYBE_CLOSING.exec(state.held)?.index ?? state.held.length);
}

function decide(state: State): void {
  const opening = OPENING.exec(state.held);
  if (opening !== null) {
    state.mode = 'fenced';
    state.held = state.held.slice(opening[0].length);
  } else state.mode = MAYBE_FENCE.test(state.held) ? 'start' : 'plain';
}

function send(state: State, length: number): void {
  const text = state.held.slice(0, length);
  state.held = state.held.slice(length);
  if (text !== '') state.emit({ type: 'text-delta', text });
}

function flush(state: State): void {
  if (state.mode === 'closed') return;
  if (state.mode === 'fenced') state.held = state.held.replace(/\s*(?:```)?\s*$/, '');
  else state.held = repairText(state.held, state.repair);
  send(state, state.held.length);
  state.mode = 'closed';
}
