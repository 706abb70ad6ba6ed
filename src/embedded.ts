import { join } from 'node:path';

/** The folder of embedded files: inside the executable, or beside the source. `..` does not exist in an executable. */
export function embeddedFolder(folder: 'public' | 'migrations'): string {
  if (Bun.isStandaloneExecutable) return join(import.meta.dir, folder);
  return folder === 'public' ? join(import.meta.dir, '..', 'public') : join(import.meta.dir, 'store', 'migrations');
}
