import { expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import { fromGeminiSchema } from '../../../../src/translate/schema/from-gemini.ts';

const rows: readonly (readonly [name: string, schema: Json, expected: Json])[] = [
  [
    'types in upper case',
    { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
    { type: 'object', properties: { a: { type: 'string' } } },
  ],
  ['types by number', { type: 5, items: { type: 3 } }, { type: 'array', items: { type: 'integer' } }],
  ['no type', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
  ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
  [
    'nullable values',
    { type: 'STRING', format: 'enum', enum: ['a'], nullable: true },
    { type: ['string', 'null'], enum: ['a', null] },
  ],
  [
    'nullable alternatives',
    { anyOf: [{ type: 'STRING' }], nullable: true },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  [
    'counts as text',
    { type: 'ARRAY', items: { type: 'STRING' }, minItems: '2' },
    { type: 'array', items: { type: 'string' }, minItems: 2 },
  ],
  [
    'names of protobuf',
    { any_of: [{ type: 'STRING', max_length: '3' }] },
    { anyOf: [{ type: 'string', maxLength: 3 }] },
  ],
  ['an example', { type: 'STRING', example: 'x' }, { type: 'string', examples: ['x'] }],
  ['null fields', { type: 'STRING', description: null }, { type: 'string' }],
  [
    'JSON Schema',
    { type: ['string', 'null'], additionalProperties: false },
    { type: ['string', 'null'], additionalProperties: false },
  ],
  ['a boolean', true, true],
];

test.each(rows)('%s', (_name, schema, expected) => {
  expect(fromGeminiSchema(schema)).toEqual(expected);
});

test('properties stand in the order that is wished, and their names are left alone', () => {
  const schema = {
    type: 'OBJECT',
    properties: { b: { type: 'STRING' }, any_of: { type: 'INTEGER' }, type: { type: 'STRING' } },
    propertyOrdering: ['type', 'gone', 'any_of'],
  };
  const converted = fromGeminiSchema(schema) as { properties: object };
  expect(Object.keys(converted.properties)).toEqual(['type', 'any_of', 'b']);
  expect(converted).not.toHaveProperty('propertyOrdering');
});
