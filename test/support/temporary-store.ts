import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { backupFolder, databaseFile } from '../../src/config/paths.ts';
import { openDatabase, type StoreDatabase } from '../../src/store/database.ts';

export const MIGRATIONS = join(import.meta.dir, '..', '..', 'src', 'store', 'migrations');

/** Gives the folder to `use` and removes it afterwards. */
export async function withFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-test-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens the database of a data folder. */
export function openIn(folder: string, migrationsFolder = MIGRATIONS): StoreDatabase {
  const file = databaseFile(folder);
  return openDatabase({ file, migrationsFolder, backupFolder: backupFolder(folder), now: Date.UTC(2026, 0, 2) });
}

/** Opens a database that is gone with the test. */
export function openInMemory(): StoreDatabase {
  return openDatabase({ file: ':memory:', migrationsFolder: MIGRATIONS, backupFolder: '', now: 0 });
}

/** A clock that a test moves: timers fire in `advance`, and sleeping takes no time but counts. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

/** Makes a clock that stands still until it is moved. */
export function handClock(start = Date.UTC(2026, 0, 2, 12)): HandClock {
  let time = start;
  let timers: { at: number; every?: number; action: () => void }[] = [];
  const add = (timer: (typeof timers)[number]) => {
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  return {
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
    every: (ms, action) => add({ at: time + ms, every: ms, action }),
    after: (ms, action) => add({ at: time + ms, action }),
    advance: (ms) => {
      time += ms;
      for (const timer of timers.filter((one) => one.at <= time)) {
        if (timer.every === undefined) timers = timers.filter((one) => one !== timer);
        else timer.at = time + timer.every;
        timer.action();
      }
    },
  };
}
