import { expect, test } from 'bun:test';
import { findRefreshTokens } from '../../../src/admin/find-refresh-tokens.ts';

const A = '1//0gAAAAAAAAAAAAAAAAAAAAAAAA-a_1';
const B = '1//03BBBBBBBBBBBBBBBBBBBBBBBBBBBB';

test.each([
  [`${A}\n${B}\n${A}`],
  [`[{"email":"x@y.z","refresh_token":"${A}"},{"refresh_token":"${B.replaceAll('/', '\\/')}"}]`],
  [`one: ${A}; two=${B}, and nothing at https://example.com/1//short`],
])('are found in %s', (text) => {
  expect(findRefreshTokens(text)).toEqual([A, B]);
});

test('are not found where there are none', () => {
  expect(findRefreshTokens('ya29.a0AfH6SMB sk-12345')).toEqual([]);
});
