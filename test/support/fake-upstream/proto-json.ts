import type { Json } from '../../../src/base/json.ts';

/** JSON on one line as Google's servers write it: a blank after each colon, none after commas. */
export function protoLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(protoLine).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}: ${protoLine(field)}`).join(',')}}`;
}

/** The same over many lines. */
export function protoText(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
