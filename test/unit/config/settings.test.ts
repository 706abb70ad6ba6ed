import { expect, test } from 'bun:test';
import { Secret } from '../../../src/base/secret.ts';
import { SETTING_KEYS, settingRow, showSetting } from '../../../src/config/settings.ts';

test('every default is a value that the setting itself takes', () => {
  for (const key of SETTING_KEYS) {
    const { kind, default: value } = settingRow(key);
    if (value === undefined || key === 'data_dir') continue;
    expect([key, kind.read(value)]).toEqual([key, value]);
    if (kind.form.type !== 'list') expect([key, kind.read(String(value))]).toEqual([key, value]);
  }
});

test('what a setting shows, it reads again, but for secrets', () => {
  expect(showSetting('port', 1)).toBe(1);
  expect(showSetting('allowed_hosts', ['a'])).toEqual(['a']);
  expect(showSetting('upstream_proxy', 'http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
  expect(showSetting('api_key', undefined)).toBeUndefined();
});

test('secrets are never shown whole', () => {
  expect(showSetting('api_key', new Secret('sk-0123456789abcdef'))).toBe('sk-…cdef');
  expect(showSetting('admin_password', new Secret('a-long-password'))).toBe('…');
  expect(showSetting('upstream_proxy', 'http://me:password@proxy:1')).toBe('http://me:…@proxy:1');
});
