import { GatewayError } from './gateway-error.ts';

/** Any JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; absent keys read as `undefined`. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** A JSON object under construction. `JSON.stringify` leaves its `undefined` values out. */
export type JsonDraft = { [key: string]: Json | undefined };

/** Parses JSON text; answers `undefined` for text that is not JSON. Of numbers that no double holds see `isNumber`. */
export function tryParseJson(text: string): Json | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Parses a request body that must be a JSON object. Throws `invalid-request` with the parser's own words. */
export function parseJsonObject(text: string): JsonObject {
  let value: Json;
  try {
    value = parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid-request', `The request body is not valid JSON: ${reason}`);
  }
  if (!isObject(value)) {
    throw new GatewayError('invalid-request', 'The request body must be a JSON object.');
  }
  return value;
}

/** True for a value with more than so many objects or arrays inside one another: functions that call themselves would not get through it. */
export function nestsBeyond(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return !(value instanceof ExactNumber);
  for (const one of Array.isArray(value) ? value : Object.values(value)) if (nestsBeyond(one, levels - 1)) return true;
  return false;
}

/** True for a JSON object; false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** The value as an object, or `undefined` when it is anything else. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The value as an array; anything else is an empty one. */
export function asArray(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of an array; other elements are left out. */
export function asObjects(value: unknown): readonly JsonObject[] {
  return asArray(value).filter(isObject);
}

/** The value as a string, or `undefined`. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value as a finite number, the nearest where it has more digits than a double holds; or `undefined`. */
export function asNumber(value: unknown): number | undefined {
  if (value instanceof ExactNumber) return asNumber(value.valueOf());
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value as a count, which is whole and not below zero; `undefined` for anything that counts nothing. */
export function asCount(value: unknown): number | undefined {
  const number = asNumber(value);
  return number === undefined || number < 0 ? undefined : Math.round(number);
}

/**
 * True for a number. One that no double holds, such as the ids of some services, is not of the type `number`: it was read as its
 * digits, which `JSON.stringify` writes as they came, and is neither an object nor a text to any function here.
 */
export function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** The value as a boolean, or `undefined`. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A number as its digits. To texts and comparisons it is what they say. */
class ExactNumber {
  readonly #digits: string;

  constructor(digits: string) {
    this.#digits = digits;
  }

  toString(): string {
    return this.#digits;
  }

  valueOf(): number {
    return Number(this.#digits);
  }

  /** The digits for `JSON.stringify`, which writes them as they are. */
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.#digits);
  }
}

function parse(text: string): Json {
  if (!hasLongNumber(text)) return JSON.parse(text) as Json;
  try {
    return JSON.parse(text, keepExact) as Json;
  } catch {
    // what nests too deep for a reviver may still be read, and what is no JSON is refused in the same words as ever
    return JSON.parse(text) as Json;
  }
}

/** From so many digits on a number may be more exact than a double; integers are from 9007199254740993 on. */
const LONG = 16;
const ZERO = 48;
const NINE = 57;

/**
 * Whether a number of so many digits may stand in the text; looks at every sixteenth letter, since a longer run cannot slip between
 * them. Ids hold such runs too, but there a quote or a letter stands before them.
 */
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end - start >= LONG && beginsNumber(text, start)) return true;
  }
  return false;
}

const BEFORE_NUMBERS = ':,[ \t\r\n';

function beginsNumber(text: string, firstDigit: number): boolean {
  let at = firstDigit - 1;
  while (at >= 0 && /[\d.eE+-]/.test(text[at]!)) at--;
  return at < 0 || BEFORE_NUMBERS.includes(text[at]!);
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return isHeld(value, context.source) ? value : new ExactNumber(context.source);
}

/** Whether a double holds a number. Every program reads the same double from at most 17 digits that do not count one by one. */
function isHeld(value: number, source: string): boolean {
  if (Number.isSafeInteger(value)) return true;
  if (/^-?\d+$/.test(source)) return String(value) === source;
  return Number.isFinite(value) && digitsOf(source) <= MOST_DIGITS;
}

const MOST_DIGITS = 17;

function digitsOf(source: string): number {
  return source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '').length;
}
