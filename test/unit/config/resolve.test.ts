import { describe, expect, test } from 'bun:test';
import { Secret } from '../../../src/base/secret.ts';
import type { System } from '../../../src/config/paths.ts';
import { resolveSettings, SettingError, type SettingsInput } from '../../../src/config/resolve.ts';
import { environmentOf, flagOf, SETTING_KEYS } from '../../../src/config/settings.ts';

const system: System = { platform: 'linux', home: '/home/ann', folder: '/work' };
const resolve = (input: SettingsInput = {}) => resolveSettings({ environment: {}, system, ...input });

function sentences(input: SettingsInput): readonly string[] {
  try {
    resolve(input);
  } catch (thrown) {
    if (!(thrown instanceof SettingError)) throw thrown;
    expect(thrown.exitCode).toBe(2);
    return thrown.message.split('\n');
  }
  throw new Error('nothing was refused');
}

describe('precedence', () => {
  const flag = { port: '1001' };
  const environment = { TRIVIUM_PORT: '1002' };
  const stored = { port: 1003 };

  test.each([
    [{ flags: flag, environment, stored }, 1001, 'flag'],
    [{ flags: flag, stored }, 1001, 'flag'],
    [{ environment, stored }, 1002, 'environment'],
    [{ stored }, 1003, 'stored'],
    [{}, 8045, 'default'],
    [{ environment: { TRIVIUM_PORT: '' }, stored }, 1003, 'stored'],
    [{ flags: {}, environment: { TRIVIUM_PORT: '  ' } }, 8045, 'default'],
  ] as const)('%j gives %d from %s', (input, value, source) => {
    const { values, sources } = resolve(input);
    expect(values.port).toBe(value);
    expect(sources.port).toBe(source);
  });
});

test('the defaults are those that were promised', () => {
  expect(resolve().values).toEqual({
    port: 8045,
    allow_lan_access: false,
    allow_open_lan: false,
    auth_mode: 'off',
    data_dir: '/home/ann/.local/share/trivium',
    scheduling_mode: 'cache_first',
    dispatch: [],
    patience_s: 10,
    allowed_hosts: ['localhost', '127.0.0.1', '[::1]'],
    allowed_origins: [],
    log_bodies: 'errors',
    body_limit_kb: 64,
    retention_days: 30,
    max_log_mb: 512,
    max_body_mb: 100,
    first_byte_timeout_s: 120,
    idle_timeout_s: 300,
    request_budget_s: 600,
    fan_out: false,
    auto_cache: false,
    fetch_media: true,
    log_level: 'info',
  });
});

test('every setting has its variable, and all but secrets a flag', () => {
  expect(environmentOf('allow_lan_access')).toBe('TRIVIUM_ALLOW_LAN_ACCESS');
  expect(flagOf('allow_lan_access')).toBe('--allow-lan-access');
  expect(SETTING_KEYS.filter((key) => flagOf(key) === undefined)).toEqual(['api_key', 'admin_password']);
});

describe('values', () => {
  test.each([
    ['port', '80', 80],
    ['port', ' 80 ', 80],
    ['port', 80, 80],
    ['allow_open_lan', 'TRUE', true],
    ['allow_open_lan', '1', true],
    ['allow_open_lan', 'off', false],
    ['allow_open_lan', true, true],
    ['auth_mode', 'strict', 'strict'],
    ['idle_timeout_s', '0.5', 0.5],
    ['allowed_hosts', 'NAS.local, 10.0.0.1:8045 ::1', ['nas.local', '10.0.0.1', '[::1]']],
    ['allowed_hosts', ['*.home.arpa', '[fe80::1]'], ['*.home.arpa', '[fe80::1]']],
    [
      'allowed_origins',
      'https://Chat.example.org/,chrome-extension://abc',
      ['https://chat.example.org', 'chrome-extension://abc'],
    ],
    ['allowed_origins', '', []],
    ['upstream_proxy', 'socks5://127.0.0.1:1080/', 'socks5://127.0.0.1:1080'],
    ['data_dir', '~/data', '/home/ann/data'],
    ['data_dir', 'data', '/work/data'],
  ] as const)('%s takes %j', (key, raw, value) => {
    expect(resolve({ flags: { [key]: raw } }).values[key]).toEqual(value as never);
  });

  test('secrets stay secrets', () => {
    const { api_key } = resolve({ environment: { TRIVIUM_API_KEY: 'sk-0123456789' } }).values;
    expect(api_key).toBeInstanceOf(Secret);
    expect(api_key?.reveal()).toBe('sk-0123456789');
  });

  test('the data folder is never read from the store', () => {
    expect(resolve({ stored: { data_dir: '/elsewhere' } }).values.data_dir).toBe('/home/ann/.local/share/trivium');
  });
});

