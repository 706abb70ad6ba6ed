import { asArray, asNumber, asObject, isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { COUNTS, isDropped, isNormal, TYPES } from './normal-schema.ts';
import { mapSubschemas } from './subschemas.ts';

/**
 * A schema as its writer meant it, as plain JSON Schema (draft 2020-12): types in lower case, `nullable` as a type; tuples,
 * limits and `required` of older drafts in their new form; annotations of other programs gone. Keywords are known by their
 * place, so that a property may bear any name.
 */
export function normalizeSchema(schema: Json): JsonObject {
  if (!isObject(schema)) return schema === false ? { not: {} } : {};
  if (isNormal(schema)) return schema;
  const out = mapSubschemas(schema, (child) => (typeof child === 'boolean' ? child : normalizeSchema(child)));
  for (const key of Object.keys(out)) if (isDropped(key)) delete out[key];
  writeType(out, schema.type);
  writeRequired(out, schema);
  if (Array.isArray(out.enum) && out.enum.length === 0) delete out.enum;
  if (Array.isArray(out.items)) {
    out.prefixItems = out.items;
    delete out.items;
  }
  for (const key of COUNTS) if (typeof out[key] === 'string') out[key] = asNumber(Number(out[key])) ?? out[key]!;
  writeExclusive(out, 'exclusiveMinimum', 'minimum');
  writeExclusive(out, 'exclusiveMaximum', 'maximum');
  if (schema.nullable === true) allowNull(out);
  if (out.type === 'object' && out.properties === undefined) out.properties = {};
  return out;
}

function writeType(out: JsonDraft, written: Json | undefined): void {
  if (typeof written === 'string' && TYPES.includes(written)) return;
  const types = [written]
    .flat()
    .map((type) => String(type).toLowerCase())
    .filter((type) => TYPES.includes(type));
  if (types.length === 0) delete out.type;
  else out.type = types.length === 1 ? types[0]! : types;
}

/** `required: true` inside a property, an old habit, belongs into the list of its parent. */
function writeRequired(out: JsonDraft, schema: JsonObject): void {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const flagged = Object.keys(properties).filter((name) => asObject(properties[name])?.required === true);
  if (flagged.length === 0 && schema.required === undefined) return;
  const listed = asArray(schema.required).filter((name) => typeof name === 'string');
  if (Array.isArray(schema.required) || flagged.length > 0) out.required = [...new Set([...listed, ...flagged])];
  else delete out.required;
}

/** Draft 4 had a flag beside the limit where there is now a limit of its own. */
function writeExclusive(out: JsonDraft, flag: string, limit: string): void {
  const value = out[flag];
  if (typeof value !== 'boolean') return;
  const bound = out[limit];
  if (value && bound !== undefined) {
    out[flag] = bound;
    delete out[limit];
  } else delete out[flag];
}

function allowNull(out: JsonDraft): void {
  if (Array.isArray(out.enum) && !out.enum.includes(null)) out.enum = [...out.enum, null];
  if (out.type === undefined) {
    if (Array.isArray(out.anyOf)) out.anyOf = [...out.anyOf, { type: 'null' }];
    return;
  }
  const types: readonly Json[] = Array.isArray(out.type) ? out.type : [out.type];
  if (!types.includes('null')) out.type = [...types, 'null'];
}
