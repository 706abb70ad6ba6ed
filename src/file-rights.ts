import { accessSync, constants, statSync } from 'node:fs';

/** The rights of a file or folder, as the last three octal digits; `undefined` where there is none, or the system has no such rights. */
export function rightsOf(path: string): number | undefined {
  if (process.platform === 'win32') return undefined;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? undefined : mode & 0o777;
}

/** Whether something is there that this process may write. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
