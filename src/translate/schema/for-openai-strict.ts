import { asArray, asObject, isObject, type Json, type JsonObject } from '../../base/json.ts';
import { subschemasOf } from './subschemas.ts';

/** Keywords that OpenAI refuses in a strict schema. */
const REFUSED: readonly string[] = [
  'oneOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contains',
  'minContains',
  'maxContains',
  'uniqueItems',
  'prefixItems',
  'default',
];

const FORMATS: ReadonlySet<string> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]);
/** Objects and lists inside one another. */
const MAX_LEVELS = 10;

/**
 * True when OpenAI takes a schema with `strict: true`: objects are closed and all their properties required.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function fitsOpenaiStrict(schema: Json | undefined): boolean {
  const root = asObject(schema);
  return root !== undefined && root.type === 'object' && root.anyOf === undefined && fits(root, 0);
}

function fits(schema: Json, level: number): boolean {
  if (!isObject(schema) || REFUSED.some((keyword) => schema[keyword] !== undefined)) return false;
  if (level > MAX_LEVELS || !SAYS_WHAT.some((keyword) => schema[keyword] !== undefined)) return false;
  if (typeof schema.format === 'string' && !FORMATS.has(schema.format)) return false;
  if (hasType(schema, 'object') && !isClosed(schema)) return false;
  const { additionalProperties: _closed, ...rest } = schema;
  return subschemasOf(rest).every((child) => fits(child, level + 1));
}

/** A schema of a value of any kind is refused. */
const SAYS_WHAT = ['type', '$ref', 'anyOf', 'enum', 'const'] as const;

function hasType(schema: JsonObject, type: string): boolean {
  return schema.type === type || asArray(schema.type).includes(type);
}

function isClosed(schema: JsonObject): boolean {
  const required = asArray(schema.required);
  const names = Object.keys(asObject(schema.properties) ?? {});
  return schema.additionalProperties === false && names.every((name) => required.includes(name));
}
