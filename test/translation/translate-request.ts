import { expect } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { translateText } from '../../src/translate/translate-text.ts';

/** A request of one dialect, fitted to its model in another, and what is told of it. */
export function translate(from: DialectId, to: DialectId, body: JsonObject) {
  const { output, losses } = translateText({ kind: 'request', from, to, body: JSON.stringify(body) }, 0);
  return { body: JSON.parse(output) as JsonObject, lost: losses.map((loss) => loss.field) };
}

/** `null` means that the field must not be there. */
export function expectFields(body: JsonObject, written: JsonObject) {
  for (const [field, value] of Object.entries(written)) expect<unknown>(body[field] ?? null).toEqual(value);
}
