import { wrongField } from './admin-error.ts';

/** The words of a query string by name. */
export type QueryWords = { readonly [name: string]: string | undefined };

/** A time given as ISO 8601 or as epoch milliseconds. Throws `wrong_field`. */
export function readTime(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw wrongField(field, 'a time such as 2026-01-31T12:00:00Z');
}
