import { type GatewayError, invalidRequest } from '../base/gateway-error.ts';
import { asBoolean, asNumber, asObject, asString, type Json, type JsonObject, nestsBeyond } from '../base/json.ts';

/** Levels of objects and arrays inside one another in a request that is translated; schemas have some dozens. */
const MAX_LEVELS = 1000;

/** Refuses a request whose parts lie so deep inside one another that functions which call themselves would not get through it. */
export function refuseDeep(body: JsonObject): void {
  if (nestsBeyond(body, MAX_LEVELS)) throw invalidRequest('The request is nested too deeply.');
}

/** Refuses a request whose field has the wrong form; `path` names it in the client's terms. */
export function wrongField(path: string, expected: string): GatewayError {
  return invalidRequest(`'${path}' must be ${expected}.`, path);
}

/** The number in a field; absent for none or null. Throws `invalid-request` for anything else, as do the others here. */
export function optionalNumber(body: JsonObject, key: string, path = key): number | undefined {
  return readField(body[key], asNumber, path, 'a number');
}

/** The string in a field. */
export function optionalString(body: JsonObject, key: string, path = key): string | undefined {
  return readField(body[key], asString, path, 'a string');
}

/** The boolean in a field. */
export function optionalBoolean(body: JsonObject, key: string, path = key): boolean | undefined {
  return readField(body[key], asBoolean, path, 'true or false');
}

/** The object in a field. */
export function optionalObject(body: JsonObject, key: string, path = key): JsonObject | undefined {
  return readField(body[key], asObject, path, 'an object');
}

/** The list in a field. */
export function optionalList(body: JsonObject, key: string, path = key): readonly Json[] | undefined {
  return readField(
    body[key],
    (value) => (Array.isArray(value) ? (value as readonly Json[]) : undefined),
    path,
    'a list',
  );
}

/** One string or a list of them, as a list. */
export function optionalStrings(body: JsonObject, key: string, path = key): readonly string[] | undefined {
  return readField(body[key], asStrings, path, 'a string or a list of strings');
}

/** The object that an item of a list must be. */
export function requiredObject(value: unknown, path: string): JsonObject {
  const object = asObject(value);
  if (object === undefined) throw wrongField(path, 'an object');
  return object;
}

/** The string that a field must hold. */
export function requiredString(body: JsonObject, key: string, path = key): string {
  const text = body[key];
  if (typeof text !== 'string') throw wrongField(path, 'a string');
  return text;
}

function readField<T>(value: unknown, read: (value: unknown) => T | undefined, path: string, expected: string) {
  if (value === undefined || value === null) return undefined;
  const got = read(value);
  if (got === undefined) throw wrongField(path, expected);
  return got;
}

function asStrings(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  const list = Array.isArray(value) ? value : undefined;
  return list?.every((item) => typeof item === 'string') ? list : undefined;
}
