import { isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';

/** Keywords whose value maps free names to schemas; the names are never keywords. */
const MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
/** Keywords whose value is a schema or a list of schemas. */
const SCHEMAS: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'anyOf',
  'oneOf',
  'allOf',
  'prefixItems',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'additionalItems',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** What stands at a keyword: schemas under free names, a schema or a list of them, or data. */
export function placeOf(key: string): 'map' | 'schema' | 'data' {
  if (MAPS.has(key)) return 'map';
  return SCHEMAS.has(key) ? 'schema' : 'data';
}

/** A copy of the schema with every schema directly in it through `change`; data such as `enum`, `const` and `default` is left alone. */
export function mapSubschemas(schema: JsonObject, change: (subschema: Json) => Json): JsonDraft {
  const draft: JsonDraft = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (MAPS.has(key) && isObject(value)) draft[key] = mapValues(value, change);
    else if (!SCHEMAS.has(key)) draft[key] = value;
    else draft[key] = Array.isArray(value) ? value.map((item: Json) => change(item)) : change(value);
  }
  return draft;
}

/** An object with every value through `change`. */
export function mapValues(map: JsonObject, change: (value: Json, name: string) => Json): JsonObject {
  const draft: JsonDraft = {};
  for (const [name, value] of Object.entries(map)) if (value !== undefined) draft[name] = change(value, name);
  return draft;
}

/** The schemas directly in a schema. */
export function subschemasOf(schema: JsonObject): readonly Json[] {
  const found: Json[] = [];
  mapSubschemas(schema, (subschema) => {
    found.push(subschema);
    return subschema;
  });
  return found;
}
