import { asArray, asNumber, isNumber, isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { GeminiForm } from './gemini-forms.ts';
import { TYPES } from './normal-schema.ts';

const MAX_HINT = 200;

/** True when an object has at least one keyword of a schema, used as one. */
export function looksLikeSchema(value: JsonObject): boolean {
  const isText = (key: string) => typeof value[key] === 'string';
  const isList = (key: string) => Array.isArray(value[key]);
  if (['type', 'description', 'title', '$schema', '$ref', '$id'].some(isText)) return true;
  if (['type', 'enum', 'anyOf', 'oneOf', 'allOf', 'required'].some(isList)) return true;
  if (typeof value.additionalProperties === 'boolean' || 'const' in value) return true;
  return ['properties', '$defs', 'definitions'].some((key) => isMapOfSchemas(value[key]));
}

function isMapOfSchemas(value: Json | undefined): boolean {
  return isObject(value) && Object.values(value).every((item) => isObject(item) || typeof item === 'boolean');
}

/** The types of a schema in lower case, `null` apart unless it is the only one. */
export function readTypes(node: JsonObject): { readonly types: readonly string[]; readonly nullable: boolean } {
  const written = Array.isArray(node.type) ? node.type : [node.type];
  const all = written
    .filter((type) => typeof type === 'string')
    .map((type) => type.toLowerCase())
    .filter((type) => TYPES.includes(type));
  const types = all.filter((type) => type !== 'null');
  if (types.length === 0 && all.length > 0) return { types: ['null'], nullable: false };
  return { types, nullable: node.nullable === true || all.includes('null') };
}

/** The values a schema allows. */
export interface AllowedValues {
  /** Those that can be listed; empty when the form cannot list them. */
  readonly enum: readonly (string | number)[];
  /** The type they have in common. */
  readonly type?: string;
  /** The others, in words. */
  readonly hint?: string;
  /** True when they are told only in words. */
  readonly lost: boolean;
}

/** Reads `enum` or `const`; `undefined` when the schema names no value but `null`. The empty text is refused in both forms. */
export function readValues(node: JsonObject, form: GeminiForm): AllowedValues | undefined {
  const all = node.const === undefined ? asArray(node.enum) : [node.const];
  const values = all.filter((value) => value !== null && value !== '');
  if (values.length === 0) return all.includes('') ? { enum: [], type: 'string', lost: false } : undefined;
  const canList = (value: Json) => typeof value === 'string' || (form.numbersInEnum && isNumber(value));
  const type = jsonType(values);
  const common = type === undefined ? {} : { type };
  if (!form.numbersInEnum && values.every(isPrimitive)) return listAsTexts(values, type);
  if (values.every(canList)) return { enum: values as (string | number)[], ...common, lost: false };
  return { enum: [], ...common, hint: `one of: ${JSON.stringify(values).slice(1, -1)}`, lost: true };
}

function isPrimitive(value: Json): boolean {
  return typeof value !== 'object' || isNumber(value);
}

/** Values as texts, with words for what they are; `restore-values.ts` makes of the model's text what was meant. */
function listAsTexts(values: readonly Json[], type: string | undefined): AllowedValues {
  const texts = [...new Set(values.map(String))];
  const isText = values.every((value) => typeof value === 'string');
  if (isText) return { enum: texts, type: 'string', lost: false };
  return { enum: texts, type: 'string', hint: `${type ?? 'value'} as text`, lost: false };
}

function jsonType(values: readonly Json[]): string | undefined {
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => Number.isInteger(asNumber(value)))) return 'integer';
  return values.every(isNumber) ? 'number' : undefined;
}

/** The description with the constraints that only words can tell; `undefined` when there is nothing to say. */
export function describeHints(node: JsonObject, form: GeminiForm, extra?: string): string | undefined {
  const hints = form.hints
    .filter((key) => node[key] !== undefined && node[key] !== null && node[key] !== false)
    .map((key) => `${key}: ${JSON.stringify(node[key]).slice(0, MAX_HINT)}`);
  if (extra !== undefined) hints.push(extra);
  const description = typeof node.description === 'string' ? node.description : '';
  if (hints.length === 0) return description === '' ? undefined : description;
  return `${description}${description === '' ? '' : ' '}(${hints.join('; ')})`;
}
