import { isNumber, type Json, type JsonObject } from '../../src/base/json.ts';

/** JSON for people who read changes: what fits into a line stays on it, everything else is broken up. */
export function writeCompactJson(value: Json, width = 140): string {
  return `${write(value, '', width)}\n`;
}

/** Writes what stands after `indent` and any key: the key's length does not count, so that renaming one breaks no lines. */
function write(value: Json, indent: string, width: number): string {
  const line = writeLine(value);
  if (indent.length + line.length <= width || isPlain(value)) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item: Json) => inner + write(item, inner, width)).join(',\n')}\n${indent}]`;
  }
  const fields = entriesOf(value as JsonObject).map(
    ([key, field]) => `${inner}${JSON.stringify(key)}: ${write(field, inner, width)}`,
  );
  return `{\n${fields.join(',\n')}\n${indent}}`;
}

function writeLine(value: Json): string {
  if (isPlain(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeLine).join(', ')}]`;
  const fields = entriesOf(value as JsonObject).map(([key, field]) => `${JSON.stringify(key)}: ${writeLine(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function isPlain(value: Json): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null || isNumber(value);
}

function entriesOf(value: JsonObject): [string, Json][] {
  return Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}
