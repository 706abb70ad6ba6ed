import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { forGeminiJson, forGeminiSubset } from '../../../../src/translate/schema/for-gemini.ts';

const json = (schema: Json) => forGeminiJson(schema, 'arguments').schema;
const subset = (schema: Json) => forGeminiSubset(schema, 'arguments').schema;
const fields = (losses: readonly { readonly field: string }[]) => losses.map((loss) => loss.field);

/** One property `a` of an object, in both forms. */
function property(schema: JsonObject, extra: JsonObject = {}) {
  const root = { type: 'object', properties: { a: schema }, ...extra };
  const read = (converted: JsonObject) => (converted.properties as JsonObject | undefined)?.a;
  return { json: read(json(root)), subset: read(subset(root)) };
}

describe('R01: names of properties are never taken for keywords', () => {
  const names = ['pattern', 'format', 'default', 'title', 'type', 'definitions', '$defs', 'required', 'enum', '$ref'];
  const schema = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };

  test('in the JSON Schema form', () => {
    expect(json(schema)).toEqual(schema);
  });

  test('in the subset, and beside a reference', () => {
    const referring = {
      ...schema,
      properties: { ...schema.properties, node: { $ref: '#/$defs/node' } },
      $defs: { node: { type: 'object', properties: { definitions: { type: 'string' } } } },
    };
    expect(Object.keys(subset(referring).properties as JsonObject)).toEqual([...names, 'node']);
    expect((subset(referring).properties as JsonObject).node).toEqual({
      type: 'OBJECT',
      properties: { definitions: { type: 'STRING' } },
    });
  });
});

describe('R02: schemas that are not quite schemas', () => {
  test('a bare map of properties is an object, and a flag in a property is lifted into the list', () => {
    const bare = { city: { type: 'string', required: true }, days: { type: 'integer', maximum: 9007199254740991 } };
    expect(json(bare)).toEqual({
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', maximum: 9007199254740991 } },
      required: ['city'],
    });
  });

  test('a property named like a keyword does not make a schema of the map', () => {
    expect(json({ type: { type: 'string' }, items: { type: 'integer' } })).toEqual({
      type: 'object',
      properties: { type: { type: 'string' }, items: { type: 'integer' } },
    });
  });

  test('required names only what is there', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'gone', 3] };
    expect(json(schema).required).toEqual(['a']);
    expect(json({ ...schema, required: ['gone'] })).not.toHaveProperty('required');
  });
});

