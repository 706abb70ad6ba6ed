import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import type { Json, JsonObject } from '../../../src/base/json.ts';
import {
  optionalBoolean,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalString,
  optionalStrings,
  requiredObject,
  requiredString,
} from '../../../src/translate/request-fields.ts';

type Reader = (body: JsonObject, key: string, path?: string) => unknown;

describe('a field', () => {
  const readers: readonly (readonly [Reader, Json, Json, unknown])[] = [
    [optionalNumber, 5, '5', 5],
    [optionalString, 'a', 5, 'a'],
    [optionalBoolean, false, 'false', false],
    [optionalObject, { a: 1 }, [1], { a: 1 }],
    [optionalList, [1], { a: 1 }, [1]],
    [optionalStrings, 'a', [1], ['a']],
    [optionalStrings, ['a'], {}, ['a']],
  ];
  for (const [read, right, wrong, value] of readers) {
    test(`${read.name} of ${JSON.stringify(right)}`, () => {
      expect(read({ x: right }, 'x')).toEqual(value);
      expect(read({ x: null }, 'x')).toBeUndefined();
      expect(read({}, 'x')).toBeUndefined();
      expect(() => read({ x: wrong }, 'x', 'a.x')).toThrow("'a.x' must be");
    });
  }
});

test('what must be there is named when it is not', () => {
  expect(requiredObject({ a: 1 }, 'x')).toEqual({ a: 1 });
  expect(requiredString({ x: '' }, 'x')).toBe('');
  for (const refuse of [() => requiredObject([], 'a[0]'), () => requiredString({}, 'x', 'a[0]')]) {
    let thrown: unknown;
    try {
      refuse();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).detail.param).toBe('a[0]');
  }
});
