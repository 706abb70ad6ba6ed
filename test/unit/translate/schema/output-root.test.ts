import { expect, test } from 'bun:test';
import { objectOutput, wrapSchema } from '../../../../src/translate/schema/output-root.ts';

test('definitions stay at the root of a wrapped schema', () => {
  expect(wrapSchema({ type: 'array', items: { $ref: '#/$defs/A' }, $defs: { A: { type: 'string' } } })).toEqual({
    type: 'object',
    properties: { value: { type: 'array', items: { $ref: '#/$defs/A' } } },
    required: ['value'],
    additionalProperties: false,
    $defs: { A: { type: 'string' } },
  });
});

test.each([
  [{ properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
  [
    { $ref: '#/$defs/A', $defs: { A: { type: 'object', properties: { b: {} } } } },
    { type: 'object', properties: { b: {} }, $defs: { A: { type: 'object', properties: { b: {} } } } },
  ],
] as const)('a root that is an object is said to be one: %j', (schema, expected) => {
  expect(objectOutput(schema)).toEqual(expected as never);
});
