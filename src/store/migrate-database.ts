import type { Database } from 'bun:sqlite';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite';
import { migrate } from 'drizzle-orm/bun-sqlite/migrator';
import { asNumber, asObject, asObjects, asString, tryParseJson } from '../base/json.ts';
import { copyDatabase } from './copy-database.ts';
import type * as schema from './schema.ts';
import { StoreError } from './store-error.ts';

/** Where the database lies and how it is brought up to date. */
export interface DatabaseOptions {
  /** The file, or `:memory:`. */
  readonly file: string;
  /** The folder with the migrations, embedded in the executable. */
  readonly migrationsFolder: string;
  /** The folder for the copy that is made before an older database is changed. */
  readonly backupFolder: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Runs the migrations that the database has not seen, after copying an older database away. Throws `StoreError` for a database
 * of a newer program, which this one could only damage.
 */
export function migrateDatabase(
  raw: Database,
  tables: BunSQLiteDatabase<typeof schema>,
  options: DatabaseOptions,
): void {
  const steps = readSteps(options.migrationsFolder);
  const newest = steps.at(-1)?.when ?? 0;
  const reached = lastMigration(raw);
  if (reached !== undefined && reached > newest) {
    throw new StoreError(
      `The database ${options.file} was made by a newer version of this program. Use that version, or a copy from ${options.backupFolder}.`,
    );
  }
  if (reached === newest) return;
  const next = steps.find((step) => step.when > (reached ?? 0));
  if (reached !== undefined && next !== undefined && options.file !== ':memory:') {
    const time = new Date(options.now).toISOString().replaceAll(/[:.]/g, '-');
    copyDatabase(raw, join(options.backupFolder, `trivium-${time}-before-${next.tag}.db`));
  }
  migrate(tables, { migrationsFolder: options.migrationsFolder });
  const broken = raw.query('PRAGMA foreign_key_check').all().length;
  if (broken > 0) throw new StoreError(`The database ${options.file} has ${broken} rows that point nowhere.`);
}

interface Step {
  readonly tag: string;
  readonly when: number;
}

function readSteps(folder: string): readonly Step[] {
  const journal = asObject(tryParseJson(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')));
  return asObjects(journal?.entries).map((entry) => ({
    tag: asString(entry.tag) ?? '',
    when: asNumber(entry.when) ?? 0,
  }));
}

/** When the newest migration in the database was made; absent for a new database. */
function lastMigration(raw: Database): number | undefined {
  const known = raw.query("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (known === null) return undefined;
  const row = raw.query('SELECT max(created_at) AS newest FROM __drizzle_migrations').get();
  return asNumber(asObject(row)?.newest) ?? undefined;
}
