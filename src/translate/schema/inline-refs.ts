import { asObject, isObject, type Json, type JsonObject } from '../../base/json.ts';
import { mapSubschemas, subschemasOf } from './subschemas.ts';

/** A schema without references, and whether one had to be cut because it leads back to itself or nowhere. */
export interface InlinedSchema {
  readonly schema: Json;
  readonly cut: boolean;
}

/** How often a definition may stand inside itself. */
const MAX_DEPTH = 5;
/** Definitions put in place of references in all, so that a small schema cannot grow without end. */
const MAX_INLINED = 500;

interface State {
  readonly root: Json;
  inlined: number;
  cut: boolean;
}

/** The schema with every `$ref` replaced by what it leads to; one that leads back to itself ends in an open object. */
export function inlineRefs(schema: Json): InlinedSchema {
  const state: State = { root: schema, inlined: 0, cut: false };
  return { schema: inlineIn(schema, [], state), cut: state.cut };
}

/** Keywords whose schemas are merged into the one around them, which a reference cannot be. */
const MERGED: readonly string[] = ['allOf', 'then', 'else'];

/**
 * True when a reference leads to a definition that it is part of, or to anything but a definition at the root; also when it
 * is the schema itself, or one that has to be merged into another.
 */
export function needsInlining(schema: Json): boolean {
  const root = asObject(schema);
  if (root === undefined) return false;
  if (typeof root.$ref === 'string') return true;
  const definitions = { ...asObject(root.definitions), ...asObject(root.$defs) };
  const progress = new Map<string, 'open' | 'done'>();
  const isDirect = (ref: string): boolean => {
    const name = definitionName(ref);
    if (name === undefined || definitions[name] === undefined || progress.get(name) === 'open') return false;
    if (progress.get(name) === 'done') return true;
    progress.set(name, 'open');
    const direct = isClean(definitions[name]);
    progress.set(name, 'done');
    return direct;
  };
  const isClean = (value: Json): boolean => {
    if (!isObject(value)) return true;
    if (typeof value.$ref === 'string' && !isDirect(value.$ref)) return false;
    if (MERGED.some((key) => [value[key]].flat().some((item) => typeof asObject(item)?.$ref === 'string')))
      return false;
    const { $defs: _defs, definitions: _definitions, ...rest } = value;
    return subschemasOf(rest).every(isClean);
  };
  return !isClean(root);
}

/** The name of the definition at the root that a reference leads to; `undefined` when it leads elsewhere. */
export function definitionName(ref: string): string | undefined {
  return /^#\/(?:\$defs|definitions)\/([^/~%]+)$/.exec(ref)?.[1];
}

function inlineIn(value: Json, path: readonly string[], state: State): Json {
  if (!isObject(value)) return value;
  if (typeof value.$ref === 'string') return inlineRef(value, value.$ref, path, state);
  const { $defs: _defs, definitions: _definitions, ...rest } = value;
  return mapSubschemas(rest, (subschema) => inlineIn(subschema, path, state));
}

function inlineRef(value: JsonObject, ref: string, path: readonly string[], state: State): Json {
  const { $ref: _ref, ...siblings } = value;
  const target = followRef(state.root, ref);
  const depth = path.filter((step) => step === ref).length;
  if (target === undefined || depth >= MAX_DEPTH || state.inlined >= MAX_INLINED) {
    state.cut = true;
    return inlineIn({ type: 'object', ...siblings }, path, state);
  }
  state.inlined++;
  const inlined = inlineIn(target, [...path, ref], state);
  if (!isObject(inlined)) return inlined;
  return { ...inlined, ...asObject(inlineIn(siblings, path, state)) };
}

function followRef(root: Json, ref: string): Json | undefined {
  if (!ref.startsWith('#')) return undefined;
  let value: Json | undefined = root;
  for (const step of ref.slice(1).split('/').slice(1)) {
    const key = decodeStep(step);
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function decodeStep(step: string): string {
  const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
