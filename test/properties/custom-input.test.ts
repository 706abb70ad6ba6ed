import { test } from 'bun:test';
import { strictEqual } from 'node:assert';
import fc from 'fast-check';
import {
  createInputDecoder,
  escapeInput,
  INPUT_CLOSE,
  INPUT_OPEN,
  unwrapInput,
  wrapInput,
} from '../../src/translate/custom-input.ts';

const input = fc.string({
  unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '😀', 'é', '\u0000', '/', 'u'), fc.string({ unit: 'grapheme' })),
});
const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 });

test('any input comes back out of its wrapper', () => {
  fc.assert(fc.property(input, (text) => strictEqual(unwrapInput(wrapInput(text)), text)));
});

test('a server may escape what it likes', () => {
  fc.assert(
    fc.property(input, (text) => {
      const escaped = [...Array(text.length).keys()].map(
        (at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
      );
      strictEqual(unwrapInput(`{"input":"${escaped.join('')}"}`), text);
    }),
  );
});

test('what comes out does not depend on the cuts, and no piece ends in half a character', () => {
  const anyArguments = fc.oneof(input.map(wrapInput), fc.json(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(anyArguments, sizes, (args, lengths) => {
      const decoder = createInputDecoder();
      const pieces: string[] = [];
      for (const piece of cut(args, lengths)) {
        pieces.push(decoder.push(piece));
        strictEqual(/[\ud800-\udbff]$/.test(pieces.at(-1)!), false);
      }
      strictEqual(pieces.join('') + decoder.finish(), unwrapInput(args));
    }),
    { numRuns: 1000 },
  );
});

test('an input may be escaped in pieces', () => {
  fc.assert(
    fc.property(input, sizes, (text, lengths) => {
      const pieces = cut(text, lengths).map(escapeInput).join('');
      strictEqual(JSON.parse(INPUT_OPEN + pieces + INPUT_CLOSE).input, text);
    }),
  );
});

function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
