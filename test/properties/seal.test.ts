import { test } from 'bun:test';
import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { DIALECT_IDS } from '../../src/translate/dialect-id.ts';
import { readSeal, writeSeal } from '../../src/translate/seal.ts';
import { anySeal } from '../support/arbitraries.ts';

test('a seal comes back through a client of any dialect', () => {
  fc.assert(
    fc.property(anySeal, fc.constantFrom(...DIALECT_IDS), (seal, dialect) => {
      const read = readSeal(writeSeal(seal, dialect), dialect);
      strictEqual(read.value, seal.value);
      strictEqual(read.dialect, seal.dialect);
      if (seal.dialect !== dialect) deepStrictEqual(read, seal);
    }),
  );
});

test('any text that is no envelope is read as a seal of the vendor', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...DIALECT_IDS), (text, dialect) => {
      deepStrictEqual(readSeal(text, dialect), { dialect, value: text });
    }),
  );
});
