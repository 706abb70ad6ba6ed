import { expect, test } from 'bun:test';
import type { Loss } from '../../../../src/translate/loss.ts';
import { clampTokens } from '../../../../src/translate/models/clamp-tokens.ts';

test.each([
  [100, undefined, 100, []],
  [100, 100, 100, []],
  [101, 100, 100, ['clamped=max_tokens']],
])('%d with at most %p is %d', (wanted, most, taken, fields) => {
  const losses: Loss[] = [];
  expect(clampTokens(wanted, most, losses)).toBe(taken);
  expect(losses.map((loss) => loss.field)).toEqual(fields);
});
