import { describe, expect, test } from 'bun:test';
import { mintId, newExchangeId, newShortId } from '../../../src/base/id.ts';

const many = Array.from({ length: 2000 });

describe('an exchange id', () => {
  test('is 32 hexadecimal digits', () => {
    expect(newExchangeId(1_700_000_000_000)).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is never given twice, and later ones sort later', () => {
    const ids = many.map((_, n) => newExchangeId(1_700_000_000_000 + Math.floor(n / 50)));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('a short id', () => {
  test('is a prefix and ten characters', () => {
    expect(newShortId('acc')).toMatch(/^acc_[0-9A-Za-z]{10}$/);
  });

  test('is never given twice', () => {
    const ids = many.map(() => newShortId('acc'));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a minted id', () => {
  test('depends on its seed alone', () => {
    expect(mintId('call_', 'seed', 24)).toBe(mintId('call_', 'seed', 24));
    expect(mintId('call_', 'seed', 24)).not.toBe(mintId('call_', 'seeds', 24));
  });

  test('stays the same from release to release: a prompt cache lives on its bytes', () => {
    expect(mintId('call_', 'seed', 24)).toBe('call_Pzej5gy31FFTHy9Ur983onH9');
  });

  test.each([1, 9, 24, 32, 64])('has its prefix and %i characters', (length) => {
    expect(mintId('x_', 'seed', length)).toMatch(new RegExp(`^x_[0-9A-Za-z]{${length}}$`));
  });

  test('of one seed is the beginning of the longer one', () => {
    expect(mintId('', 'seed', 32).startsWith(mintId('', 'seed', 9))).toBe(true);
  });
});
