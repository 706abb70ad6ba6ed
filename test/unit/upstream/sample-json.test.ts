import { describe, expect, test } from 'bun:test';
import Ajv from 'ajv';
import type { Json } from '../../../src/base/json.ts';
import { sampleOf } from '../../../src/upstream/sample-json.ts';

describe('sampleOf', () => {
  test.each<[string, Json, Json]>([
    [
      'required fields only',
      { type: 'object', properties: { a: { type: 'string' }, b: { type: 'number' } }, required: ['a'] },
      { a: 'example' },
    ],
    ['an object without fields', { type: 'object' }, {}],
    ['types in upper case', { type: 'OBJECT', properties: { n: { type: 'INTEGER' } }, required: ['n'] }, { n: 1 }],
    ['an enum', { enum: ['', 'red', 'blue'] }, 'red'],
    ['a constant', { const: 5 }, 5],
    ['a default', { type: 'string', default: 'x' }, 'x'],
    ['a nullable type', { type: ['null', 'boolean'] }, true],
    ['a choice', { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 3 }] }, 3],
    [
      'parts that all hold',
      { allOf: [{ type: 'object', properties: { a: { type: 'null' } } }, { required: ['a'] }] },
      { a: null },
    ],
    ['lengths', { type: 'string', minLength: 9, maxLength: 9 }, 'examplexx'],
    ['a format', { type: 'string', format: 'date' }, '2026-01-01'],
    ['steps above a bound', { type: 'number', exclusiveMinimum: 10, multipleOf: 4 }, 16],
    ['a bound from above', { type: 'integer', maximum: -2 }, -2],
    ['as few items as may be', { type: 'array', items: { type: 'boolean' }, minItems: 2 }, [true, true]],
    ['nothing known', {}, 'example'],
    ['a name that is not described', { type: 'object', required: ['x'] }, { x: 'example' }],
  ])('%s', (_, schema, expected) => {
    expect(sampleOf(schema)).toEqual(expected);
  });

  const tree: Json = {
    $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, required: ['next'] } },
    $ref: '#/$defs/node',
  };

  test('a definition that needs itself comes to an end', () => {
    expect(JSON.stringify(sampleOf(tree)).length).toBeLessThan(500);
  });

  test('a nested schema fits by the judgement of a validator', () => {
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['who', 'tags', 'at', 'place'],
      properties: {
        who: { $ref: '#/definitions/person' },
        tags: { type: 'array', minItems: 1, items: { enum: ['a', 'b'] } },
        at: { oneOf: [{ type: 'string', minLength: 3 }, { type: 'integer' }] },
        place: { type: 'object', required: ['zip'], properties: { zip: { type: 'string', maxLength: 5 } } },
        never: { type: 'string' },
      },
      definitions: {
        person: { type: 'object', required: ['age'], properties: { age: { type: 'integer', minimum: 18 } } },
      },
    };
    const validate = new Ajv().compile(schema);
    expect(validate(sampleOf(schema))).toBe(true);
  });
});
