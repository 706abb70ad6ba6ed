import { GatewayError } from './gateway-error.ts';

/** Any JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; absent keys read as `undefined`. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** A JSON object under construction. `JSON.stringify` leaves its `undefined` values out. */
export type JsonDraft = { [key: string]: Json | undefined };

/** Parses JSON text; answers `undefined` for text that is not JSON. */
export function tryParseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Parses a request body that must be a JSON object. Throws `invalid-request` with the parser's own words. */
export function parseJsonObject(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
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
  if (levels === 0) return true;
  for (const one of Array.isArray(value) ? value : Object.values(value)) if (nestsBeyond(one, levels - 1)) return true;
  return false;
}

/** True for a JSON object; false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

/** The value as a finite number, or `undefined`. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value as a boolean, or `undefined`. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
