import { asArray, asObject, isNumber, isObject, type Json, type JsonObject } from '../../base/json.ts';
import { definitionName } from './inline-refs.ts';
import { mapValues } from './subschemas.ts';

/**
 * The arguments of a call with those values as their schema means them that came as text because the target lists only texts as
 * allowed values. The same object when there is none.
 */
export function restoreValues(value: Json, schema: Json, root: Json = schema, depth = 0): Json {
  // a reference may lead back to where it stands
  if (!isObject(schema) || depth > MAX_DEPTH) return value;
  const node = followRef(schema, root);
  const inside = (child: Json, childSchema: Json | undefined) =>
    childSchema === undefined ? child : restoreValues(child, childSchema, root, depth + 1);
  let restored = typeof value === 'string' ? restoreText(value, node) : value;
  if (Array.isArray(value)) {
    restored = sameOr(
      value,
      value.map((item: Json) => inside(item, node.items)),
    );
  } else if (isObject(value)) {
    const properties = asObject(node.properties) ?? {};
    const mapped = mapValues(value, (child, name) =>
      inside(child, Object.hasOwn(properties, name) ? properties[name] : undefined),
    );
    restored = Object.keys(mapped).some((name) => mapped[name] !== value[name]) ? mapped : value;
  }
  return [...asArray(node.anyOf), ...asArray(node.oneOf), ...asArray(node.allOf)].reduce<Json>(
    (sum, branch) => restoreValues(sum, branch, root, depth + 1),
    restored,
  );
}

const MAX_DEPTH = 50;

function sameOr(list: readonly Json[], mapped: readonly Json[]): readonly Json[] {
  return mapped.some((item, index) => item !== list[index]) ? mapped : list;
}

function followRef(schema: JsonObject, root: Json): JsonObject {
  const name = typeof schema.$ref === 'string' ? definitionName(schema.$ref) : undefined;
  if (name === undefined) return schema;
  const { $defs, definitions } = asObject(root) ?? {};
  return asObject(asObject($defs)?.[name]) ?? asObject(asObject(definitions)?.[name]) ?? schema;
}

function restoreText(text: string, schema: JsonObject): Json {
  const allowed = schema.const === undefined ? asArray(schema.enum) : [schema.const];
  if (allowed.includes(text)) return text;
  const meant = allowed.find((item) => (isNumber(item) || typeof item === 'boolean') && String(item) === text);
  return meant ?? text;
}
