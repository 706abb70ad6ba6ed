import { isProviderId } from '../base/account.ts';
import type { Secret } from '../base/secret.ts';
import { maskSecret } from '../base/secret.ts';
import { maskProxyUrl, readHost, readOrigin, readProxyUrl } from './addresses.ts';
import type { SettingKind } from './setting-kinds.ts';
import { choice, list, seconds, secretText, text, wholeNumber, yesOrNo } from './setting-kinds.ts';

interface SettingRow<T> {
  readonly kind: SettingKind<T>;
  /** Absent: without a value, the setting has none. */
  readonly default?: T;
  /** Sealed at rest and masked wherever it is shown. */
  readonly secret?: true;
  /** Takes effect at the next start. */
  readonly restart?: true;
  /** False: there is no flag, since a command line is seen by every user of the machine. */
  readonly flag?: false;
  /** False: never stored, since it is needed before the store can be opened. */
  readonly stored?: false;
}

/** Every setting. Flags, environment, the Settings page and `trivium config` are all read from this table. */
export const SETTINGS = {
  port: { kind: wholeNumber(0, 65535, ' (0 takes any free port)'), default: 8045 },
  allow_lan_access: { kind: yesOrNo(), default: false },
  allow_open_lan: { kind: yesOrNo(), default: false },
  auth_mode: { kind: choice(['off', 'strict', 'all_except_health', 'auto']), default: 'off' },
  api_key: {
    kind: secretText('text of at least 10 characters that starts with "sk-", without spaces', isClientKey),
    secret: true,
    flag: false,
  },
  admin_password: {
    kind: secretText('text of 1 to 1024 characters', (value) => value !== '' && value.length <= 1024),
    secret: true,
    flag: false,
  },
  // The default depends on the operating system: `resolve.ts` takes it from `paths.ts`.
  data_dir: { kind: text('the path of a folder', readPath), default: '', restart: true, stored: false },
  scheduling_mode: { kind: choice(['cache_first', 'balance', 'performance_first']), default: 'cache_first' },
  dispatch: {
    kind: list('choices such as zai=fallback: a provider and off, exclusive, pooled or fallback', readChoice),
    default: [],
  },
  patience_s: { kind: seconds(0, 600), default: 10 },
  allowed_hosts: {
    kind: list('host names or IP addresses, such as nas.local or *.home.arpa', readHost),
    default: ['localhost', '127.0.0.1', '[::1]'],
  },
  allowed_origins: { kind: list('origins, such as https://chat.example.org', readOrigin), default: [] },
  log_bodies: { kind: choice(['none', 'errors', 'all']), default: 'errors' },
  body_limit_kb: { kind: wholeNumber(0, 10_240), default: 64 },
  retention_days: { kind: wholeNumber(1, 3650), default: 30 },
  max_log_mb: { kind: wholeNumber(1, 1_000_000), default: 512 },
  max_body_mb: { kind: wholeNumber(1, 2000), default: 100 },
  first_byte_timeout_s: { kind: seconds(0.1, 3600), default: 120 },
  idle_timeout_s: { kind: seconds(0.1, 3600), default: 300 },
  request_budget_s: { kind: seconds(0.1, 86_400), default: 600 },
  fan_out: { kind: yesOrNo(), default: false },
  auto_cache: { kind: yesOrNo(), default: false },
  fetch_media: { kind: yesOrNo(), default: true },
  upstream_proxy: {
    kind: text('a URL such as http://proxy:8080, https://… or socks5://…', readProxyUrl),
    secret: true,
  },
  log_level: { kind: choice(['debug', 'info', 'warn', 'error']), default: 'info', restart: true },
} as const satisfies { readonly [key: string]: SettingRow<unknown> };

const DISPATCH_CHOICE = /^[a-z-]+=(?:off|exclusive|pooled|fallback)$/;

function readChoice(word: string): string | undefined {
  return DISPATCH_CHOICE.test(word) && isProviderId(word.split('=')[0]!) ? word : undefined;
}

/** The name of a setting, the same everywhere. */
export type SettingKey = keyof typeof SETTINGS;

type ValueOf<K extends SettingKey> = (typeof SETTINGS)[K] extends { readonly kind: SettingKind<infer T> } ? T : never;
type KeyWithDefault = {
  [K in SettingKey]: (typeof SETTINGS)[K] extends { readonly default: unknown } ? K : never;
}[SettingKey];

/** The values of all settings; those without a default may be absent. */
export type Settings = { readonly [K in KeyWithDefault]: ValueOf<K> } & {
  readonly [K in Exclude<SettingKey, KeyWithDefault>]?: ValueOf<K>;
};

/** The value of some setting. */
export type SettingValue = string | number | boolean | Secret | readonly string[];

/** Every key, in the order of the table. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** The row of a setting in its general form. */
export function settingRow(key: SettingKey): SettingRow<SettingValue> {
  return SETTINGS[key];
}

/** True for the name of a setting. */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** The flag of a setting: `--allow-lan-access`. Absent for secrets. */
export function flagOf(key: SettingKey): string | undefined {
  return settingRow(key).flag === false ? undefined : `--${key.replaceAll('_', '-')}`;
}

/** The environment variable of a setting: `TRIVIUM_ALLOW_LAN_ACCESS`. */
export function environmentOf(key: SettingKey): string {
  return `TRIVIUM_${key.toUpperCase()}`;
}

/** A value as people and the admin API may see it; a setting without a value is `undefined`. */
export function showSetting(
  key: SettingKey,
  value: SettingValue | undefined,
): Exclude<SettingValue, Secret> | undefined {
  if (value === undefined) return undefined;
  if (key === 'admin_password') return '…';
  if (key === 'upstream_proxy') return maskProxyUrl(String(value));
  if (typeof value === 'object' && 'reveal' in value) return maskSecret(value.reveal());
  return value;
}

function isClientKey(value: string): boolean {
  return /^sk-[\x21-\x7e]{7,1021}$/.test(value);
}

function readPath(raw: string): string | undefined {
  const path = raw.trim();
  return path === '' || path.includes('\0') ? undefined : path;
}
