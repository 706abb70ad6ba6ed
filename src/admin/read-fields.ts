import { isObject, type JsonObject } from '../base/json.ts';
import { AdminError, wrongField } from './admin-error.ts';

/** A list as the admin API and the UI get it. */
export interface Page<T> {
  readonly items: readonly T[];
  /** What to ask for to go on; null at the end. */
  readonly next: string | null;
}

/** All of a list that is short by nature. */
export function wholePage<T>(items: readonly T[]): Page<T> {
  return { items, next: null };
}

/** The last time that a date can tell, in epoch milliseconds. */
const LATEST_TIME = 8.64e15;

/** A time as the admin API writes it: ISO 8601 in UTC; null when there is none. */
export function isoTime(time: number): string;
export function isoTime(time: number | undefined): string | null;
export function isoTime(time: number | undefined): string | null {
  if (time === undefined) return null;
  // A damaged row must not break the list it stands in.
  return new Date(Math.max(-LATEST_TIME, Math.min(LATEST_TIME, time))).toISOString();
}

/** The body as an object. Throws `wrong_body`. */
export function readBody(body: unknown): JsonObject {
  if (isObject(body)) return body;
  throw new AdminError('wrong_body', 'The body must be a JSON object.', { status: 400 });
}

/** One line of text without control characters, blanks around it taken off. Throws `wrong_field`. */
export function readLine(value: unknown, field: string, longest: number): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > longest || /\p{Cc}/u.test(text)) {
    throw wrongField(field, `a line of 1 to ${longest} characters`);
  }
  return text;
}

/** A number within limits, both included. Throws `wrong_field`. */
export function readNumber(
  value: unknown,
  field: string,
  limits: { readonly min: number; readonly max: number },
): number {
  const { min, max } = limits;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw wrongField(field, `a number from ${min} to ${max}`);
}

/** A whole number within limits, both included. Throws `wrong_field`. */
export function readWhole(
  value: unknown,
  field: string,
  limits: { readonly min: number; readonly max: number },
): number {
  const { min, max } = limits;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrongField(field, `a whole number from ${min} to ${max}`);
}

/** Yes or no. Throws `wrong_field`. */
export function readFlag(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongField(field, 'true or false');
}

/** One of some words. Throws `wrong_field`. */
export function readChoice<C extends string>(value: unknown, field: string, choices: readonly C[]): C {
  const found = choices.find((word) => word === value);
  if (found !== undefined) return found;
  throw wrongField(field, `one of ${choices.join(', ')}`);
}

/** A list in which every element is read by `read`; repeated elements are kept once. Throws `wrong_field`. */
export function readWords<T extends string>(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) throw wrongField(field, 'a list');
  return [...new Set(value.map((one, at) => read(one, `${field}[${at}]`)))];
}
