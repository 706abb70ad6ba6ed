import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { toolSchema } from '../../../../src/translate/schema/tool-schema.ts';

const STRING = { type: 'string' };

describe('toolSchema', () => {
  test.each<[string, Json | undefined, JsonObject]>([
    ['R04: nothing', undefined, { type: 'object', properties: {} }],
    ['R04: a bare object', { type: 'object' }, { type: 'object', properties: {} }],
    [
      'R02: a bare map of properties',
      { a: STRING, type: { type: 'string' } },
      { type: 'object', properties: { a: STRING, type: STRING } },
    ],
    [
      'types in upper case',
      { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      { type: 'object', properties: { a: STRING } },
    ],
    [
      'R01: properties named like keywords',
      { type: 'object', properties: { pattern: STRING, $schema: STRING, required: STRING, format: STRING } },
      { type: 'object', properties: { pattern: STRING, $schema: STRING, required: STRING, format: STRING } },
    ],
    [
      'what a tool may hold that an output may not',
      { type: 'object', properties: { a: { type: 'string', minLength: 2, default: 'x' } }, additionalProperties: true },
      { type: 'object', properties: { a: { type: 'string', minLength: 2, default: 'x' } }, additionalProperties: true },
    ],
    [
      'a root that is a reference',
      { $ref: '#/$defs/A', $defs: { A: { type: 'object', properties: { a: STRING } } } },
      { type: 'object', properties: { a: STRING }, $defs: { A: { type: 'object', properties: { a: STRING } } } },
    ],
  ])('%s', (_name, schema, expected) => {
    expect(toolSchema(schema)).toEqual({ schema: expected, losses: [] });
  });

  test('merges alternatives at the root and demands none of theirs', () => {
    const a = { type: 'object', properties: { a: STRING }, required: ['a'] };
    const b = { type: 'object', properties: { b: STRING }, required: ['b'] };
    const merged = toolSchema({ anyOf: [a, b], required: ['c'] });
    expect(merged.schema).toEqual({ type: 'object', properties: { a: STRING, b: STRING }, required: ['c'] });
    expect(merged.losses.map((loss) => loss.field)).toEqual(['schema']);
    expect(toolSchema({ allOf: [a, b] }).schema).toEqual({
      type: 'object',
      properties: { a: STRING, b: STRING },
      required: ['a', 'b'],
    });
  });

  test.each<[string, JsonObject]>([
    ['alternatives', { oneOf: [{ properties: { a: STRING } }, { properties: { b: STRING } }] }],
    ['values', { type: 'object', properties: { a: STRING, b: STRING }, enum: [{ a: 'x' }] }],
    ['what must not be', { type: 'object', properties: { a: STRING, b: STRING }, not: { required: ['a'] } }],
  ])('R03: leaves no %s at the root, which OpenAI refuses too', (_name, schema) => {
    const { schema: root, losses } = toolSchema(schema);
    expect(root).toEqual({ type: 'object', properties: { a: STRING, b: STRING } });
    expect(losses).toHaveLength(1);
  });
});
