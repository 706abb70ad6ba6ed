import type { Json, JsonObject } from '../base/json.ts';
import { newApiKey } from '../config/api-key.ts';
import {
  type RawSettings,
  type ResolvedSettings,
  SettingError,
  type SettingSource,
  wrongValue,
} from '../config/resolve.ts';
import type { SettingForm } from '../config/setting-kinds.ts';
import {
  environmentOf,
  flagOf,
  isSettingKey,
  SETTING_KEYS,
  type SettingKey,
  type SettingValue,
  settingRow,
  showSetting,
} from '../config/settings.ts';
import type { SettingStore, StoredSettings } from '../store/settings.ts';
import { looksMasked } from './account-credential.ts';
import { AdminError, unknownField } from './admin-error.ts';
import { hashPassword } from './password.ts';
import { type Page, readBody, wholePage } from './read-fields.ts';

/** A setting as the admin API and the Settings page show it. */
export interface SettingItem {
  readonly key: SettingKey;
  /** Masked for secrets; null when there is none. */
  readonly value: Exclude<ReturnType<typeof showSetting>, undefined> | null;
  readonly default: Exclude<ReturnType<typeof showSetting>, undefined> | null;
  readonly source: SettingSource;
  /** True when a flag or variable decides, so that it cannot be changed here. */
  readonly locked: boolean;
  /** True when a change takes effect at the next start. */
  readonly restart: boolean;
  readonly secret: boolean;
  /** Completes "it must be …". */
  readonly allowed: string;
  readonly form: SettingForm;
  readonly flag: string | null;
  readonly environment: string;
}

/** What an owner can do with settings. */
export interface SettingsAdmin {
  /** The settings in force. */
  current(): ResolvedSettings;
  list(): Page<SettingItem>;
  /**
   * Changes all settings of the body or none: checked, applied, then on the disk when the call has returned. Null goes back to
   * the default; for `api_key` it makes a new one. Throws `AdminError`.
   */
  patch(body: unknown): Promise<Page<SettingItem>>;
}

/** What the operations on settings work with. */
export interface SettingsParts {
  readonly initial: ResolvedSettings;
  readonly store: SettingStore;
  /** Decides all settings anew with these stored values. Throws `SettingError`. */
  readonly resolve: (stored: RawSettings) => ResolvedSettings;
  /** Puts settings into force, such as listening at another port. Throws when that is not possible; nothing is stored then. */
  readonly apply: (next: ResolvedSettings, before: ResolvedSettings) => Promise<void>;
}

/** Makes the operations on settings. Changes wait for each other. */
export function createSettingsAdmin(parts: SettingsParts): SettingsAdmin {
  let current = parts.initial;
  let last: Promise<unknown> = Promise.resolve();
  const change = async (body: JsonObject) => {
    const changes = await readChanges(body, current);
    if (Object.keys(changes).length === 0) return;
    const before = current;
    const next = decide(parts, { ...parts.store.read(), ...changes });
    await apply(parts, next, before);
    try {
      parts.store.change(changes);
    } catch (thrown) {
      await parts.apply(before, next);
      throw thrown;
    }
    current = next;
  };
  return {
    current: () => current,
    list: () => wholePage(SETTING_KEYS.map((key) => showItem(key, current))),
    patch: async (body) => {
      const read = readBody(body);
      const turn = last.then(() => change(read));
      last = turn.catch(() => undefined);
      await turn;
      return wholePage(SETTING_KEYS.map((key) => showItem(key, current)));
    },
  };
}

function showItem(key: SettingKey, { values, sources }: ResolvedSettings): SettingItem {
  const row = settingRow(key);
  const source = sources[key];
  return {
    key,
    value: showSetting(key, values[key]) ?? null,
    default: showSetting(key, row.default) ?? null,
    source,
    locked: isLocked(key, source),
    restart: row.restart === true,
    secret: row.secret === true,
    allowed: row.kind.allowed,
    form: row.kind.form,
    flag: flagOf(key) ?? null,
    environment: environmentOf(key),
  };
}

function isLocked(key: SettingKey, source: SettingSource): boolean {
  return source === 'flag' || source === 'environment' || settingRow(key).stored === false;
}

/** Reads and checks every change before any is made; values that say nothing new are left out. */
async function readChanges(body: JsonObject, current: ResolvedSettings): Promise<StoredSettings> {
  const changes: { [K in SettingKey]?: Json | undefined } = {};
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue;
    if (!isSettingKey(key)) throw unknownField(key, SETTING_KEYS);
    const shown = showSetting(key, current.values[key]) ?? null;
    if (repeats(value, shown)) continue;
    if (isLocked(key, current.sources[key])) throw lockedSetting(key, current.sources[key]);
    changes[key] = value === null ? emptied(key) : await readValue(key, value);
  }
  return changes;
}

/** True for a value that is only what was shown; a masked secret comes back so. */
function repeats(value: Json, shown: SettingItem['value']): boolean {
  return value !== null && JSON.stringify(value) === JSON.stringify(shown);
}

function lockedSetting(key: SettingKey, source: SettingSource): AdminError {
  const where = settingRow(key).stored === false ? `${flagOf(key)} or ${environmentOf(key)}` : nameSource(key, source);
  return new AdminError('setting_locked', `${key} is fixed by ${where} and can only be changed there.`, {
    field: key,
    status: 409,
  });
}

function nameSource(key: SettingKey, source: SettingSource): string {
  return source === 'flag' ? `the flag ${flagOf(key)}` : `the variable ${environmentOf(key)}`;
}

function emptied(key: SettingKey): Json | undefined {
  return key === 'api_key' ? newApiKey() : undefined;
}

async function readValue(key: SettingKey, raw: Json): Promise<Json> {
  const row = settingRow(key);
  const value = row.secret === true && looksMasked(String(raw)) ? undefined : row.kind.read(raw);
  if (value === undefined) throw new AdminError('wrong_field', wrongValue(key, raw, ''), { field: key, status: 400 });
  return key === 'admin_password' ? hashPassword(plain(value) as string) : plain(value);
}

function plain(value: SettingValue): Json {
  return typeof value === 'object' && 'reveal' in value ? value.reveal() : value;
}

function decide(parts: SettingsParts, stored: RawSettings): ResolvedSettings {
  try {
    return parts.resolve(stored);
  } catch (thrown) {
    if (!(thrown instanceof SettingError)) throw thrown;
    const [field] = thrown.keys;
    throw new AdminError('settings_conflict', thrown.message, {
      ...(field === undefined ? {} : { field }),
      status: 400,
    });
  }
}

async function apply(parts: SettingsParts, next: ResolvedSettings, before: ResolvedSettings): Promise<void> {
  try {
    await parts.apply(next, before);
  } catch (thrown) {
    if (thrown instanceof AdminError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AdminError('not_applied', `The settings stay as they were: ${reason}`, { status: 409 });
  }
}
