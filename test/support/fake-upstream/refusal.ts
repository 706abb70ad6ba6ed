import { isObject, type Json, type JsonObject } from '../../../src/base/json.ts';

/** What a refusal says beside its message, where the vendor has a place for it. */
export interface RefusalDetail {
  readonly status?: number;
  readonly param?: string;
  readonly code?: string;
}

/** A request that the service would not take, in the service's own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly detail: RefusalDetail = {},
  ) {
    super(message);
  }
}

/** Refuses; a statement that never ends. */
export function refuse(message: string, detail: RefusalDetail = {}): never {
  throw new Refusal(message, detail);
}

/** The field's value as an object, else a refusal made of its place. */
export function needObject(value: Json | undefined, place: string): JsonObject {
  if (isObject(value)) return value;
  refuse(`Invalid type for '${place}': expected an object.`, { param: place, code: 'invalid_type' });
}

/** The field's value as a string, else a refusal made of its place. */
export function needString(value: Json | undefined, place: string): string {
  if (typeof value === 'string') return value;
  refuse(`Invalid type for '${place}': expected a string.`, { param: place, code: 'invalid_type' });
}

/** The field's value as an array, else a refusal made of its place. */
export function needArray(value: Json | undefined, place: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  refuse(`Invalid type for '${place}': expected an array.`, { param: place, code: 'invalid_type' });
}

/** The field's value as a list of objects, else a refusal in the words of services that validate with Python models. */
export function needList(value: Json | undefined, place: string): readonly JsonObject[] {
  if (!Array.isArray(value)) refuse(`${place}: Input should be a valid list`);
  const objects = value.filter(isObject);
  if (objects.length !== value.length) refuse(`${place}: Input should be an object`);
  return objects;
}

/** A number within bounds, or nothing at all. */
export function checkRange(value: Json | undefined, place: string, least: number, most: number): void {
  if (value === undefined || value === null) return;
  const fits = typeof value === 'number' && value >= least && value <= most;
  if (!fits) refuse(`Invalid '${place}': ${value} is not between ${least} and ${most}.`, { param: place });
}

/** True for a field that is there and not null. */
export function isSet(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}
