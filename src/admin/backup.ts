import { join } from 'node:path';
import type { StoreDatabase } from '../store/database.ts';
import { isoTime } from './read-fields.ts';

/** What a backup works with. */
export interface BackupParts {
  readonly database: Pick<StoreDatabase, 'copyTo'>;
  readonly folder: string;
  readonly now: () => number;
}

/** Copies the whole database into the backup folder. The key of the vault is not in it. */
export function makeBackup({ database, folder, now }: BackupParts): { readonly file: string; readonly at: string } {
  const at = isoTime(now());
  const file = join(folder, `trivium-${at.replaceAll(/[:.]/g, '-')}.db`);
  database.copyTo(file);
  return { file, at };
}
