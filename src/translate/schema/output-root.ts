import { asObject, asString, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { normalizeSchema } from './normalize-schema.ts';

/** The field that holds an answer which is not an object. */
export const WRAPPED_FIELD = 'value';

const COMBINATIONS = ['anyOf', 'oneOf', 'allOf'] as const;

/** A root that is only a reference gives way to what it refers to. */
export function resolveRoot(schema: JsonObject): JsonObject {
  if (asString(schema.$ref) === undefined) return schema;
  const { $ref: _reference, ...rest } = schema;
  const target = resolveRef(schema, schema);
  return target === schema ? rest : { ...target, ...rest };
}

/** What a reference to a definition at the root leads to; any other schema is answered as it is. */
export function resolveRef(schema: JsonObject, root: JsonObject): JsonObject {
  const match = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(asString(schema.$ref) ?? '');
  if (match === null) return schema;
  return asObject(asObject(root[match[1]!])?.[match[2]!]) ?? schema;
}

/** True for a schema whose root says that it is an object, and combines nothing. */
export function isObjectSchema(schema: JsonObject): boolean {
  if (COMBINATIONS.some((key) => schema[key] !== undefined)) return false;
  return schema.type === 'object' || (schema.type === undefined && schema.properties !== undefined);
}

/** True when answers under this schema come wrapped, since the root of an output must be an object. */
export function wrapsOutput(schema: Json): boolean {
  return !isObjectSchema(resolveRoot(normalizeSchema(schema)));
}

/** The schema of an object that holds a value of the given schema. Definitions stay at the root, where references look for them. */
export function wrapSchema(schema: JsonObject): JsonObject {
  const { $defs, definitions, ...value } = schema;
  const wrapper: JsonDraft = {
    type: 'object',
    properties: { [WRAPPED_FIELD]: value },
    required: [WRAPPED_FIELD],
    additionalProperties: false,
  };
  if ($defs !== undefined) wrapper.$defs = $defs;
  if (definitions !== undefined) wrapper.definitions = definitions;
  return wrapper;
}

/** The schema of an answer for a service whose structured outputs are objects. */
export function objectOutput(schema: Json): JsonObject {
  const root = resolveRoot(normalizeSchema(schema));
  return isObjectSchema(root) ? { type: 'object', ...root } : wrapSchema(root);
}
