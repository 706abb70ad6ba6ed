import { asArray, asObject, asObjects, isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { approximated, type Loss } from '../loss.ts';
import { mergeAll } from './merge-all.ts';
import { normalizeSchema } from './normalize-schema.ts';
import { isObjectSchema, resolveRef, resolveRoot, wrapSchema } from './output-root.ts';
import { mapSubschemas } from './subschemas.ts';

/** A schema that the dialect takes, and what it could not say. */
export interface AnthropicSchema {
  readonly schema: JsonObject;
  readonly losses: readonly Loss[];
}

/** A schema of an answer; `wrapped`: the value stands in the field `value` of an object. */
export interface AnthropicOutputSchema extends AnthropicSchema {
  readonly wrapped: boolean;
}

/** True for a tool schema that the dialect can enforce: the subset it takes for outputs, as it stands. */
export function isStrictSchema(schema: JsonObject): boolean {
  const converted = outputSchema(schema);
  return !converted.wrapped && converted.losses.length === 0 && Bun.deepEquals(converted.schema, schema);
}

/**
 * The schema of `output_config.format`: closed objects, no limits on values. What it cannot say becomes words in descriptions.
 * https://docs.claude.com/en/docs/build-with-claude/structured-outputs
 */
export function outputSchema(schema: Json): AnthropicOutputSchema {
  const root = resolveRoot(normalizeSchema(schema));
  const normal = asObject(mergeBranches(root, root)) ?? {};
  const moved = new Set<string>();
  const converted = convert(normal, moved);
  const losses =
    moved.size === 0
      ? []
      : [
          approximated(
            'schema',
            `The target enforces no such keyword; it became a description: ${[...moved].join(', ')}.`,
          ),
        ];
  if (isObjectSchema(normal)) return { schema: { type: 'object', ...converted }, wrapped: false, losses };
  return { schema: wrapSchema(converted), wrapped: true, losses };
}
/**
 * The schema with every `allOf` of several parts merged: closed objects, as the dialect wants them, would exclude each other's
 * properties.
 */
function mergeBranches(value: Json, root: JsonObject): Json {
  if (!isObject(value)) return value;
  const { allOf } = value;
  const isJoined = Array.isArray(allOf) && (allOf.length > 1 || value.properties !== undefined);
  const branches = isJoined ? asObjects(allOf).map((branch) => resolveRef(branch, root)) : [];
  const merged = branches.length === 0 ? value : mergeAll({ ...value, allOf: branches }, () => {});
  return mapSubschemas(merged, (child) => mergeBranches(child, root));
}

type Conversion = (value: Json, out: JsonDraft, moved: Set<string>) => boolean;

const keep =
  (key: string): Conversion =>
  (value, out) => {
    out[key] = value;
    return true;
  };
const convertOne =
  (key: string): Conversion =>
  (value, out, moved) => {
    out[key] = convert(asObject(value) ?? {}, moved);
    return true;
  };
const convertList =
  (key: string): Conversion =>
  (value, out, moved) => {
    out[key] = [...asArray(out[key]), ...asArray(value).map((item) => convert(asObject(item) ?? {}, moved))];
    return true;
  };
const convertMap =
  (key: string): Conversion =>
  (value, out, moved) => {
    const entries = Object.entries(asObject(value) ?? {});
    out[key] = Object.fromEntries(entries.map(([name, item]) => [name, convert(asObject(item) ?? {}, moved)]));
    return true;
  };
const silently: Conversion = () => true;

const FORMATS = new Set('date-time time date duration email hostname ipv4 ipv6 uuid uri'.split(' '));

/** How each keyword is carried; one that is not here, or answers false, becomes words. */
const CONVERSIONS: { readonly [keyword: string]: Conversion } = {
  type: keep('type'),
  title: keep('title'),
  description: keep('description'),
  required: keep('required'),
  properties: convertMap('properties'),
  $defs: convertMap('$defs'),
  definitions: convertMap('definitions'),
  items: convertOne('items'),
  anyOf: convertList('anyOf'),
  oneOf: convertList('anyOf'),
  allOf: convertList('allOf'),
  enum: (value, out) => {
    out.enum = asArray(value).filter((item) => !isObject(item) && !Array.isArray(item));
    return asArray(out.enum).length === asArray(value).length;
  },
  const: (value, out) => {
    if (isObject(value) || Array.isArray(value)) return false;
    out.const = value;
    return true;
  },
  format: (value, out) => {
    if (!FORMATS.has(String(value))) return false;
    out.format = value;
    return true;
  },
  minItems: (value, out) => {
    if (value !== 0 && value !== 1) return false;
    out.minItems = value;
    return true;
  },
  additionalProperties: (value, _out, moved) => {
    if (isObject(value)) moved.add('additionalProperties');
    return true;
  },
  propertyOrdering: silently,
  deprecated: silently,
  readOnly: silently,
  writeOnly: silently,
};

function convert(schema: JsonObject, moved: Set<string>): JsonObject {
  if (schema.$ref !== undefined && schema.$defs === undefined) return { $ref: schema.$ref };
  const out: JsonDraft = {};
  const words: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    const carry = Object.hasOwn(CONVERSIONS, key) ? CONVERSIONS[key] : undefined;
    if (value === undefined || carry?.(value, out, moved)) continue;
    words.push(`${key}: ${JSON.stringify(value)}`);
    moved.add(key);
  }
  if (out.properties !== undefined || asTypes(out.type).includes('object')) {
    const properties = asObject(out.properties) ?? {};
    out.additionalProperties = false;
    if (out.required !== undefined) out.required = asArray(out.required).filter((name) => String(name) in properties);
  }
  if (words.length > 0) out.description = [out.description, `(${words.join('; ')})`].filter(Boolean).join(' ');
  return out;
}

function asTypes(type: Json | undefined): readonly Json[] {
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}
