import { Database, type SQLQueryBindings } from 'bun:sqlite';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import { Param, Placeholder } from 'drizzle-orm/sql';
import { copyDatabase } from './copy-database.ts';
import type { DatabaseOptions } from './migrate-database.ts';
import { migrateDatabase } from './migrate-database.ts';
import * as schema from './schema.ts';
import { reasonOf, StoreError } from './store-error.ts';

/** Drizzle's handle on our tables. */
export type Tables = BunSQLiteDatabase<typeof schema>;

/** A query of Drizzle's, as far as its text and the order of its placeholders. */
export interface PreparableQuery {
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

/** The open database. Everything is synchronous: when a call has returned, it is done. */
export interface StoreDatabase {
  readonly tables: Tables;
  /** Runs `action` in one transaction. Safe when the process dies, not when the power fails. */
  together<T>(action: () => T): T;
  /** Runs `action` in one transaction that is on the disk when the call returns: for what an owner was told is saved. */
  durably<T>(action: () => T): T;
  /**
   * Prepares a statement with placeholders for the hot path: filled by name without Drizzle's mapping, which costs more than
   * the insert itself. Values must be what SQLite stores: text, numbers, booleans, null.
   */
  prepare(query: PreparableQuery): (values: { readonly [name: string]: unknown }) => void;
  /** Writes a complete copy to a file that must not exist yet. */
  copyTo(file: string): void;
  /** Gives some of the pages that deleted rows have left back to the file system. */
  shrink(): void;
  close(): void;
}

/** Pages given back at once, few enough that requests do not notice. */
const SHRINK_PAGES = 2000;

/** Opens the database, making folder and file for this user alone, and brings its tables up to date. Throws `StoreError`. */
export function openDatabase(options: DatabaseOptions): StoreDatabase {
  let raw: Database | undefined;
  try {
    if (options.file !== ':memory:') makeOwnFile(options.file);
    raw = new Database(options.file, { create: true, strict: true });
    // Only a database without tables can take it, so it comes before WAL writes the first page.
    raw.run('PRAGMA auto_vacuum=INCREMENTAL');
    raw.run('PRAGMA busy_timeout=5000');
    raw.run('PRAGMA journal_mode=WAL');
    raw.run('PRAGMA synchronous=NORMAL');
    const tables = drizzle({ client: raw, schema, casing: 'snake_case' });
    migrateDatabase(raw, tables, options);
    // After the migrations: with foreign keys on, rebuilding a table would delete the rows that point to it.
    raw.run('PRAGMA foreign_keys=ON');
    return handle(raw, tables);
  } catch (thrown) {
    raw?.close();
    if (thrown instanceof StoreError) throw thrown;
    throw new StoreError(
      `The database ${options.file} cannot be opened: ${reasonOf(thrown)}. Put a copy from ${options.backupFolder} in its place, or choose another folder with --data-dir.`,
      { cause: thrown },
    );
  }
}

function handle(raw: Database, tables: Tables): StoreDatabase {
  const together = <T>(action: () => T): T => raw.transaction(action).immediate() as T;
  return {
    tables,
    together,
    durably: (action) => {
      // Inside a transaction the outer one decides; SQLite refuses the change there.
      if (raw.inTransaction) return together(action);
      raw.run('PRAGMA synchronous=FULL');
      try {
        return together(action);
      } finally {
        raw.run('PRAGMA synchronous=NORMAL');
      }
    },
    prepare: (query) => {
      const { sql, params } = query.toSQL();
      const statement = raw.prepare<unknown, SQLQueryBindings[]>(sql);
      const names = params.map(placeholderName);
      return (values) => void statement.run(...names.map((name) => values[name] as SQLQueryBindings));
    },
    copyTo: (file) => copyDatabase(raw, file),
    shrink: () => void raw.query(`PRAGMA incremental_vacuum(${SHRINK_PAGES})`).all(),
    close: () => {
      // Some systems keep the side files after closing; an empty one at least holds no rows apart from the main file.
      raw.run('PRAGMA wal_checkpoint(TRUNCATE)');
      raw.close();
    },
  };
}

function makeOwnFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its side files the mode of the main file, so this comes before it opens any.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function placeholderName(param: unknown): string {
  const value = param instanceof Param ? param.value : param;
  if (value instanceof Placeholder) return value.name;
  throw new Error('a prepared statement may hold placeholders only');
}
