import { asString, isObject, tryParseJson } from '../base/json.ts';

/** What stands before and after the escaped input of a custom tool that travels as a function's arguments. */
export const INPUT_OPEN = '{"input":"';
export const INPUT_CLOSE = '"}';

/** A piece of a custom tool's input as it stands between `INPUT_OPEN` and `INPUT_CLOSE`. */
export function escapeInput(piece: string): string {
  return JSON.stringify(piece).slice(1, -1);
}

/** The arguments of the function that stands for a custom tool. */
export function wrapInput(input: string): string {
  return INPUT_OPEN + escapeInput(input) + INPUT_CLOSE;
}

/** The input in the arguments of a function that stands for a custom tool. */
export function unwrapInput(args: string): string {
  const decoder = createInputDecoder();
  return decoder.push(args) + decoder.finish();
}

/** Decodes `{"input":"…"}` from fragments. */
export interface InputDecoder {
  /** The piece of the input that is certain after this fragment. */
  push(fragment: string): string;
  /** What was held back. */
  finish(): string;
}

interface State {
  /** `start`: before the value; `value`: in it; `whole`: another form, read at the end; `done`: after the value. */
  mode: 'start' | 'value' | 'whole' | 'done';
  /** In `start` and `whole` all that came; in `value` an escape that is not complete. */
  pending: string;
  /** The first half of a surrogate pair, which never leaves alone. */
  half: string;
}

/**
 * Makes a decoder. Incomplete escapes and halves of surrogate pairs are held back. Arguments of any other form are read at the
 * end: the one string in the object, else the text itself, since models forget the wrapper.
 */
export function createInputDecoder(): InputDecoder {
  const state: State = { mode: 'start', pending: '', half: '' };
  return { push: (fragment) => keepPairs(state, pushFragment(state, fragment)), finish: () => finish(state) };
}

function pushFragment(state: State, fragment: string): string {
  if (state.mode === 'done') return '';
  const text = state.pending + fragment;
  if (state.mode === 'value') return readValue(state, text);
  state.pending = text;
  if (state.mode === 'whole') return '';
  const open = /^\s*\{\s*"input"\s*:\s*"/.exec(text);
  if (open !== null) {
    state.mode = 'value';
    return readValue(state, text.slice(open[0].length));
  }
  if (!mayOpen(text)) state.mode = 'whole';
  return '';
}

function mayOpen(text: string): boolean {
  const rest = text.replace(/\s+/g, '');
  return INPUT_OPEN.startsWith(rest);
}

function readValue(state: State, text: string): string {
  let output = '';
  let from = 0;
  state.pending = '';
  for (let at = 0; at < text.length; ) {
    const char = text[at]!;
    if (char === '"') {
      state.mode = 'done';
      return output + text.slice(from, at);
    }
    if (char !== '\\') {
      at++;
      continue;
    }
    output += text.slice(from, at);
    const length = text[at + 1] === 'u' ? 6 : 2;
    if (at + length > text.length) {
      state.pending = text.slice(at);
      return output;
    }
    output += decodeEscape(text.slice(at, at + length));
    at += length;
    from = at;
  }
  return output + text.slice(from);
}

function decodeEscape(sequence: string): string {
  return asString(tryParseJson(`"${sequence}"`)) ?? sequence;
}

function keepPairs(state: State, output: string): string {
  if (output === '') return '';
  const text = state.half + output;
  const last = text.charCodeAt(text.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  state.half = isHalf ? text.slice(-1) : '';
  return isHalf ? text.slice(0, -1) : text;
}

function finish(state: State): string {
  const rest = state.mode === 'start' || state.mode === 'whole' ? readWhole(state.pending) : '';
  const text = state.half + rest;
  state.mode = 'done';
  state.half = '';
  return text;
}

function readWhole(text: string): string {
  const value = tryParseJson(text);
  if (typeof value === 'string') return value;
  if (!isObject(value)) return text;
  if (typeof value.input === 'string') return value.input;
  const values = Object.values(value);
  if (values.length === 0) return '';
  return values.length === 1 ? (asString(values[0]) ?? text) : text;
}
