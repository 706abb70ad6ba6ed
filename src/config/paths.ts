import { posix, win32 } from 'node:path';

/** Environment variables. */
export type Environment = { readonly [name: string]: string | undefined };

/** What the places of files depend on. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  /** The current folder, from which relative paths are read. */
  readonly folder: string;
}

/** The folder for data of this program where the operating system expects it. */
export function defaultDataFolder(system: System, environment: Environment): string {
  const { platform, home } = system;
  if (platform === 'win32') return win32.join(environment.APPDATA || win32.join(home, 'AppData', 'Roaming'), 'trivium');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'trivium');
  const named = environment.XDG_DATA_HOME;
  const base = named !== undefined && posix.isAbsolute(named) ? named : posix.join(home, '.local', 'share');
  return posix.join(base, 'trivium');
}

/** Makes a path absolute; a leading `~` is the home folder, which a shell leaves alone in an environment file. */
export function absolutePath(path: string, system: System): string {
  const { join, resolve } = system.platform === 'win32' ? win32 : posix;
  const rest = /^~(?:[/\\](.*))?$/.exec(path);
  return rest === null ? resolve(system.folder, path) : join(system.home, rest[1] ?? '');
}

/** The database inside the data folder. */
export function databaseFile(dataFolder: string): string {
  return `${dataFolder}/trivium.db`;
}

/** The folder for copies of the database, inside the data folder. */
export function backupFolder(dataFolder: string): string {
  return `${dataFolder}/backups`;
}

/** The owner's own prices, which replace those of the program. */
export function pricesFile(dataFolder: string): string {
  return `${dataFolder}/prices.json`;
}
