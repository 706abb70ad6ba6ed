import type { Database } from 'bun:sqlite';
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Copies a whole open database into a new file that only its owner can read. Throws when the file exists already. */
export function copyDatabase(raw: Database, file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  raw.query('VACUUM INTO ?').run(file);
  chmodSync(file, 0o600);
}
