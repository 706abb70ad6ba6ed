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

/** How any letter of a key that is written with escapes begins. */
const ESCAPED_LETTER = '\\u00';

/** Where a value stands in a body: bytes `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An object's own keys, read no further than they are asked for: by names of plain ASCII letters, as those of all dialects are. */
export interface BodyScan {
  /** Where the value of a key begins. */
  start(key: string): number | undefined;
  /** Where the value of a key stands. */
  span(key: string): Span | undefined;
  /** True once the bytes have shown not to have the shape of one JSON object. */
  isBroken(): boolean;
}

interface Scan {
  readonly bytes: Buffer;
  readonly starts: Map<string, number>;
  readonly spans: Map<string, Span>;
  /** The place of the next key. */
  at: number;
  /** The key whose value was not skipped yet. */
  open: { readonly key: string; readonly start: number } | undefined;
  state: 'more' | 'done' | 'broken';
  /** Where the last letter that is written with an escape stands; looked up once, and only when a key is asked for. */
  lastEscape: number | undefined;
}

/**
 * Opens an object's bytes for scanning: what stands behind the last key that is asked for, an agent's history as a rule, is
 * neither parsed nor skipped. The last of doubled keys counts, as in `JSON.parse`.
 */
export function openScan(bytes: Uint8Array): BodyScan {
  const scan = enterObject(bytes);
  return {
    start: (key) => {
      readUpTo(scan, key);
      return scan.starts.get(key);
    },
    span: (key) => {
      readUpTo(scan, key);
      if (scan.open?.key === key) skipValue(scan);
      return scan.spans.get(key);
    },
    isBroken: () => scan.state === 'broken',
  };
}

/** Finds the values of all of an object's own keys. Answers `undefined` when the bytes do not have the shape of one JSON object. */
export function scanBody(bytes: Uint8Array): ReadonlyMap<string, Span> | undefined {
  const scan = enterObject(bytes);
  while (scan.state === 'more') readNext(scan);
  return scan.state === 'broken' ? undefined : scan.spans;
}

function enterObject(bytes: Uint8Array): Scan {
  const start = skipSpace(bytes, hasMark(bytes) ? MARK_BYTES : 0);
  const last = trimEnd(bytes, 0, bytes.length) - 1;
  const isObject = bytes[start] === OPEN_BRACE && bytes[last] === CLOSE_BRACE && last > start;
  const at = skipSpace(bytes, start + 1);
  const empty = at === last ? 'done' : 'more';
  return {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    starts: new Map(),
    spans: new Map(),
    at,
    open: undefined,
    state: isObject ? empty : 'broken',
    lastEscape: undefined,
  };
}

/** Reads keys as long as one of this name may follow. A search of the bytes, escapes included, costs next to nothing. */
function readUpTo(scan: Scan, key: string): void {
  const { bytes } = scan;
  const written = `"${key}"`;
  scan.lastEscape ??= bytes.lastIndexOf(ESCAPED_LETTER);
  while (scan.state === 'more' && (scan.lastEscape >= scan.at || bytes.includes(written, scan.at))) readNext(scan);
}

function readNext(scan: Scan): void {
  const { bytes } = scan;
  if (scan.open !== undefined) skipValue(scan);
  if (scan.state !== 'more') return;
  const keyEnd = bytes[scan.at] === QUOTE ? endOfString(bytes, scan.at) : -1;
  const colon = keyEnd < 0 ? -1 : skipSpace(bytes, keyEnd);
  if (bytes[colon] !== COLON) {
    scan.state = 'broken';
    return;
  }
  const key = readKey(bytes, { start: scan.at + 1, end: keyEnd - 1 });
  if (key === undefined) {
    scan.state = 'broken';
    return;
  }
  scan.open = { key, start: skipSpace(bytes, colon + 1) };
  scan.starts.set(key, scan.open.start);
  scan.at = scan.open.start;
}

/** Leaves the value that was begun, and the object when it was the last. */
function skipValue(scan: Scan): void {
  const { bytes, open } = scan;
  if (open === undefined) return;
  scan.open = undefined;
  const end = endOfValue(bytes, open.start);
  const isLast = bytes[end] === CLOSE_BRACE;
  if (end <= open.start || (isLast && !isEnd(bytes, end + 1))) {
    scan.state = 'broken';
    return;
  }
  scan.spans.set(open.key, { start: open.start, end: trimEnd(bytes, open.start, end) });
  if (isLast) scan.state = 'done';
  else scan.at = skipSpace(bytes, end + 1);
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

/** One member of an object: its key, where that stands, and where its value does. */
export interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly value: Span;
}

/** The members of an object, or `undefined` when its bytes do not have the shape of one. */
export function readMembers(bytes: Uint8Array): readonly Member[] | undefined {
  const scan = enterObject(bytes);
  const members: Member[] = [];
  while (scan.state === 'more') {
    const keyStart = scan.at;
    readNext(scan);
    const { open } = scan;
    if (open === undefined) break;
    skipValue(scan);
    const value = scan.spans.get(open.key);
    if (value !== undefined) members.push({ key: open.key, keyStart, value });
  }
  return scan.state === 'broken' ? undefined : members;
}

/** Where the elements of an array stand, or `undefined` when its bytes do not have the shape of one. */
export function readElements(bytes: Uint8Array): readonly Span[] | undefined {
  const last = trimEnd(bytes, 0, bytes.length) - 1;
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_BRACKET || bytes[last] !== CLOSE_BRACKET) return undefined;
  const elements: Span[] = [];
  at = skipSpace(bytes, at + 1);
  while (at < last) {
    const end = endOfValue(bytes, at, CLOSE_BRACKET);
    if (end <= at || (bytes[end] === CLOSE_BRACKET && end !== last)) return undefined;
    elements.push({ start: at, end: trimEnd(bytes, at, end) });
    if (end === last) break;
    at = skipSpace(bytes, end + 1);
  }
  return elements;
}

/** A key as a parser would read it: the same name may be written with escapes. */
function readKey(bytes: Uint8Array, inside: Span): string | undefined {
  const text = readText(bytes, inside);
  return text.includes('\\') ? asString(tryParseJson(`"${text}"`)) : text;
}

/** The place of the first byte that is not white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
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

/** The place of the comma, or of the bracket of the outermost object or array, that ends a value in it; or -1. */
function endOfValue(bytes: Uint8Array, start: number, close = CLOSE_BRACE): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = endOfString(bytes, at) - 1;
      if (at < 0) return -1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return byte === close ? at : -1;
      depth--;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return -1;
}
