import { asArray, asObject, isNumber, isObject, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { approximated, type Loss } from '../loss.ts';
import { GEMINI_JSON, GEMINI_SUBSET, type GeminiForm } from './gemini-forms.ts';
import { definitionName, inlineRefs, needsInlining } from './inline-refs.ts';
import { mergeAll, mergeTwo } from './merge-all.ts';
import { describeHints, looksLikeSchema, readTypes, readValues } from './read-schema.ts';
import { mapValues } from './subschemas.ts';

/** A schema as Gemini takes it, and what that cost. */
export interface GeminiSchema {
  readonly schema: JsonObject;
  readonly losses: readonly Loss[];
}

/** What a schema is for: a tool's arguments are always an object. */
export type SchemaUse = 'arguments' | 'output';

/** The schema for `parametersJsonSchema` and `responseJsonSchema`: JSON Schema without the keywords that Gemini does not know. */
export function forGeminiJson(schema: Json, use: SchemaUse): GeminiSchema {
  return convertRoot(schema, use, GEMINI_JSON);
}

/** The schema for `parameters` and `responseSchema`: the OpenAPI subset that every Gemini model knows. */
export function forGeminiSubset(schema: Json, use: SchemaUse): GeminiSchema {
  return convertRoot(schema, use, GEMINI_SUBSET);
}

interface Context {
  readonly form: GeminiForm;
  lose(code: string, reason: string): void;
}

function convertRoot(schema: Json, use: SchemaUse, form: GeminiForm): GeminiSchema {
  const losses = new Map<string, Loss>();
  const lose = (code: string, reason: string) => losses.set(code, approximated(code, reason));
  const context: Context = { form, lose };
  const whole = wrapBareProperties(schema);
  const inlined = form.references && !needsInlining(whole) ? undefined : inlineRefs(whole);
  if (inlined?.cut) lose('schema-recursion', 'A schema that contains itself was cut after a few levels.');
  const root = asObject(inlined?.schema ?? whole) ?? {};
  const object = use === 'arguments' ? asOneObject(root, context) : root;
  const converted: JsonDraft = { ...convert(object, context) };
  const definitions = inlined === undefined ? { ...asObject(root.definitions), ...asObject(root.$defs) } : {};
  if (Object.keys(definitions).length > 0) converted.$defs = mapValues(definitions, (value) => convert(value, context));
  return { schema: converted, losses: [...losses.values()] };
}

/** Some tools give the map of their properties where the schema of an object belongs. */
function wrapBareProperties(schema: Json): Json {
  if (!isObject(schema) || looksLikeSchema(schema)) return schema;
  const values = Object.values(schema);
  return values.length > 0 && values.every(isObject) ? { type: 'object', properties: schema } : schema;
}

function asOneObject(root: JsonObject, context: Context): JsonObject {
  const merged = mergeAll(root, () => loseConflict(context));
  const branches = [...asArray(merged.anyOf), ...asArray(merged.oneOf)].map(asObject);
  const isUnion = branches.some((branch) => branch?.properties !== undefined || branch?.$ref !== undefined);
  if (!isUnion || context.form.references) return { ...merged, type: 'object' };
  const { anyOf: _anyOf, oneOf: _oneOf, ...base } = merged;
  context.lose(
    'schema-union',
    'The alternatives of the arguments became one object whose properties are all optional.',
  );
  const { required: _required, ...one } = branches.reduce<JsonObject>(
    (sum, branch) =>
      branch === undefined
        ? sum
        : mergeTwo(
            sum,
            mergeAll(branch, () => {}),
            () => {},
          ),
    { ...base, type: 'object' },
  );
  return one;
}

function loseConflict(context: Context): void {
  context.lose('schema-allof', 'Parts of an `allOf` contradict each other; the first counts.');
}

function convert(value: Json, context: Context): JsonObject {
  if (!isObject(value)) return context.form.anything(context.lose);
  if (context.form.references && typeof value.$ref === 'string') return convertRef(value, value.$ref);
  const node = mergeAll(value, () => loseConflict(context));
  const variants = [...asArray(node.anyOf), ...asArray(node.oneOf)].filter((variant) => !isIdle(variant, node));
  const { anyOf: _anyOf, oneOf: _oneOf, ...base } = node;
  if (variants.length === 0) return convertPlain(node.anyOf === undefined ? base : node, context);
  return convertUnion(base, variants, context);
}

/** Nothing may stand beside a `$ref`, so what a description says of it is said around it. */
function convertRef(value: JsonObject, ref: string): JsonObject {
  const reference = { $ref: `#/$defs/${definitionName(ref)}` };
  return typeof value.description === 'string' ? { description: value.description, anyOf: [reference] } : reference;
}

/** True for an alternative that only demands some of the properties around it: neither form can say that. */
function isIdle(variant: Json, around: JsonObject): boolean {
  if (!isObject(variant) || around.properties === undefined) return false;
  return Object.keys(variant).every((key) => key === 'required' || key === 'not' || key === 'description');
}

function convertUnion(base: JsonObject, variants: readonly Json[], context: Context): JsonObject {
  const isNull = (variant: Json) => isObject(variant) && variant.type === 'null';
  if (context.form.references) {
    const converted = convertPlain(base, context);
    return { ...converted, anyOf: variants.map((variant) => convert(variant, context)) };
  }
  const { description, title: _title, default: _default, ...shared } = base;
  const nullable = shared.nullable === true || variants.some(isNull);
  const { nullable: _nullable, ...own } = shared;
  const converted = variants
    .filter((variant) => !isNull(variant))
    .map((variant) =>
      convert(
        mergeTwo(asObject(variant) ?? {}, own, () => {}),
        context,
      ),
    )
    .map((variant) => ({
      ...variant,
      ...(variant.description === undefined && description !== undefined ? { description } : {}),
      ...(nullable ? { nullable: true } : {}),
    }));
  if (converted.length === 0) return context.form.anything(context.lose);
  return converted.length === 1 ? converted[0]! : { anyOf: converted };
}

function convertPlain(node: JsonObject, context: Context): JsonObject {
  const { form } = context;
  const { types, nullable } = readTypes(node);
  if (types.length > 1 && !form.references) {
    const { type: _type, nullable: _nullable, ...rest } = node;
    return convertUnion(
      { ...rest, nullable },
      types.map((type) => ({ type })),
      context,
    );
  }
  const draft: JsonDraft = {};
  const values = readValues(node, form);
  const properties = convertProperties(node, context);
  const isKnown = types.length > 0 || values !== undefined || properties !== undefined || node.items !== undefined;
  if (!isKnown && form.typeless === false && !nullable) Object.assign(draft, form.anything(context.lose));
  if (values?.lost) context.lose('schema-enum', 'Allowed values that are not texts are told in the description.');
  const listed = form.numbersInEnum || values === undefined || values.enum.length === 0 ? undefined : values.type;
  const type = listed ?? types[0] ?? values?.type ?? (properties === undefined ? arrayOrNothing(node) : 'object');
  form.writeType(draft, types.length > 1 ? types : type === undefined ? [] : [type], nullable);
  const description = describeHints(node, form, values?.hint) ?? draft.description;
  if (description !== undefined) draft.description = description;
  if (values !== undefined && values.enum.length > 0) draft.enum = values.enum;
  copyKept(node, draft, form, type);
  if (properties !== undefined) Object.assign(draft, properties);
  convertItems(node, draft, context, type);
  convertOpenness(node, draft, context);
  return draft;
}

function arrayOrNothing(node: JsonObject): string | undefined {
  return node.items === undefined && node.prefixItems === undefined ? undefined : 'array';
}

function copyKept(node: JsonObject, draft: JsonDraft, form: GeminiForm, type: string | undefined): void {
  for (const key of form.keep) if (node[key] !== undefined && node[key] !== null) draft[key] = node[key];
  for (const key of form.keepAsText) if (isNumber(node[key])) draft[key] = String(node[key]);
  if (typeof node.format === 'string' && form.takesFormat(node.format, type)) draft.format = node.format;
}

function convertProperties(node: JsonObject, context: Context): JsonObject | undefined {
  const properties = asObject(node.properties);
  if (properties === undefined) return undefined;
  const names = Object.keys(properties);
  // a flag inside a property stands for the list beside it
  const flagged = names.filter((name) => asObject(properties[name])?.required === true);
  const listed = asArray(node.required).filter((name) => typeof name === 'string' && names.includes(name));
  const required = [...new Set([...listed, ...flagged])];
  const converted = mapValues(properties, (value) => convert(value, context));
  if (names.length === 0 && !context.form.references) return {};
  return { properties: converted, ...(required.length === 0 ? {} : { required }) };
}

function convertItems(node: JsonObject, draft: JsonDraft, context: Context, type: string | undefined): void {
  const tuple = Array.isArray(node.items) ? node.items : node.prefixItems;
  const items = Array.isArray(node.items) ? undefined : node.items;
  if (context.form.references) {
    if (Array.isArray(tuple)) draft.prefixItems = tuple.map((item: Json) => convert(item, context));
    if (items !== undefined && items !== false) draft.items = convert(items, context);
    return;
  }
  if (type !== 'array') return;
  if (items !== undefined && isObject(items)) draft.items = convert(items, context);
  else if (Array.isArray(tuple) && tuple.length > 0) draft.items = convert({ anyOf: tuple }, context);
  else draft.items = context.form.anything(context.lose);
}

function convertOpenness(node: JsonObject, draft: JsonDraft, context: Context): void {
  const { additionalProperties } = node;
  if (!context.form.references || additionalProperties === undefined) return;
  draft.additionalProperties = isObject(additionalProperties)
    ? convert(additionalProperties, context)
    : additionalProperties;
}
