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

describe('references', () => {
  const definitions = { $defs: { E: { type: 'string', enum: ['p'], $comment: 'c' } } };

  test('stay where they lead to a definition, and a description stands around them', () => {
    const schema = { type: 'object', properties: { a: { $ref: '#/$defs/E', description: 'd' } }, ...definitions };
    expect(json(schema)).toEqual({
      type: 'object',
      properties: { a: { description: 'd', anyOf: [{ $ref: '#/$defs/E' }] } },
      $defs: { E: { type: 'string', enum: ['p'] } },
    });
  });

  test('of the older spelling are led to the newer one', () => {
    const schema = {
      type: 'object',
      properties: { a: { $ref: '#/definitions/E' } },
      definitions: { E: { type: 'string' } },
    };
    expect(json(schema)).toEqual({
      type: 'object',
      properties: { a: { $ref: '#/$defs/E' } },
      $defs: { E: { type: 'string' } },
    });
  });

  test('are put in where the subset is sent, or where they must be merged', () => {
    const { json: merged } = property({ allOf: [{ $ref: '#/$defs/E' }], description: 'd' }, definitions);
    expect(merged).toEqual({ type: 'string', enum: ['p'], description: 'd' });
    expect(property({ $ref: '#/$defs/E' }, definitions).subset).toEqual({ type: 'STRING', enum: ['p'] });
  });

  test('that lead back to themselves end after five levels, and say so', () => {
    const tree = {
      type: 'object',
      properties: { tree: { $ref: '#/$defs/T' } },
      $defs: { T: { type: 'object', properties: { next: { $ref: '#/$defs/T' } } } },
    };
    for (const convert of [forGeminiJson, forGeminiSubset]) {
      const { schema, losses } = convert(tree, 'arguments');
      expect(JSON.stringify(schema).split('"next"').length - 1).toBe(5);
      expect(JSON.stringify(schema)).not.toContain('$ref');
      expect(fields(losses)).toEqual(['schema-recursion']);
    }
  });

  test('that lead nowhere are an open object', () => {
    expect(property({ $ref: 'https://example.com/other.json' }).json).toEqual({ type: 'object' });
  });

  test('cannot make a small schema grow without end', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const node = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/N' }])) };
    const { schema } = forGeminiSubset({ ...node, $defs: { N: node } }, 'arguments');
    expect(JSON.stringify(schema).length).toBeLessThan(150_000);
  });
});
