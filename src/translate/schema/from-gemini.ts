import { asObject, isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import { mapSubschemas } from './subschemas.ts';

/** Keywords of the OpenAPI subset in the spelling of protobuf. */
const SNAKE_NAMES: { readonly [name: string]: string | undefined } = {
  any_of: 'anyOf',
  one_of: 'oneOf',
  all_of: 'allOf',
  min_items: 'minItems',
  max_items: 'maxItems',
  min_length: 'minLength',
  max_length: 'maxLength',
  min_properties: 'minProperties',
  max_properties: 'maxProperties',
  additional_properties: 'additionalProperties',
  prefix_items: 'prefixItems',
  property_ordering: 'propertyOrdering',
};

const COUNTS: readonly string[] = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];
/** The enum `Type` by number, as protobuf may write it. */
const TYPES = [undefined, 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/**
 * The JSON Schema that a schema of a Gemini client means: types in lower case, `nullable` as a type, counts as numbers, and
 * properties in the order that `propertyOrdering` wishes. Schemas that are JSON Schema already come out the same.
 */
export function fromGeminiSchema(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const named: JsonDraft = {};
  for (const [key, value] of Object.entries(schema)) {
    const name = lookUp(SNAKE_NAMES, key) ?? key;
    if (value !== undefined && value !== null) named[name] = COUNTS.includes(name) ? readCount(value) : value;
  }
  const { propertyOrdering, nullable, example, format, ...rest } = mapSubschemas(named, fromGeminiSchema);
  const draft: JsonDraft = rest;
  writeType(draft, nullable === true);
  if (format !== undefined && format !== 'enum') draft.format = format;
  if (example !== undefined && draft.examples === undefined) draft.examples = [example];
  const properties = asObject(draft.properties);
  if (properties !== undefined && Array.isArray(propertyOrdering))
    draft.properties = sort(properties, propertyOrdering);
  return draft;
}

function readCount(value: Json): Json {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

function writeType(draft: JsonDraft, nullable: boolean): void {
  const written = Array.isArray(draft.type) ? draft.type : [draft.type];
  const types = written.map(readType).filter((type) => type !== undefined);
  if (nullable && types.length > 0 && !types.includes('null')) types.push('null');
  if (types.length === 0) delete draft.type;
  else draft.type = types.length === 1 ? types[0]! : types;
  if (!nullable) return;
  if (Array.isArray(draft.enum)) draft.enum = [...draft.enum, null];
  if (types.length === 0 && Array.isArray(draft.anyOf)) draft.anyOf = [...draft.anyOf, { type: 'null' }];
}

function readType(type: Json | undefined): string | undefined {
  if (typeof type === 'number') return TYPES[type];
  return typeof type === 'string' && type !== 'TYPE_UNSPECIFIED' ? type.toLowerCase() : undefined;
}

function sort(properties: JsonObject, order: readonly Json[]): JsonObject {
  const sorted: JsonDraft = {};
  for (const name of order)
    if (typeof name === 'string' && Object.hasOwn(properties, name)) sorted[name] = properties[name];
  return { ...sorted, ...properties };
}
