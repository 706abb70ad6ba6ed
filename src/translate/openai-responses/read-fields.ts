import { invalidRequest } from '../../base/gateway-error.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';

/** Reads one field of a client's JSON, or refuses it by the path at which the client wrote it. */
export interface FieldReader {
  string(name: string): string | undefined;
  number(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  object(name: string): JsonObject | undefined;
  array(name: string): readonly Json[] | undefined;
  /** The path of a field, as an error names it. */
  path(name: string): string;
}

/** Makes the reader of an object that stands at `at` in the request; `null` reads as absent. */
export function readFields(from: JsonObject, at = ''): FieldReader {
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const read = <T>(name: string, kind: string, test: (value: Json) => boolean): T | undefined => {
    const value = from[name];
    if (value === undefined || value === null) return undefined;
    if (!test(value)) throw wrongType(path(name), kind);
    return value as T;
  };
  return {
    string: (name) => read(name, 'a string', (value) => typeof value === 'string'),
    number: (name) => read(name, 'a number', (value) => typeof value === 'number'),
    boolean: (name) => read(name, 'true or false', (value) => typeof value === 'boolean'),
    object: (name) => read(name, 'an object', isObject),
    array: (name) => read(name, 'an array', Array.isArray),
    path,
  };
}

/** The refusal of a field that is not of the kind it must be. */
export function wrongType(path: string, kind: string) {
  return invalidRequest(`\`${path}\` must be ${kind}.`, path);
}

/** The refusal of a request without a field it must have. */
export function missingField(path: string) {
  return invalidRequest(`\`${path}\` is missing.`, path);
}

/** The elements of a list that stands at `at`, each of which must be an object, with the path of each. */
export function readObjects(list: readonly Json[], at: string): readonly { value: JsonObject; path: string }[] {
  return list.map((value, index) => {
    const path = `${at}[${index}]`;
    if (!isObject(value)) throw wrongType(path, 'an object');
    return { value, path };
  });
}
