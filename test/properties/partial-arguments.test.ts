import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { createPartialArguments } from '../../src/translate/gemini/partial-arguments.ts';

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const key = fc.stringMatching(/^[a-z][a-z ]{0,3}$/);
const tree: fc.Arbitrary<Json> = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 3 }),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
  ),
})).node;

/** The pieces that tell a value, its texts cut in two. */
function piecesOf(value: Json, path: string): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, at) => piecesOf(item, `${path}[${at}]`));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => piecesOf(item as Json, `${path}['${name}']`));
  }
  if (typeof value === 'number') return [{ jsonPath: path, numberValue: value }];
  if (typeof value === 'boolean') return [{ jsonPath: path, boolValue: value }];
  if (value === null) return [{ jsonPath: path, nullValue: 'NULL_VALUE' }];
  const half = value.length >> 1;
  return [
    { jsonPath: path, stringValue: value.slice(0, half), willContinue: true },
    { jsonPath: path, stringValue: value.slice(half) },
  ];
}

test('arguments told in pieces come out as they were', () => {
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), (value) => {
      const args = createPartialArguments();
      const pieces = piecesOf(value, '$').map((piece) => args.add(piece));
      expect(JSON.parse(pieces.join('') + args.close())).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

test('in whatever order they are told, the text is JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), fc.integer(), (value, seed) => {
      const args = createPartialArguments();
      const order = piecesOf(value, '$').map((piece, at) => ({ piece, rank: Math.sin(seed + at) }));
      const pieces = order.sort((a, b) => a.rank - b.rank).map(({ piece }) => args.add(piece));
      expect(() => JSON.parse(pieces.join('') + args.close())).not.toThrow();
    }),
    { numRuns: 300 },
  );
});
