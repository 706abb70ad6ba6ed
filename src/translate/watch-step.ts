import type { CanonicalEvent } from './canonical/event.ts';
import type { AssistantPart } from './canonical/request.ts';
import type { AnsweredStep, StepCall, StepPiece } from './remembered-step.ts';
import type { Seal } from './seal.ts';
import { type SealOrigin, withOrigin } from './seal-origin.ts';
import type { Emit, Transducer } from './stream/transducer.ts';

/** What becomes of the seals of an answer. */
export interface SealWatch {
  readonly origin: SealOrigin;
  /** True: thoughts without a seal are worth keeping too, since the upstream wants them back. */
  readonly keepsText: boolean;
  /** Takes a whole answer that had something to keep. Absent: the client sends everything back itself. */
  readonly keep?: (step: AnsweredStep) => void;
}

interface State {
  readonly watch: SealWatch;
  readonly emit: Emit<CanonicalEvent>;
  readonly pieces: StepPiece[];
  readonly calls: StepCall[];
  /** Of the block that is open. */
  thought: string;
  textStart: number;
  /** How much was said, and what since it is known that it may matter: an answer without thoughts is not gathered. */
  said: number;
  text: string;
  gathers: boolean;
  args: string;
  isWorthKeeping: boolean;
}

/** Writes the origin on the seals of a streamed answer, and keeps what its client may not send back. */
export function watchSteps(watch: SealWatch): Transducer<CanonicalEvent, CanonicalEvent> {
  return (emit) => {
    const state = startState(watch, emit);
    return { push: (event) => watchEvent(state, event), finish: () => {} };
  };
}

/** The same for a whole answer: its parts, with their seals' origin. */
export function watchParts(watch: SealWatch, parts: readonly AssistantPart[]): readonly AssistantPart[] {
  const state = startState(watch, () => {});
  const told = parts.map((part) => watchPart(state, part));
  finishStep(state);
  return told;
}

function startState(watch: SealWatch, emit: Emit<CanonicalEvent>): State {
  return {
    watch,
    emit,
    pieces: [],
    calls: [],
    thought: '',
    textStart: 0,
    said: 0,
    text: '',
    // Gemini proves what it said when it has said it
    gathers: watch.keep !== undefined && watch.origin.dialect === 'gemini',
    args: '',
    isWorthKeeping: false,
  };
}

function watchEvent(state: State, event: CanonicalEvent): void {
  switch (event.type) {
    case 'text-delta':
      addSaid(state, event.text);
      state.emit(event);
      return;
    case 'reasoning-delta':
      state.thought += event.text;
      state.emit(event);
      return;
    case 'tool-call-delta':
      state.args += event.text;
      state.emit(event);
      return;
    case 'text-end': {
      const seal = addText(state, event.seal);
      state.emit(seal === undefined ? event : { ...event, seal });
      return;
    }
    case 'reasoning-start':
      state.gathers = state.watch.keep !== undefined;
      state.emit(event);
      return;
    case 'reasoning-end': {
      const seal = addThought(state, state.thought, event.seal);
      state.thought = '';
      state.emit(seal === undefined ? event : { ...event, seal });
      return;
    }
    case 'tool-call-start': {
      const seal = addCall(state, event.callId, event.seal);
      state.calls.push({ callId: event.callId, name: event.name, arguments: '' });
      state.emit(seal === undefined ? event : { ...event, seal });
      return;
    }
    case 'tool-call-end':
      state.calls[state.calls.length - 1] = { ...state.calls[state.calls.length - 1]!, arguments: state.args };
      state.args = '';
      state.emit(event);
      return;
    case 'message-end':
      // before the client knows that the answer is over: its next request may come at once
      finishStep(state);
      state.emit(event);
      return;
    default:
      state.emit(event);
  }
}

function watchPart(state: State, part: AssistantPart): AssistantPart {
  switch (part.type) {
    case 'text': {
      addSaid(state, part.text);
      const seal = addText(state, part.seal);
      return seal === undefined ? part : { ...part, seal };
    }
    case 'reasoning': {
      state.gathers = state.watch.keep !== undefined;
      const seal = addThought(state, part.text, part.seal);
      return seal === undefined ? part : { ...part, seal };
    }
    case 'tool-call': {
      const seal = addCall(state, part.callId, part.seal);
      state.calls.push(part);
      return seal === undefined ? part : { ...part, seal };
    }
    default:
      return part;
  }
}

function addSaid(state: State, text: string): void {
  state.said += text.length;
  if (state.gathers) state.text += text;
}

function addText(state: State, seal: Seal | undefined): Seal | undefined {
  const length = state.said - state.textStart;
  state.textStart = state.said;
  const told = seal === undefined ? undefined : withOrigin(seal, state.watch.origin);
  addPiece(state, told === undefined ? { type: 'text', length } : { type: 'text', length, seal: told });
  return told;
}

function addThought(state: State, text: string, seal: Seal | undefined): Seal | undefined {
  if (seal === undefined) {
    if (text !== '' && state.watch.keepsText) {
      state.isWorthKeeping = true;
      state.pieces.push({ type: 'thought', part: { type: 'reasoning', text } });
    }
    return undefined;
  }
  const told = withOrigin(seal, state.watch.origin, text);
  state.isWorthKeeping = true;
  state.pieces.push({ type: 'thought', part: { type: 'reasoning', text, seal: told } });
  return told;
}

function addCall(state: State, callId: string, seal: Seal | undefined): Seal | undefined {
  const told = seal === undefined ? undefined : withOrigin(seal, state.watch.origin);
  addPiece(state, told === undefined ? { type: 'call', callId } : { type: 'call', callId, seal: told });
  return told;
}

function addPiece(state: State, piece: Extract<StepPiece, { type: 'text' | 'call' }>): void {
  if (piece.seal !== undefined) state.isWorthKeeping = true;
  state.pieces.push(piece);
}

function finishStep({ watch, isWorthKeeping, pieces, calls, text, said }: State): void {
  // half of what was said finds nothing
  if (isWorthKeeping) watch.keep?.({ pieces, calls, text: text.length === said ? text : '' });
}
