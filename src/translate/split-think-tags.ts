import type { CanonicalEvent } from './canonical/event.ts';
import type { AssistantPart, TextPart } from './canonical/request.ts';
import type { Emit, Transducer } from './stream/transducer.ts';

const OPEN = '<think>';
const CLOSE = '</think>';

interface State {
  readonly emit: Emit<CanonicalEvent>;
  /** `begin`: not known yet whether the text begins with a thought. `gap`: white space between the thought and the answer. */
  place: 'begin' | 'thought' | 'gap' | 'text';
  /** What cannot be told yet, since it may be the beginning of a tag. */
  held: string;
  /** Holds the start of a text back until something of it is told. */
  start: CanonicalEvent | undefined;
}

/**
 * Makes thoughts of what stands in `<think>` at the beginning of a text, for servers that have no better place for them. Elsewhere
 * a tag is what the model talks about.
 */
export const splitThinkTags: Transducer<CanonicalEvent, CanonicalEvent> = (emit) => {
  const state: State = { emit, place: 'text', held: '', start: undefined };
  return {
    push: (event) => takeEvent(state, event),
    finish: () => endText(state),
  };
};

/** The same for a whole answer. */
export function splitThinkTagsIn(parts: readonly AssistantPart[]): readonly AssistantPart[] {
  const isTagged = (part: AssistantPart) => part.type === 'text' && part.text.trimStart().startsWith(OPEN);
  if (!parts.some(isTagged)) return parts;
  return parts.flatMap((part): readonly AssistantPart[] => (isTagged(part) ? splitText(part as TextPart) : [part]));
}

function splitText(part: TextPart): readonly AssistantPart[] {
  const inside = part.text.trimStart().slice(OPEN.length);
  const end = inside.indexOf(CLOSE);
  const thought = (end < 0 ? inside : inside.slice(0, end)).trimStart();
  const said = end < 0 ? '' : inside.slice(end + CLOSE.length).trimStart();
  return [
    ...(thought === '' ? [] : [{ type: 'reasoning', text: thought, raw: true } as const]),
    ...(said === '' ? [] : [{ ...part, text: said }]),
  ];
}

function takeEvent(state: State, event: CanonicalEvent): void {
  switch (event.type) {
    case 'text-start':
      endText(state);
      if (event.refusal) state.emit(event);
      else {
        state.place = 'begin';
        state.start = event;
      }
      return;
    case 'text-delta':
      if (state.place === 'text') state.emit(event);
      else takeText(state, event.text);
      return;
    case 'text-end':
      if (state.place === 'text') state.emit(event);
      else endText(state, event);
      return;
    case 'loss':
    case 'logprobs':
      state.emit(event);
      return;
    default:
      endText(state);
      state.emit(event);
  }
}

function takeText(state: State, text: string): void {
  state.held += text;
  if (state.place === 'begin') beginText(state);
  if (state.place === 'thought') tellThought(state);
  if (state.place === 'gap') skipGap(state);
}

function beginText(state: State): void {
  const said = state.held.trimStart();
  if (said.startsWith(OPEN)) {
    state.place = 'thought';
    state.held = said.slice(OPEN.length);
  } else if (!OPEN.startsWith(said)) tellText(state);
}

function tellThought(state: State): void {
  // a thought begins with its first word
  if (state.start !== undefined) state.held = state.held.trimStart();
  const end = state.held.indexOf(CLOSE);
  const told = end < 0 ? state.held.length - lengthOfTagBegun(state.held) : end;
  if (told > 0) {
    if (state.start !== undefined) state.emit({ type: 'reasoning-start', raw: true });
    state.start = undefined;
    state.emit({ type: 'reasoning-delta', text: state.held.slice(0, told) });
  }
  state.held = state.held.slice(told);
  if (end < 0) return;
  if (state.start === undefined) state.emit({ type: 'reasoning-end' });
  state.place = 'gap';
  state.held = state.held.slice(CLOSE.length);
  state.start = { type: 'text-start' };
}

/** How much of the end of a text may be the beginning of the closing tag. */
function lengthOfTagBegun(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (CLOSE.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

function skipGap(state: State): void {
  state.held = state.held.trimStart();
  if (state.held !== '') tellText(state);
}

function tellText(state: State): void {
  const { start, held } = state;
  state.place = 'text';
  state.held = '';
  state.start = undefined;
  if (start !== undefined) state.emit(start);
  if (held !== '') state.emit({ type: 'text-delta', text: held });
}

/** Tells what was held back; a thought that was never closed ends with its text. */
function endText(state: State, end?: CanonicalEvent & { type: 'text-end' }): void {
  const { place } = state;
  if (place === 'begin') {
    tellText(state);
    if (end !== undefined) state.emit(end);
  } else if (place === 'thought') {
    if (state.held !== '') {
      if (state.start !== undefined) state.emit({ type: 'reasoning-start', raw: true });
      state.emit({ type: 'reasoning-delta', text: state.held });
      state.start = undefined;
    }
    if (state.start === undefined) state.emit({ type: 'reasoning-end' });
  }
  state.place = 'text';
  state.held = '';
  state.start = undefined;
}
