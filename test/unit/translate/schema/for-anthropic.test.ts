import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { isStrictSchema, outputSchema } from '../../../../src/translate/schema/for-anthropic.ts';
import { wrapsOutput } from '../../../../src/translate/schema/output-root.ts';

const STRING = { type: 'string' };
const closed = (properties: JsonObject, more: JsonObject = {}) => ({
  type: 'object',
  properties,
  ...more,
  additionalProperties: false,
});

describe('outputSchema', () => {
  const property = (schema: Json): Json | undefined => {
    const converted = outputSchema({ type: 'object', properties: { p: schema } });
    return (converted.schema.properties as JsonObject).p;
  };

  test.each<[string, Json, Json]>([
    ['a nested object', { type: 'object', properties: { a: STRING } }, closed({ a: STRING })],
    ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
    ['oneOf', { oneOf: [STRING, { type: 'null' }] }, { anyOf: [STRING, { type: 'null' }] }],
    ['a reference alone', { $ref: '#/$defs/A', description: 'x' }, { $ref: '#/$defs/A' }],
    ['a known format', { type: 'string', format: 'uuid' }, { type: 'string', format: 'uuid' }],
    ['one item at least', { type: 'array', items: STRING, minItems: 1 }, { type: 'array', items: STRING, minItems: 1 }],
    ['values', { enum: ['a', 1, null, true] }, { enum: ['a', 1, null, true] }],
    ['R03: no values', { type: 'string', enum: [] }, STRING],
    ['R03: annotations', { type: 'string', $comment: 'x', enumDescriptions: ['y'], 'x-z': 1 }, STRING],
    ['a true schema', true, {}],
    [
      'limits in words',
      { type: 'string', description: 'Name.', minLength: 2, pattern: '^a' },
      { type: 'string', description: 'Name. (minLength: 2; pattern: "^a")' },
    ],
    [
      'two items in words',
      { type: 'array', items: STRING, minItems: 2 },
      { type: 'array', items: STRING, description: '(minItems: 2)' },
    ],
    [
      'an unknown format in words',
      { type: 'string', format: 'iban' },
      { type: 'string', description: '(format: "iban")' },
    ],
    [
      'names that are required but not there',
      { type: 'object', properties: { a: STRING }, required: ['a', 'b'] },
      { ...closed({ a: STRING }), required: ['a'] },
    ],
  ])('%s', (_name, schema, expected) => {
    expect(property(schema)).toEqual(expected as never);
  });

  test('names what became words', () => {
    const { losses } = outputSchema(closed({ a: { type: 'number', minimum: 1, multipleOf: 2 } }));
    expect(losses).toHaveLength(1);
    expect(losses[0]!.reason).toContain('minimum, multipleOf');
    expect(outputSchema({ type: 'object', additionalProperties: STRING }).losses).toHaveLength(1);
    expect(outputSchema({ type: 'object', additionalProperties: true }).losses).toEqual([]);
  });

  test.each<[string, Json, JsonObject]>([
    ['a list', { type: 'ARRAY', items: STRING }, { type: 'array', items: STRING }],
    ['a choice', { type: 'string', enum: ['a'] }, { type: 'string', enum: ['a'] }],
    ['alternatives', { anyOf: [STRING, { type: 'null' }] }, { anyOf: [STRING, { type: 'null' }] }],
  ])('wraps %s', (_name, schema, value) => {
    expect(wrapsOutput(schema)).toBe(true);
    expect(outputSchema(schema)).toMatchObject({ wrapped: true, schema: closed({ value }, { required: ['value'] }) });
  });

  test('keeps definitions at the root when it wraps', () => {
    const { schema } = outputSchema({ type: 'array', items: { $ref: '#/$defs/A' }, $defs: { A: STRING } });
    expect(schema.$defs).toEqual({ A: STRING });
  });

  test('29: the schema of Gemini CLI', () => {
    const schema = { type: 'OBJECT', properties: { n: { type: 'INTEGER', minItems: '1' } }, required: ['n'] };
    expect(outputSchema(schema)).toEqual({
      schema: closed({ n: { type: 'integer', minItems: 1 } }, { required: ['n'] }),
      wrapped: false,
      losses: [],
    });
  });
});

test.each<[JsonObject, boolean]>([
  [closed({ a: STRING }), true],
  [closed({ a: { type: 'string', pattern: 'x' } }), false],
  [{ type: 'object', properties: { a: STRING } }, false],
])('isStrictSchema(%j) is %p', (schema, strict) => {
  expect(isStrictSchema(schema)).toBe(strict);
});

test('parts of an allOf become one closed object, since closed ones would exclude each other', () => {
  const schema = {
    type: 'object',
    properties: { a: { allOf: [{ $ref: '#/$defs/A' }, { properties: { y: { type: 'number' } }, required: ['y'] }] } },
    $defs: { A: { type: 'object', properties: { x: { type: 'string' } } } },
  };
  expect(outputSchema(schema).schema.properties).toEqual({
    a: {
      type: 'object',
      properties: { x: { type: 'string' }, y: { type: 'number' } },
      required: ['y'],
      additionalProperties: false,
    },
  });
});

test('a root without a type is an object', () => {
  expect(outputSchema({ properties: { a: { type: 'string' } } }).schema.type).toBe('object');
});
