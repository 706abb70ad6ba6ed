import { asString, tryParseJson } from '../base/json.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** The length of a byte order mark, which decoders of text leave out. */
const MARK_BYTES = 3;

/** Where a value stands in a body: bytes `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the values of an object's own keys without parsing it: megabytes of history are skipped string by string.
 * Answers `undefined` when the bytes do not have the shape of one JSON object. The last of doubled keys counts, as in `JSON.parse`.
 */
export function scanBody(bytes: Uint8Array): ReadonlyMap<string, Span> | undefined {
  const spans = new Map<string, Span>();
  let at = skipSpace(bytes, hasMark(bytes) ? MARK_BYTES : 0);
  if (bytes[at] !== OPEN_BRACE) return undefined;
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACE) return isEnd(bytes, at + 1) ? spans : undefined;
  for (;;) {
    if (bytes[at] !== QUOTE) return undefined;
    const keyEnd = endOfString(bytes, at);
    if (keyEnd < 0) return undefined;
    const key = readKey(bytes, { start: at + 1, end: keyEnd - 1 });
    if (key === undefined) return undefined;
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== COLON) return undefined;
    const start = skipSpace(bytes, at + 1);
    const end = endOfValue(bytes, start);
    if (end <= start) return undefined;
    spans.set(key, { start, end: trimEnd(bytes, start, end) });
    if (bytes[end] === CLOSE_BRACE) return isEnd(bytes, end + 1) ? spans : undefined;
    at = skipSpace(bytes, end + 1);
  }
}

/** The text of a span. */
export function readText(bytes: Uint8Array, span: Span): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + span.start, span.end - span.start).toString('utf8');
}

/** The bytes with `text` in the place of a span; every other byte is kept. */
export function replaceSpan(bytes: Uint8Array, span: Span, text: string): Uint8Array {
  const replacement = Buffer.from(text, 'utf8');
  const out = new Uint8Array(bytes.length - (span.end - span.start) + replacement.length);
  out.set(bytes.subarray(0, span.start));
  out.set(replacement, span.start);
  out.set(bytes.subarray(span.end), span.start + replacement.length);
  return out;
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** A key as a parser would read it: the same name may be written with escapes. */
function readKey(bytes: Uint8Array, inside: Span): string | undefined {
  const text = readText(bytes, inside);
  return text.includes('\\') ? asString(tryParseJson(`"${text}"`)) : text;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1])) at--;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

function isEnd(bytes: Uint8Array, from: number): boolean {
  return skipSpace(bytes, from) === bytes.length;
}

/** The place after a string's closing quote, or -1. */
function endOfString(bytes: Uint8Array, open: number): number {
  let at = open;
  for (;;) {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at < 0) return -1;
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

/** The place of the comma or brace that ends a value of the outermost object, or -1. */
function endOfValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = endOfString(bytes, at) - 1;
      if (at < 0) return -1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return byte === CLOSE_BRACE ? at : -1;
      depth--;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return -1;
}
