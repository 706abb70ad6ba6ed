import { asString, isObject, tryParseJson } from '../base/json.ts';
import type { CanonicalEvent } from './canonical/event.ts';
import type { OutputFormat } from './canonical/request.ts';
import { editTexts, type HeldText, tellHeld } from './hold-text.ts';
import { WRAPPED_FIELD, wrapsOutput } from './schema/output-root.ts';
import type { Transducer } from './stream/transducer.ts';

/*
 * Structured outputs of OpenAI and Anthropic are objects. An answer of another kind travels in the only field of one, and is
 * taken out of it again.
 */

/** What is wrapped: one of several words, which clients get as bare text, or any JSON value. */
export type Wrapping = 'word' | 'value';

/** How answers of this form are wrapped; `undefined` for those which are objects themselves. */
export function wrappingOf(output: OutputFormat | undefined): Wrapping | undefined {
  if (output === undefined || output.kind === 'json') return undefined;
  if (output.kind === 'choice') return 'word';
  return wrapsOutput(output.schema) ? 'value' : undefined;
}

const OPENING = new RegExp(`^\\s*\\{\\s*"${WRAPPED_FIELD}"\\s*:\\s*`);
/** What may still become an opening. */
const LONGEST_OPENING = 40;
const CLOSING = /\s*\}\s*$/;

/** The value in a wrapped text, character for character; a text of another form is answered as it is. */
export function unwrapText(text: string, wrapping: Wrapping): string {
  const whole = tryParseJson(text);
  if (!isObject(whole) || Object.keys(whole).length !== 1 || whole[WRAPPED_FIELD] === undefined) return text;
  if (wrapping === 'word') return asString(whole[WRAPPED_FIELD]) ?? text;
  const opening = OPENING.exec(text);
  return opening === null ? text : text.slice(opening[0].length).replace(CLOSING, '');
}

/** Takes the value out of the texts of a stream. A word is held back until it is whole, a value only at its ends. */
export function unwrapEvents(wrapping: Wrapping): Transducer<CanonicalEvent, CanonicalEvent> {
  return editTexts<'inside'>({
    take: (text, piece) => takeText(text, piece, wrapping),
    end: (text) => endText(text, wrapping),
  });
}

/** `inside`: past the opening, what may be the closing held back. */
type Text = HeldText<'inside'>;

function takeText(state: Text, text: string, wrapping: Wrapping): void {
  state.held += text;
  if (wrapping === 'word') return;
  if (state.mode === 'start') {
    const opening = OPENING.exec(state.held);
    // white space after the colon may still be on its way
    if (opening !== null && opening[0].length < state.held.length) {
      state.mode = 'inside';
      state.held = state.held.slice(opening[0].length);
    } else if (opening === null && state.held.length > LONGEST_OPENING) state.mode = 'plain';
    else return;
  }
  if (state.mode === 'plain') tellHeld(state, state.held.length);
  else tellHeld(state, /[\s}]*$/.exec(state.held)!.index);
}

function endText(state: Text, wrapping: Wrapping): void {
  if (state.held === '') return;
  if (state.mode === 'start') state.held = unwrapText(state.held, wrapping);
  else if (state.mode === 'inside') state.held = state.held.replace(CLOSING, '');
  tellHeld(state, state.held.length);
}
