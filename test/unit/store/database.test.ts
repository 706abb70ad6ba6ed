import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupFolder, databaseFile } from '../../../src/config/paths.ts';
import { createFactStore } from '../../../src/store/facts.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { MIGRATIONS, openIn, withFolder } from '../../support/temporary-store.ts';

const mode = (file: string) => statSync(file).mode & 0o777;

/** A copy of the migrations with one more that adds a table. */
function withOneMore(folder: string): string {
  const copy = join(folder, 'migrations');
  cpSync(MIGRATIONS, copy, { recursive: true });
  const journalFile = join(copy, 'meta', '_journal.json');
  const journal = require(join(MIGRATIONS, 'meta', '_journal.json'));
  const last = journal.entries.at(-1);
  const next = { ...last, idx: last.idx + 1, when: last.when + 1000, tag: '9999_more' };
  writeFileSync(journalFile, JSON.stringify({ ...journal, entries: [...journal.entries, next] }));
  writeFileSync(join(copy, '9999_more.sql'), 'CREATE TABLE more (a integer);');
  return copy;
}

describe('openDatabase', () => {
  test('makes folder and files for this user alone', () =>
    withFolder((parent) => {
      const folder = join(parent, 'new', 'data');
      const database = openIn(folder);
      createFactStore(database).write('a', '1');
      expect(mode(folder)).toBe(0o700);
      expect(mode(databaseFile(folder))).toBe(0o600);
      expect(mode(`${databaseFile(folder)}-wal`)).toBe(0o600);
      database.close();
    }));

  test('sets the pragmas it promises', () =>
    withFolder((folder) => {
      openIn(folder).close();
      const raw = new Database(databaseFile(folder));
      expect(raw.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
      expect(raw.query('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
      raw.close();
    }));

  test('keeps rows over a reopening, and makes no copy when nothing has to be migrated', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      createFactStore(first).write('a', '1');
      first.close();
      const second = openIn(folder);
      expect(createFactStore(second).read('a')).toBe('1');
      second.close();
      expect(readdirSync(folder)).not.toContain('backups');
    }));

  test('what was acknowledged survives a process that never closes', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      createFactStore(first).write('a', '1');
      const second = openIn(folder);
      expect(createFactStore(second).read('a')).toBe('1');
      second.close();
      first.close();
    }));

  test('copies an older database away before it migrates', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      createFactStore(first).write('a', '1');
      first.close();
      const second = openIn(folder, withOneMore(folder));
      expect(createFactStore(second).read('a')).toBe('1');
      second.close();
      const copies = readdirSync(backupFolder(folder));
      expect(copies).toEqual(['trivium-2026-01-02T00-00-00-000Z-before-9999_more.db']);
      const copy = join(backupFolder(folder), copies[0] ?? '');
      expect(mode(copy)).toBe(0o600);
      const raw = new Database(copy);
      expect(raw.query("SELECT value FROM facts WHERE name = 'a'").get()).toEqual({ value: '1' });
      expect(raw.query("SELECT name FROM sqlite_master WHERE name = 'more'").get()).toBeNull();
      raw.close();
    }));

  test('refuses a database of a newer program', () =>
    withFolder((folder) => {
      openIn(folder, withOneMore(folder)).close();
      expect(() => openIn(folder)).toThrow(StoreError);
      expect(() => openIn(folder)).toThrow('newer version');
    }));

  test('leaves the database as it was when a migration fails', () =>
    withFolder((folder) => {
      openIn(folder).close();
      const migrations = withOneMore(folder);
      writeFileSync(
        join(migrations, '9999_more.sql'),
        'CREATE TABLE more (a);--> statement-breakpoint\nCREATE NONSENSE;',
      );
      expect(() => openIn(folder, migrations)).toThrow(StoreError);
      openIn(folder).close();
    }));

  test('says what to do with a file that is no database', () =>
    withFolder((folder) => {
      writeFileSync(
        databaseFile(folder),
        'this is not a database, but it is long enough to be read as one. '.repeat(40),
      );
      expect(() => openIn(folder)).toThrow('cannot be opened');
    }));

  test('the schema and the migrations say the same', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'migrations');
      cpSync(MIGRATIONS, out, { recursive: true });
      const { generateSQLiteDrizzleJson, generateSQLiteMigration } = await import('drizzle-kit/api');
      const schema = await import('../../../src/store/schema.ts');
      const newest = readdirSync(join(MIGRATIONS, 'meta'))
        .filter((name) => name.endsWith('_snapshot.json'))
        .sort()
        .at(-1);
      const before = require(join(MIGRATIONS, 'meta', newest ?? ''));
      const after = await generateSQLiteDrizzleJson(schema as Record<string, unknown>, before.id, 'snake_case');
      expect(await generateSQLiteMigration(before, after)).toEqual([]);
    }));
});

describe('transactions', () => {
  test('a failing one changes nothing', () =>
    withFolder((folder) => {
      const database = openIn(folder);
      const facts = createFactStore(database);
      expect(() =>
        database.together(() => {
          facts.write('a', '1');
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(() =>
        database.durably(() => {
          database.tables.run("INSERT INTO facts VALUES ('a', '1')");
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(facts.read('a')).toBeUndefined();
      database.close();
    }));

  test('a durable one waits for the disk, and only that one', () =>
    withFolder((folder) => {
      const database = openIn(folder);
      const level = () => database.tables.get<unknown[]>('PRAGMA synchronous');
      expect(Object.values(level())).toEqual([1]);
      expect(Object.values(database.durably(level))).toEqual([2]);
      expect(Object.values(level())).toEqual([1]);
      database.close();
    }));
});