describe('R03: keywords that Gemini does not know', () => {
  const rows: readonly (readonly [name: string, schema: JsonObject, json: JsonObject, subset: JsonObject])[] = [
    ['types in upper case', { type: 'STRING' }, { type: 'string' }, { type: 'STRING' }],
    ['a type or null', { type: ['string', 'null'] }, { type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    [
      'several types',
      { type: ['string', 'integer'], description: 'd' },
      { type: ['string', 'integer'], description: 'd' },
      {
        anyOf: [
          { type: 'STRING', description: 'd' },
          { type: 'INTEGER', description: 'd' },
        ],
      },
    ],
    [
      'anyOf with null',
      { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'd' },
      { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'd' },
      { type: 'STRING', nullable: true, description: 'd' },
    ],
    [
      'oneOf',
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] },
    ],
    ['const', { const: 'k' }, { type: 'string', enum: ['k'] }, { type: 'STRING', enum: ['k'] }],
    ['enum with nothing in it', { type: 'string', enum: [] }, { type: 'string' }, { type: 'STRING' }],
    [
      'enum with the empty text',
      { type: 'string', enum: ['', 'x'] },
      { type: 'string', enum: ['x'] },
      { type: 'STRING', enum: ['x'] },
    ],
    [
      'enum of numbers',
      { type: 'integer', enum: [1, 2] },
      { type: 'integer', enum: [1, 2] },
      { type: 'STRING', enum: ['1', '2'], description: '(integer as text)' },
    ],
    [
      'enum of truth',
      { enum: [true], description: 'Yes.' },
      { type: 'boolean', description: 'Yes. (one of: true)' },
      { type: 'STRING', enum: ['true'], description: 'Yes. (boolean as text)' },
    ],
    [
      'limits of texts',
      { type: 'string', minLength: 2, pattern: '^a', format: 'email' },
      { type: 'string', format: 'email', description: '(pattern: "^a"; minLength: 2)' },
      { type: 'STRING', minLength: '2', pattern: '^a' },
    ],
    [
      'limits of numbers',
      { type: 'number', minimum: 1, exclusiveMaximum: 9, multipleOf: 2, format: 'double' },
      { type: 'number', minimum: 1, format: 'double', description: '(exclusiveMaximum: 9; multipleOf: 2)' },
      { type: 'NUMBER', minimum: 1, format: 'double', description: '(exclusiveMaximum: 9; multipleOf: 2)' },
    ],
    [
      'limits of lists',
      { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
      { type: 'array', items: { type: 'string' }, minItems: 1, description: '(uniqueItems: true)' },
      { type: 'ARRAY', items: { type: 'STRING' }, minItems: '1', description: '(uniqueItems: true)' },
    ],
    [
      'a tuple',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
      { type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] } },
    ],
    [
      'an open object',
      { type: 'object', additionalProperties: { type: 'number' } },
      { type: 'object', additionalProperties: { type: 'number' } },
      { type: 'OBJECT' },
    ],
    [
      'defaults',
      { type: 'integer', default: 3, title: 'T' },
      { type: 'integer', title: 'T', description: '(default: 3)' },
      { type: 'INTEGER', title: 'T', default: 3 },
    ],
    [
      'notes for other tools',
      { $comment: 'c', $id: 'i', enumDescriptions: ['x'], 'x-order': 1, deprecated: true, type: 'string' },
      { $id: 'i', type: 'string' },
      { type: 'STRING' },
    ],
  ];

  test.each(rows)('%s', (_name, schema, inJson, inSubset) => {
    expect(property(schema)).toEqual({ json: inJson, subset: inSubset });
  });

  test('then and else give their properties, and allOf is merged', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { kind: { type: 'string' } },
      if: { properties: { kind: { const: 'a' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { a: { type: 'string' } }, required: ['a'] },
      else: { properties: { b: { type: 'integer' } } },
      allOf: [{ properties: { c: { type: 'boolean' } }, required: ['c'] }],
    };
    expect(json(schema)).toEqual({
      type: 'object',
      properties: {
        kind: { type: 'string' },
        c: { type: 'boolean' },
        a: { type: 'string' },
        b: { type: 'integer' },
      },
      required: ['c'],
    });
  });

  test('parts of an allOf that contradict each other are reported', () => {
    const schema = {
      type: 'object',
      allOf: [{ properties: { a: { type: 'string' } } }, { properties: { a: { type: 'integer' } } }],
    };
    const converted = forGeminiJson(schema, 'arguments');
    expect(converted.schema.properties).toEqual({ a: { type: 'string' } });
    expect(fields(converted.losses)).toEqual(['schema-allof']);
  });
});

describe('roots', () => {
  test('R04: an object without properties is kept, or has none to send', () => {
    expect(json({ type: 'object', properties: {} })).toEqual({ type: 'object', properties: {} });
    expect(json({ type: 'object' })).toEqual({ type: 'object' });
    expect(subset({ type: 'object', properties: {} })).toEqual({ type: 'OBJECT' });
  });

  test('without a type are objects; `true` takes anything', () => {
    expect(json({ properties: { a: { type: 'string' } } }).type).toBe('object');
    expect(json(true)).toEqual({ type: 'object' });
  });

  test('that are alternatives become one object in the subset', () => {
    const schema = {
      anyOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { type: 'object', properties: { b: { type: 'integer' } }, required: ['b'] },
      ],
    };
    const converted = forGeminiSubset(schema, 'arguments');
    expect(converted.schema).toEqual({ type: 'OBJECT', properties: { a: { type: 'STRING' }, b: { type: 'INTEGER' } } });
    expect(fields(converted.losses)).toEqual(['schema-union']);
  });

  test('that only demand one of two properties keep the properties', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    };
    expect(json(schema)).toEqual({ type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } });
  });

  test('of outputs may be of any type', () => {
    const list = { type: 'array', items: { type: 'string' } };
    expect(forGeminiJson(list, 'output').schema).toEqual(list);
    expect(forGeminiSubset(list, 'output').schema).toEqual({ type: 'ARRAY', items: { type: 'STRING' } });
  });

  test('a value of any kind is asked for as text in the subset, and that is reported', () => {
    const converted = forGeminiSubset({ type: 'object', properties: { a: {} } }, 'arguments');
    expect(converted.schema.properties).toEqual({ a: { type: 'STRING', description: 'Any value, as JSON.' } });
    expect(fields(converted.losses)).toEqual(['schema-any']);
  });

  test('the order of properties is kept', () => {
    const schema = {
      type: 'object',
      properties: { z: { type: 'string' }, a: { type: 'string' }, m: { type: 'string' } },
    };
    expect(Object.keys(json(schema).properties as JsonObject)).toEqual(['z', 'a', 'm']);
  });
});
