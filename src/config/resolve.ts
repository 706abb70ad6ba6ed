import { homedir } from 'node:os';
import { findExposure } from './exposure.ts';
import type { Environment, System } from './paths.ts';
import { absolutePath, defaultDataFolder } from './paths.ts';
import type { SettingKey, Settings, SettingValue } from './settings.ts';
import { environmentOf, flagOf, SETTING_KEYS, settingRow, showSetting } from './settings.ts';

/** Where a value came from; the earlier wins. */
export type SettingSource = 'flag' | 'environment' | 'stored' | 'default';

/** The values in force and where each came from. */
export interface ResolvedSettings {
  readonly values: Settings;
  readonly sources: { readonly [K in SettingKey]: SettingSource };
  /** One sentence for each stored value that could not be used, for the log. */
  readonly ignored: readonly string[];
}

/** Raw values by setting, from flags or the store. */
export type RawSettings = { readonly [K in SettingKey]?: unknown };

/** Everything that settings are read from. */
export interface SettingsInput {
  readonly flags?: RawSettings;
  readonly environment?: Environment;
  readonly stored?: RawSettings;
  readonly system?: System;
}

/** A wrong value, or values that may not stand together. The message has a sentence for each, naming key, value and what is allowed. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  /** What a program ends with that was started so. */
  readonly exitCode = 2;

  constructor(
    readonly keys: readonly SettingKey[],
    sentences: readonly string[],
  ) {
    super(sentences.join('\n'));
  }
}

/** The variables of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

/** The machine this process runs on. */
function thisSystem(): System {
  return { platform: process.platform, home: homedir(), folder: process.cwd() };
}

/**
 * Decides every setting: flag, then environment, then stored, then default. Throws `SettingError` for a wrong flag or variable
 * and for settings that may not stand together. A wrong stored value is passed over, so that a damaged row never stops the start.
 */
export function resolveSettings(input: SettingsInput = {}): ResolvedSettings {
  const environment = input.environment ?? processEnvironment();
  const system = input.system ?? thisSystem();
  const found = SETTING_KEYS.map((key) => [key, findValue(key, input, environment)] as const);
  const wrong = found.filter(([, one]) => one.wrong !== undefined);
  if (wrong.length > 0) {
    throw new SettingError(
      wrong.map(([key]) => key),
      wrong.map(([, one]) => one.wrong ?? ''),
    );
  }
  const given = Object.fromEntries(found.flatMap(([key, one]) => (one.value === undefined ? [] : [[key, one.value]])));
  const folder = given.data_dir === '' ? defaultDataFolder(system, environment) : String(given.data_dir);
  const values = { ...given, data_dir: absolutePath(folder, system) } as Settings;
  const exposure = findExposure(values);
  if (exposure !== undefined) throw new SettingError(['allow_lan_access'], [exposure]);
  return {
    values,
    sources: Object.fromEntries(found.map(([key, one]) => [key, one.source])) as ResolvedSettings['sources'],
    ignored: found.flatMap(([, one]) => one.ignored ?? []),
  };
}

/** The sentence about a wrong value. A secret is not repeated. */
export function wrongValue(key: SettingKey, raw: unknown, from: string): string {
  const row = settingRow(key);
  const hidden = row.secret === true && !(key === 'upstream_proxy' && !String(raw).includes('@'));
  const value = hidden ? 'the value' : JSON.stringify(raw);
  return `${key}: ${value}${from} is not allowed; it must be ${row.kind.allowed}.`;
}

interface Found {
  readonly source: SettingSource;
  readonly value?: SettingValue;
  readonly wrong?: string;
  readonly ignored?: string;
}

function findValue(key: SettingKey, input: SettingsInput, environment: Environment): Found {
  const flag = input.flags?.[key];
  if (flag !== undefined) return readGiven(key, flag, 'flag', flagOf(key) ?? key);
  const variable = environment[environmentOf(key)];
  // An empty variable is how compose files and service units spell "not set".
  if (variable !== undefined && variable.trim() !== '') {
    return readGiven(key, variable, 'environment', environmentOf(key));
  }
  const row = settingRow(key);
  const byDefault: Found =
    row.default === undefined ? { source: 'default' } : { source: 'default', value: row.default };
  const stored = row.stored === false ? undefined : input.stored?.[key];
  if (stored === undefined) return byDefault;
  const value = row.kind.read(stored);
  if (value !== undefined) return { source: 'stored', value };
  const instead = JSON.stringify(showSetting(key, row.default) ?? 'none');
  return { ...byDefault, ignored: `${wrongValue(key, stored, ' (stored)')} ${instead} is used instead.` };
}

function readGiven(key: SettingKey, raw: unknown, source: SettingSource, from: string): Found {
  const value = settingRow(key).kind.read(raw);
  return value === undefined ? { source, wrong: wrongValue(key, raw, ` (from ${from})`) } : { source, value };
}
