import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import { fitsOpenaiStrict } from '../../../../src/translate/schema/for-openai-strict.ts';

const closed = (properties: { [name: string]: Json }): Json => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const deep = (levels: number): Json => (levels === 0 ? { type: 'string' } : closed({ x: deep(levels - 1) }));

describe('a strict schema', () => {
  const cases: readonly (readonly [string, Json, boolean])[] = [
    ['closed', closed({ x: { type: 'string' } }), true],
    ['without properties', closed({}), true],
    [
      'with lists and alternatives',
      closed({ x: { type: 'array', items: { anyOf: [closed({}), { type: 'null' }] } } }),
      true,
    ],
    ['with definitions', { ...(closed({ x: { $ref: '#/$defs/a' } }) as object), $defs: { a: closed({}) } }, true],
    ['with a property named like a refused keyword', closed({ not: { type: 'string' } }), true],
    ['open', { type: 'object', properties: {}, required: [] }, false],
    [
      'with a property that may be missing',
      { type: 'object', properties: { x: {} }, required: [], additionalProperties: false },
      false,
    ],
    ['open inside', closed({ x: { type: 'object', properties: {} } }), false],
    ['open inside a definition', { ...(closed({}) as object), $defs: { a: { type: ['object', 'null'] } } }, false],
    ['with oneOf', closed({ x: { oneOf: [{ type: 'string' }] } }), false],
    ['with alternatives at the root', { ...(closed({}) as object), anyOf: [] }, false],
    ['with a default', closed({ x: { type: 'string', default: 'a' } }), false],
    ['with a property named default', closed({ default: { type: 'string' } }), true],
    ['with a format it knows', closed({ x: { type: 'string', format: 'uuid' } }), true],
    ['with another format', closed({ x: { type: 'string', format: 'uri' } }), false],
    ['with a value of any kind', closed({ x: {} }), false],
    ['of too many levels', deep(12), false],
    ['of ten levels', deep(10), true],
    ['that is no object', { type: 'string' }, false],
    ['that allows anything', true, false],
  ];
  for (const [name, schema, fits] of cases) {
    test(`${name}: ${fits}`, () => expect(fitsOpenaiStrict(schema)).toBe(fits));
  }
});
