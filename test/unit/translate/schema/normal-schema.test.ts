import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isObject, type Json, type JsonObject } from '../../../../src/base/json.ts';
import { isNormal } from '../../../../src/translate/schema/normal-schema.ts';
import { normalizeSchema } from '../../../../src/translate/schema/normalize-schema.ts';
import { mapSubschemas } from '../../../../src/translate/schema/subschemas.ts';

const key = fc.constantFrom(
  'type',
  'properties',
  'required',
  'items',
  'anyOf',
  'enum',
  'nullable',
  'x-order',
  '$schema',
  'minItems',
  'exclusiveMinimum',
  'minimum',
  'description',
  'additionalProperties',
  '$defs',
  'prefixItems',
);
const leaf = fc.oneof(
  fc.constantFrom('object', 'array', 'string', 'STRING', 'null', 'x', true, false, 1, '3', null),
  fc.constantFrom(['string', 'null'], ['a', 'b'], ['a', 'a'], [], ['OBJECT']),
);
const { schema } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
  schema: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
}));

/** The schema with an annotation in every part of it that makes normalizing copy it. */
function commented(schema: Json): JsonObject {
  if (!isObject(schema)) return schema as never;
  return { ...mapSubschemas(schema, commented), $comment: 'x' };
}

describe('a schema that counts as normal', () => {
  test('is what normalizing would make of it', () => {
    fc.assert(
      fc.property(schema, (written) => {
        fc.pre(isNormal(written as JsonObject));
        expect(JSON.stringify(normalizeSchema(commented(written as JsonObject)))).toBe(JSON.stringify(written));
      }),
      { numRuns: 1000 },
    );
  });

  test('is handed on as it is, and others are not', () => {
    const normal: JsonObject = {
      type: 'object',
      properties: { path: { type: ['string', 'null'], minLength: 1 }, list: { type: 'array', items: { enum: ['a'] } } },
      required: ['path'],
      additionalProperties: false,
    };
    expect(normalizeSchema(normal)).toBe(normal);
    expect(isNormal({ ...normal, nullable: true })).toBe(false);
    expect(isNormal({ type: 'STRING' })).toBe(false);
    expect(isNormal({ properties: { a: { type: 'string', required: true } } })).toBe(false);
    expect(isNormal({ type: 'object' })).toBe(false);
    expect(isNormal({ minItems: '1' })).toBe(false);
    expect(isNormal({ exclusiveMinimum: true, minimum: 1 })).toBe(false);
    expect(isNormal({ items: [{ type: 'string' }] })).toBe(false);
  });
});
