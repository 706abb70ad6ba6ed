import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { placeOf } from './subschemas.ts';

/** The names of types. */
export const TYPES: readonly Json[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
/** Keywords with a count for a value. */
export const COUNTS: readonly string[] = [
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
];

const DROPPED: ReadonlySet<string> = new Set(['$schema', '$id', 'id', '$comment', 'enumDescriptions', 'nullable']);

/** Whether a keyword is an annotation of another program or of an older draft. */
export function isDropped(key: string): boolean {
  return DROPPED.has(key) || key.startsWith('x-');
}

/**
 * Whether a schema is written as `normalizeSchema` would write it. Nearly all are, and an agent sends its dozens of tools with every
 * request: to look is a fraction of the price of a copy.
 */
export function isNormal(schema: JsonObject): boolean {
  if (schema.type === 'object' && schema.properties === undefined) return false;
  for (const key in schema) {
    const value = schema[key];
    if (value === undefined || isDropped(key)) return false;
    switch (placeOf(key)) {
      case 'map':
        if (!isObject(value) || !areNormal(value)) return false;
        break;
      case 'schema':
        if (!isNormalValue(key, value)) return false;
        break;
      default:
        if (!isNormalData(key, value)) return false;
    }
  }
  return true;
}

/** Whether the schemas under free names are normal. A flag `required` belongs into the list of the schema around them. */
function areNormal(map: JsonObject): boolean {
  for (const name in map) {
    const schema = map[name];
    if (typeof schema === 'boolean') continue;
    if (!isObject(schema) || schema.required === true || !isNormal(schema)) return false;
  }
  return true;
}

function isNormalValue(key: string, value: Json): boolean {
  if (typeof value === 'boolean') return true;
  if (!Array.isArray(value)) return isObject(value) && isNormal(value);
  if (key === 'items') return false;
  return value.every((item: Json) => typeof item === 'boolean' || (isObject(item) && isNormal(item)));
}

function isNormalData(key: string, value: Json): boolean {
  switch (key) {
    case 'type':
      return (
        TYPES.includes(value) || (Array.isArray(value) && value.length > 1 && value.every((one) => TYPES.includes(one)))
      );
    case 'required':
      return isListOfNames(value);
    case 'enum':
      return !Array.isArray(value) || value.length > 0;
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return typeof value !== 'boolean';
    default:
      return typeof value !== 'string' || !COUNTS.includes(key);
  }
}

function isListOfNames(value: Json): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((name, at) => typeof name === 'string' && value.indexOf(name) === at);
}