describe('wrong values', () => {
  test.each([
    ['port', 'abc'],
    ['port', '65536'],
    ['port', '-1'],
    ['port', '80.5'],
    ['port', '0x50'],
    ['port', true],
    ['allow_lan_access', 'maybe'],
    ['auth_mode', 'on'],
    ['scheduling_mode', 'random'],
    ['allowed_hosts', 'http://nas.local'],
    ['allowed_hosts', '*'],
    ['allowed_origins', 'chat.example.org'],
    ['allowed_origins', '*'],
    ['log_bodies', 'true'],
    ['retention_days', '0'],
    ['first_byte_timeout_s', '0'],
    ['upstream_proxy', 'ftp://proxy'],
    ['upstream_proxy', 'proxy:8080'],
    ['log_level', 'loud'],
    ['data_dir', ''],
  ] as const)('%s: %j names key, value, origin and what is allowed', (key, raw) => {
    const [sentence] = sentences({ flags: { [key]: raw } });
    expect(sentence).toStartWith(`${key}: ${JSON.stringify(raw)} (from ${flagOf(key)}) is not allowed; it must be `);
  });

  test('a stored value does not excuse a wrong variable', () => {
    expect(sentences({ environment: { TRIVIUM_PORT: 'x' }, stored: { port: 1 } })[0]).toBe(
      'port: "x" (from TRIVIUM_PORT) is not allowed; it must be a whole number from 0 to 65535 (0 takes any free port).',
    );
  });

  test('all wrong values are named at once', () => {
    expect(sentences({ flags: { port: 'x', log_level: 'y' } }).length).toBe(2);
  });

  test.each(['key-0123456789', 'sk-345678', 'sk-with space', 'sk-ünïcödé-key'])(
    'a client key %p is refused unseen',
    (key) => {
      const [sentence] = sentences({ environment: { TRIVIUM_API_KEY: key } });
      expect(sentence).not.toContain(key);
      expect(sentence).toContain('sk-');
      expect(sentence).toContain('10 characters');
    },
  );

  test('a client key of ten characters is long enough', () => {
    expect(resolve({ environment: { TRIVIUM_API_KEY: 'sk-4567890' } }).values.api_key?.reveal()).toBe('sk-4567890');
  });

  test('a wrong stored value is passed over and named', () => {
    const { values, sources, ignored } = resolve({ stored: { port: 'x', idle_timeout_s: 5 } });
    expect(values.port).toBe(8045);
    expect(sources.port).toBe('default');
    expect(values.idle_timeout_s).toBe(5);
    expect(ignored.length).toBe(1);
    expect(ignored[0]).toContain('port: "x" (stored)');
    expect(ignored[0]).toContain('8045 is used instead');
  });
});

describe('a LAN without a key', () => {
  test.each([
    [{ allow_lan_access: true }, false],
    [{ allow_lan_access: true, auth_mode: 'off' }, false],
    [{ allow_lan_access: true, auth_mode: 'auto' }, true],
    [{ allow_lan_access: true, auth_mode: 'strict' }, true],
    [{ allow_lan_access: true, auth_mode: 'all_except_health' }, true],
    [{ allow_lan_access: true, allow_open_lan: true }, true],
    [{ allow_open_lan: true }, true],
    [{ allow_lan_access: false }, true],
  ] as const)('%j is allowed: %p', (stored, allowed) => {
    if (allowed)
      expect(resolve({ stored }).values.allow_lan_access).toBe('allow_lan_access' in stored && stored.allow_lan_access);
    else expect(sentences({ stored })[0]).toContain('allow_open_lan');
  });

  test('a damaged auth mode does not open it', () => {
    expect(sentences({ stored: { allow_lan_access: true, auth_mode: 'x' } })[0]).toContain('allow_lan_access');
  });
});
