import { invalidRequest } from '../../base/gateway-error.ts';
import { asNumber, isObject, type Json, type JsonObject } from '../../base/json.ts';

/** A field of a body; `null` means absent, as in all JSON of this dialect. */
export type Field = Json | undefined;

/** The object, or `undefined` when the field is absent. Throws `invalid-request` for anything else. */
export function expectObject(value: Field, param: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalidRequest(`\`${param}\` must be an object.`, param);
  return value;
}

/** The string, or `undefined` when the field is absent. Throws `invalid-request` for anything else. */
export function expectString(value: Field, param: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidRequest(`\`${param}\` must be a string.`, param);
  return value;
}

/** The same for a string that must be there and hold something. */
export function requireString(value: Field, param: string): string {
  const text = expectString(value, param);
  if (text === undefined || text === '') throw invalidRequest(`\`${param}\` must be a non-empty string.`, param);
  return text;
}

/** The number, also when it is written as text; `undefined` when absent. Throws `invalid-request` for anything else. */
export function expectNumber(value: Field, param: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const finite = asNumber(number);
  if (finite === undefined) {
    throw invalidRequest(`\`${param}\` must be a number.`, param);
  }
  return finite;
}

/** The boolean, or `undefined` when the field is absent. Throws `invalid-request` for anything else. */
export function expectBoolean(value: Field, param: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalidRequest(`\`${param}\` must be a boolean.`, param);
  return value;
}

/** The list; a lone value is a list of one, as clients write it; empty when absent. */
export function asList(value: Field): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Json];
}

/** The list of strings; empty when absent. Throws `invalid-request` when an element is anything else. */
export function expectStrings(value: Field, param: string): readonly string[] {
  return asList(value).map((item, index) => {
    if (typeof item !== 'string')
      throw invalidRequest(`\`${param}[${index}]\` must be a string.`, `${param}[${index}]`);
    return item;
  });
}
