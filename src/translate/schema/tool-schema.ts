import { asObject, asObjects, isObject, type Json, type JsonObject } from '../../base/json.ts';
import { approximated, type Loss } from '../loss.ts';
import { mergeTwo } from './merge-all.ts';
import { normalizeSchema } from './normalize-schema.ts';
import { resolveRef, resolveRoot } from './output-root.ts';
import { looksLikeSchema } from './read-schema.ts';

/** The schema of a tool's arguments, and what it could not say. */
export interface ToolSchema {
  readonly schema: JsonObject;
  readonly losses: readonly Loss[];
}

/** What neither OpenAI nor Anthropic take at the root of a tool's schema. */
const REFUSED_AT_ROOT = ['anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not', '$ref'] as const;

/**
 * The schema of a tool's arguments as OpenAI and Anthropic take it: any JSON Schema whose root is an object that combines nothing.
 * https://platform.openai.com/docs/guides/function-calling
 * https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use
 */
export function toolSchema(schema: Json | undefined): ToolSchema {
  const whole = normalizeSchema(wrapBareProperties(asObject(schema) ?? {}));
  if (!REFUSED_AT_ROOT.some((key) => whole[key] !== undefined)) return { schema: asObjectSchema(whole), losses: [] };
  const root = resolveRoot(whole);
  const { anyOf, oneOf, allOf, enum: _enum, const: _const, not: _not, ...rest } = root;
  const isCombined = [anyOf, oneOf, allOf, _enum, _const, _not].some((value) => value !== undefined);
  if (!isCombined) return { schema: asObjectSchema(rest), losses: [] };
  let merged: JsonObject = rest;
  for (const branch of asObjects(allOf)) merged = mergeTwo(merged, resolveRef(branch, root), () => {});
  for (const branch of [...asObjects(anyOf), ...asObjects(oneOf)]) {
    const { properties } = resolveRef(branch, root);
    if (properties !== undefined) merged = mergeTwo(merged, { properties }, () => {});
  }
  return {
    schema: asObjectSchema(merged),
    losses: [approximated('schema', 'Alternatives at the root of a tool schema were merged into one object.')],
  };
}

function asObjectSchema(schema: JsonObject): JsonObject {
  if (schema.type === 'object' && isObject(schema.properties)) return schema;
  return { ...schema, type: 'object', properties: asObject(schema.properties) ?? {} };
}

/** Some tool servers give the map of properties alone. */
function wrapBareProperties(schema: JsonObject): JsonObject {
  if (looksLikeSchema(schema)) return schema;
  const values = Object.values(schema);
  const isBare = values.length > 0 && values.every((value) => isObject(value) && looksLikeSchema(value));
  return isBare ? { type: 'object', properties: schema } : schema;
}
