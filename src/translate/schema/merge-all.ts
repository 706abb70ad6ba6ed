import { asArray, asObject, asObjects, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';

/**
 * The schema with `allOf` merged into it, for targets that know none; `then`, `else` and dependent schemas give their
 * properties, so that the model hears of them, but demand nothing. Where two say different things the first counts, and
 * `onConflict` is told.
 */
export function mergeAll(schema: JsonObject, onConflict: () => void): JsonObject {
  const { allOf, if: _if, then: whenTrue, else: whenFalse, dependentSchemas, ...rest } = schema;
  const always = asObjects(allOf);
  const sometimes = [whenTrue, whenFalse, ...Object.values(asObject(dependentSchemas) ?? {})].map(asObject);
  if (always.length === 0 && sometimes.every((branch) => branch === undefined)) {
    return Object.keys(rest).length === Object.keys(schema).length ? schema : rest;
  }
  let merged: JsonObject = rest;
  for (const branch of always) merged = mergeTwo(merged, mergeAll(branch, onConflict), onConflict);
  for (const branch of sometimes) {
    const properties = branch && mergeAll(branch, onConflict).properties;
    if (properties !== undefined) merged = mergeTwo(merged, { properties }, () => {});
  }
  return merged;
}

/** Two schemas that both hold, as one; the first counts where they differ. */
export function mergeTwo(first: JsonObject, second: JsonObject, onConflict: () => void): JsonObject {
  const merged: JsonDraft = { ...first };
  for (const [key, value] of Object.entries(second)) {
    if (value === undefined) continue;
    if (key === 'properties') merged.properties = mergeProperties(first.properties, value, onConflict);
    else if (key === 'required' && Array.isArray(value)) {
      merged.required = [...new Set([...asArray(first.required), ...value])];
    } else if (merged[key] === undefined) merged[key] = value;
    else if (key !== 'description' && key !== 'title' && !Bun.deepEquals(merged[key], value)) onConflict();
  }
  return merged;
}

function mergeProperties(first: Json | undefined, second: Json, onConflict: () => void): JsonObject {
  const merged: JsonDraft = { ...asObject(first) };
  for (const [name, value] of Object.entries(asObject(second) ?? {})) {
    if (merged[name] === undefined) merged[name] = value;
    else if (!Bun.deepEquals(merged[name], value)) onConflict();
  }
  return merged;
}
