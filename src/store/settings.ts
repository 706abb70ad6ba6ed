import { eq } from 'drizzle-orm';
import { type Json, tryParseJson } from '../base/json.ts';
import { isSettingKey, type SettingKey, settingRow } from '../config/settings.ts';
import type { StoreDatabase } from './database.ts';
import { settings } from './schema.ts';
import type { Vault } from './vault.ts';

/** Stored values by setting; `undefined` removes one. Secrets are in the clear. */
export type StoredSettings = { readonly [K in SettingKey]?: Json | undefined };

/** The settings at rest. */
export interface SettingStore {
  /** Values of known settings; rows that cannot be read are left out. */
  read(): StoredSettings;
  /** Changes all of them or none; on the disk when the call has returned. */
  change(values: StoredSettings): void;
}

/** Opens the table of settings; secrets pass through the vault both ways. */
export function createSettingStore(database: StoreDatabase, vault: Vault): SettingStore {
  const { tables } = database;
  return {
    read: () =>
      Object.fromEntries(
        tables
          .select()
          .from(settings)
          .all()
          .flatMap((row) => {
            const json = row.sealed ? vault.open(row.value, sealPlace(row.key)) : row.value;
            const value = json === undefined ? undefined : tryParseJson(json);
            return isSettingKey(row.key) && value !== undefined ? [[row.key, value]] : [];
          }),
      ),
    change: (values) =>
      database.durably(() => {
        for (const [key, value] of Object.entries(values)) {
          if (value === undefined) tables.delete(settings).where(eq(settings.key, key)).run();
          else writeValue(key, value);
        }
      }),
  };

  function writeValue(key: string, value: Json): void {
    const sealed = isSettingKey(key) && settingRow(key).secret === true;
    const json = JSON.stringify(value);
    const row = { key, value: sealed ? vault.seal(json, sealPlace(key)) : json, sealed };
    tables.insert(settings).values(row).onConflictDoUpdate({ target: settings.key, set: row }).run();
  }
}

function sealPlace(key: string): string {
  return `setting ${key}`;
}
