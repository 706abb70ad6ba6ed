import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of embedded files: inside the executable, or beside the source. `..` does not exist in an executable. */
export function embeddedFolder(folder: EmbeddedFolder): string {
  return join(import.meta.dir, Bun.isStandaloneExecutable ? folder : FOLDERS[folder]);
}

type EmbeddedFolder = keyof typeof FOLDERS;

const FOLDERS = { public: '../public', migrations: 'store/migrations', recordings: '../test/recordings' } as const;

/** A recorded text of a scenario by its path, `dialect/scenario/file`; `undefined` where there is none. */
export function readRecorded(path: string): string | undefined {
  const file = join(embeddedFolder('recordings'), path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
