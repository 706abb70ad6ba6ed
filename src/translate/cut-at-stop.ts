import type { CanonicalEvent } from './canonical/event.ts';
import type { AssistantPart } from './canonical/request.ts';
import type { CanonicalResponse } from './canonical/response.ts';
import type { Emit, Transducer } from './stream/transducer.ts';

/** Characters of text that make about a token: the upstream that is left early never says what it counted. */
const CHARACTERS_PER_TOKEN = 4;

interface State {
  readonly stops: readonly string[];
  readonly emit: Emit<CanonicalEvent>;
  /** The end of the text so far, as long as a stop sequence may begin in it. */
  held: string;
  /** True within the words of a refusal, which are never cut. */
  isRefusal: boolean;
  /** Characters told so far. */
  told: number;
  ended: boolean;
}

/**
 * Ends an answer at its first stop sequence, for upstreams that take none. Text that may be the beginning of one is held back
 * until it is known. What comes after the cut is swallowed, so that the upstream can be left.
 */
export function cutAtStop(stops: readonly string[]): Transducer<CanonicalEvent, CanonicalEvent> {
  return (emit) => {
    const state: State = { stops, emit, held: '', isRefusal: false, told: 0, ended: false };
    return {
      push: (event) => {
        if (!state.ended) takeEvent(state, event);
      },
      finish: () => {},
    };
  };
}

/** Events that stand beside a text and do not end it. */
const BESIDE: ReadonlySet<CanonicalEvent['type']> = new Set(['citation', 'logprobs', 'loss']);

function takeEvent(state: State, event: CanonicalEvent): void {
  if (event.type === 'text-delta' && !state.isRefusal) {
    takeText(state, event);
    return;
  }
  if (event.type === 'text-start') state.isRefusal = event.refusal === true;
  // what was only a beginning is text after all
  if (state.held !== '' && !BESIDE.has(event.type)) tell(state, state.held, '');
  state.emit(event);
}

function takeText(state: State, event: CanonicalEvent & { type: 'text-delta' }): void {
  const text = state.held + event.text;
  const match = firstStop(text, state.stops);
  if (match === undefined) {
    const kept = text.length - lengthOfBeginning(text, state.stops);
    if (kept === text.length && state.held === '') {
      state.told += kept;
      state.emit(event);
    } else tell(state, text.slice(0, kept), text.slice(kept));
    return;
  }
  tell(state, text.slice(0, match.at), '');
  state.ended = true;
  state.emit({ type: 'text-end' });
  state.emit({
    type: 'message-end',
    finish: { reason: 'stop', stopSequence: match.stop, cut: true },
    usage: { output: Math.ceil((state.told + match.stop.length) / CHARACTERS_PER_TOKEN), estimated: true },
  });
}

function tell(state: State, text: string, held: string): void {
  state.held = held;
  state.told += text.length;
  if (text !== '') state.emit({ type: 'text-delta', text });
}

interface Match {
  readonly at: number;
  readonly stop: string;
}

/** The stop sequence that is whole first, as a model stops at it; of two that end together the longer one. */
function firstStop(text: string, stops: readonly string[]): Match | undefined {
  let first: Match | undefined;
  let end = Number.POSITIVE_INFINITY;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    const itsEnd = at + stop.length;
    if (at < 0 || itsEnd > end || (itsEnd === end && first !== undefined && stop.length <= first.stop.length)) continue;
    first = { at, stop };
    end = itsEnd;
  }
  return first;
}

/** How much of a text's end may be the beginning of a stop sequence. */
function lengthOfBeginning(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}

/** The same for a whole answer: parts after the cut never were. */
export function cutAtStopIn(response: CanonicalResponse, stops: readonly string[]): CanonicalResponse {
  const parts: AssistantPart[] = [];
  for (const part of response.parts) {
    const match = part.type === 'text' && part.refusal !== true ? firstStop(part.text, stops) : undefined;
    if (match === undefined || part.type !== 'text') {
      parts.push(part);
      continue;
    }
    const { seal: _ofWhole, ...rest } = part;
    if (match.at > 0) parts.push({ ...rest, text: part.text.slice(0, match.at) });
    return { ...response, parts, finish: { reason: 'stop', stopSequence: match.stop, cut: true } };
  }
  return response;
}
