import { expect, test } from 'bun:test';
import { effectiveAuthMode, findExposure, listenHost } from '../../../src/config/exposure.ts';

test.each([
  ['off', false, 'off'],
  ['off', true, 'off'],
  ['strict', false, 'strict'],
  ['all_except_health', true, 'all_except_health'],
  ['auto', false, 'off'],
  ['auto', true, 'all_except_health'],
] as const)('auth_mode %s with LAN %p means %s', (auth_mode, allow_lan_access, mode) => {
  expect(effectiveAuthMode({ auth_mode, allow_lan_access })).toBe(mode);
});

test('the LAN decides where to listen', () => {
  expect(listenHost({ allow_lan_access: false })).toBe('127.0.0.1');
  expect(listenHost({ allow_lan_access: true })).toBe('0.0.0.0');
});

test('only an open LAN that was not asked for is an exposure', () => {
  const open = { allow_lan_access: true, auth_mode: 'off', allow_open_lan: false } as const;
  expect(findExposure(open)).toContain('auth_mode');
  expect(findExposure({ ...open, allow_open_lan: true })).toBeUndefined();
  expect(findExposure({ ...open, auth_mode: 'auto' })).toBeUndefined();
  expect(findExposure({ ...open, allow_lan_access: false })).toBeUndefined();
});
