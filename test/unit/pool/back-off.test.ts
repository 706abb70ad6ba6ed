import { expect, test } from 'bun:test';
import { EFFECTS, type Rest, restMs } from '../../../src/pool/back-off.ts';

test('every ladder starts with its first step and never goes beyond its last', () => {
  const rests = Object.values(EFFECTS).filter((effect): effect is Rest => effect.type === 'rest');
  expect(rests.length).toBe(8);
  for (const rest of rests) {
    expect(restMs(rest, rest.fromStrike, undefined)).toBe(rest.firstMs);
    expect(restMs(rest, 1_000_000, undefined)).toBe(rest.longestMs);
  }
});

test('what the upstream asks for goes before the ladder', () => {
  const rest = EFFECTS['rate-limited'] as Rest;
  expect(restMs(rest, 9, 42_000)).toBe(42_000);
  expect(restMs(rest, 1, 7_200_000)).toBe(7_200_000);
});
