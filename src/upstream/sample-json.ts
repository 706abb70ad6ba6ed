import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonDraft,
  type JsonObject,
} from '../base/json.ts';

/** Schemas nested deeper than this are answered by the simplest value: references may be circular. */
const MAX_DEPTH = 12;

const FORMATS: { readonly [format: string]: string } = {
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  time: '12:00:00Z',
  duration: 'PT1M',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'https://example.com/',
};

/** A small value that fits a JSON Schema: the required fields only, each as simple as it may be. */
export function sampleOf(schema: Json | undefined): Json {
  return sample(schema, asObject(schema) ?? {}, 0);
}

function sample(schema: Json | undefined, root: JsonObject, depth: number): Json {
  if (!isObject(schema) || depth > MAX_DEPTH) return 'example';
  const merged = resolve(schema, root, depth);
  const given = givenValue(merged);
  if (given !== undefined) return given;
  const branches = asArray(merged.anyOf ?? merged.oneOf);
  const branch = branches.find((choice) => asObject(choice)?.type !== 'null') ?? branches[0];
  if (branch !== undefined) return sample(mergeTwo(merged, asObject(branch) ?? {}), root, depth + 1);
  switch (typeOf(merged)) {
    case 'object':
      return sampleObject(merged, root, depth);
    case 'array':
      return Array.from({ length: asNumber(merged.minItems) ?? 0 }, () => sample(merged.items, root, depth + 1));
    case 'string':
      return sampleString(merged);
    case 'integer':
    case 'number':
      return sampleNumber(merged);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return 'example';
  }
}

function resolve(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const reference = asString(schema.$ref);
  const target = reference === undefined || depth > MAX_DEPTH ? undefined : lookUp(reference, root);
  const own =
    target === undefined ? schema : mergeTwo({ ...schema, $ref: undefined }, resolve(target, root, depth + 1));
  const all = asArray(own.allOf).map((part) => resolve(asObject(part) ?? {}, root, depth + 1));
  return all.reduce(mergeTwo, { ...own, allOf: undefined });
}

function lookUp(reference: string, root: JsonObject): JsonObject | undefined {
  const steps = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '');
  let place: JsonObject | undefined = root;
  for (const step of steps) place = asObject(place?.[step.replaceAll('~1', '/').replaceAll('~0', '~')]);
  return place;
}

function mergeTwo(a: JsonObject, b: JsonObject): JsonObject {
  const { anyOf: _any, oneOf: _one, ...first } = a;
  const required = [...asArray(a.required), ...asArray(b.required)];
  const properties = { ...asObject(a.properties), ...asObject(b.properties) };
  return {
    ...first,
    ...b,
    ...(required.length === 0 ? {} : { required }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

function givenValue(schema: JsonObject): Json | undefined {
  if (schema.const !== undefined) return schema.const;
  return asArray(schema.enum).find((value) => value !== '') ?? schema.default ?? asArray(schema.examples)[0];
}

function typeOf(schema: JsonObject): string | undefined {
  const types = asArray(schema.type ?? []);
  const named = typeof schema.type === 'string' ? schema.type : types.find((type) => type !== 'null');
  if (typeof named === 'string') return named.toLowerCase();
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? undefined : 'array';
}

function sampleObject(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const properties = asObject(schema.properties) ?? {};
  const value: JsonDraft = {};
  for (const name of asArray(schema.required)) {
    if (typeof name === 'string') value[name] = sample(properties[name], root, depth + 1);
  }
  return value;
}

function sampleString(schema: JsonObject): string {
  const text = FORMATS[asString(schema.format) ?? ''] ?? 'example';
  const longEnough = text.padEnd(asNumber(schema.minLength) ?? 0, 'x');
  return longEnough.slice(0, asNumber(schema.maxLength) ?? longEnough.length);
}

function sampleNumber(schema: JsonObject): number {
  const step = asNumber(schema.multipleOf) ?? 1;
  const least = asNumber(schema.minimum) ?? plus(asNumber(schema.exclusiveMinimum), step);
  const most = asNumber(schema.maximum) ?? plus(asNumber(schema.exclusiveMaximum), -step);
  const wished = Math.min(Math.max(step, least ?? step), most ?? Number.POSITIVE_INFINITY);
  return Math.ceil(wished / step) * step;
}

function plus(value: number | undefined, step: number): number | undefined {
  return value === undefined ? undefined : value + step;
}
