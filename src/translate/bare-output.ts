import type { CanonicalEvent } from './canonical/event.ts';
import type { AssistantPart, OutputFormat } from './canonical/request.ts';
import { editTexts, type HeldText, tellHeld } from './hold-text.ts';
import { chain, type Transducer } from './stream/transducer.ts';
import { unwrapEvents, unwrapText, wrappingOf } from './wrapped-output.ts';

/*
 * A model that is told in words to answer in JSON often puts it into a Markdown fence, and an answer that is no object travels in
 * one. What the client asked for is what is inside.
 */

const OPENING = /^\s*```\w*[ \t]*\r?\n/;
/** What may still become an opening fence. */
const MAYBE_OPENING = /^\s*(?:`{0,2}|```\w*[ \t]*\r?)$/;
/** A fence that begins a line ends the JSON, in which no line of a text begins: nothing after it belongs to it. */
const CLOSING = /\s*\n[ \t]*```/;
/** A fence at the very end of a text, or what may still become one. */
const LAST = /\s*`{0,3}\s*$/;

/** The text of an answer in this form without what was put around it. */
export function bareText(text: string, output: OutputFormat | undefined): string {
  if (output === undefined) return text;
  const wrapping = wrappingOf(output);
  const bare = unfence(text);
  return wrapping === undefined ? bare : unwrapText(bare, wrapping);
}

/** The same for the texts of a whole answer; a refusal is no JSON. */
export function bareParts(parts: readonly AssistantPart[], output: OutputFormat | undefined): readonly AssistantPart[] {
  if (output === undefined) return parts;
  return parts.map((part) =>
    part.type === 'text' && part.refusal !== true ? { ...part, text: bareText(part.text, output) } : part,
  );
}

/** The same for a stream. Text is held back only as long as a fence may begin or end in it. */
export function bareEvents<In>(
  decode: Transducer<In, CanonicalEvent>,
  output: OutputFormat | undefined,
): Transducer<In, CanonicalEvent> {
  if (output === undefined) return decode;
  const wrapping = wrappingOf(output);
  const unfenced = chain(decode, unfenceEvents);
  return wrapping === undefined ? unfenced : chain(unfenced, unwrapEvents(wrapping));
}

function unfence(text: string): string {
  const opening = OPENING.exec(text);
  if (opening === null) return text;
  const inside = text.slice(opening[0].length);
  const end = CLOSING.exec(inside);
  return end === null ? inside.replace(LAST, '') : inside.slice(0, end.index);
}

/** `inside`: in a fence, its end held back; `after`: past it. */
type Text = HeldText<'inside' | 'after'>;

const unfenceEvents = editTexts({ take: takeText, end: endText });

function takeText(state: Text, text: string): void {
  if (state.mode === 'after') return;
  state.held += text;
  if (state.mode === 'start') decide(state);
  if (state.mode === 'plain') tellHeld(state, state.held.length);
  else if (state.mode === 'inside') tellInside(state);
}

function decide(state: Text): void {
  const opening = OPENING.exec(state.held);
  if (opening !== null) {
    state.mode = 'inside';
    state.held = state.held.slice(opening[0].length);
  } else if (!MAYBE_OPENING.test(state.held)) state.mode = 'plain';
}

function tellInside(state: Text): void {
  const end = CLOSING.exec(state.held);
  tellHeld(state, end?.index ?? LAST.exec(state.held)!.index);
  if (end === null) return;
  state.mode = 'after';
  state.held = '';
}

function endText(state: Text): void {
  // what is held inside a fence is the fence itself, or white space before one
  if (state.mode === 'start') tellHeld(state, state.held.length);
  state.held = '';
}
