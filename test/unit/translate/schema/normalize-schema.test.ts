import { expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import { normalizeSchema } from '../../../../src/translate/schema/normalize-schema.ts';

test.each<[string, Json, Json]>([
  ['true', true, {}],
  ['false', false, { not: {} }],
  ['no schema at all', 'text', {}],
  ['types in upper case', { type: ['STRING', 'NULL'] }, { type: ['string', 'null'] }],
  ['types that are none', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
  ['nullable values', { type: 'string', enum: ['a'], nullable: true }, { type: ['string', 'null'], enum: ['a', null] }],
  [
    'nullable alternatives',
    { anyOf: [{ type: 'string' }], nullable: true },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  ['tuples', { type: 'array', items: [{ type: 'STRING' }] }, { type: 'array', prefixItems: [{ type: 'string' }] }],
  ['counts in quotes', { type: 'array', maxItems: '3' }, { type: 'array', maxItems: 3 }],
  ['flags of limits', { exclusiveMinimum: true, minimum: 3 }, { exclusiveMinimum: 3 }],
  ['flags of limits that are off', { exclusiveMaximum: false, maximum: 3 }, { maximum: 3 }],
  [
    'R02: required in a property',
    { type: 'object', properties: { a: { type: 'string', required: true }, b: { type: 'string', required: false } } },
    { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['a'] },
  ],
  ['annotations', { $schema: 's', $id: 'i', 'x-a': 1, type: 'string', title: 't' }, { type: 'string', title: 't' }],
  [
    'booleans for schemas',
    { type: 'object', additionalProperties: false },
    { type: 'object', additionalProperties: false, properties: {} },
  ],
  [
    'data that looks like a schema',
    { type: 'object', properties: {}, default: { type: 'STRING', nullable: true } },
    { type: 'object', properties: {}, default: { type: 'STRING', nullable: true } },
  ],
])('%s', (_name, schema, expected) => {
  expect(normalizeSchema(schema)).toEqual(expected as never);
});
