import { expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { makeBackup } from '../../../src/admin/backup.ts';
import { backupFolder } from '../../../src/config/paths.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { createFactStore } from '../../../src/store/facts.ts';
import { MIGRATIONS, openIn, withFolder } from '../../support/temporary-store.ts';

test('a backup is a whole database for this user alone', () =>
  withFolder((folder) => {
    const database = openIn(folder);
    createFactStore(database).write('a', '1');
    const { file, at } = makeBackup({ database, folder: backupFolder(folder), now: () => 5000 });
    database.close();
    expect(at).toBe('1970-01-01T00:00:05.000Z');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const copy = openDatabase({ file, migrationsFolder: MIGRATIONS, backupFolder: folder, now: 0 });
    expect(createFactStore(copy).read('a')).toBe('1');
    copy.close();
  }));
