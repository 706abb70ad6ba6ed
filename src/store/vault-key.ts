import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { reasonOf, StoreError } from './store-error.ts';

/** The operating system's own store of secrets. */
export interface Keychain {
  /** The secret of this name, or `undefined` when there is none. Throws when the keychain cannot be asked. */
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
}

/** Where the key may be. */
export interface KeySource {
  /** The data folder; the key file lies in it. */
  readonly folder: string;
  /** Absent: only the key file is used, so that a folder that moves takes its key along. */
  readonly keychain?: Keychain;
}

/** The key and its place in words. */
export interface FoundKey {
  readonly key: Uint8Array;
  readonly where: string;
}

const KEY_BYTES = 32;
const SERVICE = 'trivium';

/** The keychain of this machine: Keychain, Credential Manager or a secret service. Throws where there is none. */
export const systemKeychain: Keychain = {
  read: async (name) => (await Bun.secrets.get({ service: SERVICE, name })) ?? undefined,
  write: (name, value) => Bun.secrets.set({ service: SERVICE, name, value }),
};

/** The key file of a data folder. */
export function keyFile(folder: string): string {
  return join(folder, 'vault.key');
}

/**
 * Finds the key: in its file, else in the keychain. When there is none and `mayMake`, makes one, in the keychain if that works,
 * else in the file; an existing key is never replaced. Throws `StoreError`.
 */
export async function findVaultKey(source: KeySource, mayMake: boolean): Promise<FoundKey> {
  const file = keyFile(source.folder);
  if (existsSync(file)) return readKeyFile(file);
  const kept = await askKeychain(source);
  if (kept.key !== undefined) return { key: kept.key, where: 'the keychain' };
  if (!mayMake) {
    const trouble = kept.trouble === undefined ? '' : ` and the keychain could not be asked (${kept.trouble})`;
    throw new StoreError(
      `The key to the stored credentials is missing: there is no file ${file}${trouble}. Put the key back, or move the database away and add the accounts again.`,
    );
  }
  const key = randomBytes(KEY_BYTES);
  if (await putIntoKeychain(source, key)) return { key, where: 'the keychain' };
  return writeKeyFile(source.folder, file, key);
}

async function askKeychain(source: KeySource): Promise<{ readonly key?: Uint8Array; readonly trouble?: string }> {
  try {
    const text = await source.keychain?.read(nameInKeychain(source));
    const key = text === undefined ? undefined : Buffer.from(text, 'base64url');
    return key?.length === KEY_BYTES ? { key } : {};
  } catch (thrown) {
    return { trouble: reasonOf(thrown) };
  }
}

/** True when the keychain has the key now: what it cannot give back, it must not be trusted with. */
async function putIntoKeychain(source: KeySource, key: Uint8Array): Promise<boolean> {
  if (source.keychain === undefined) return false;
  const text = Buffer.from(key).toString('base64url');
  try {
    if ((await source.keychain.read(nameInKeychain(source))) !== undefined) return false;
    await source.keychain.write(nameInKeychain(source), text);
    return (await source.keychain.read(nameInKeychain(source))) === text;
  } catch {
    return false;
  }
}

function nameInKeychain(source: KeySource): string {
  return `vault-key ${source.folder}`;
}

function readKeyFile(file: string): FoundKey {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (key.length !== KEY_BYTES) {
    throw new StoreError(`The key file ${file} is damaged. Put back the one that belongs to this database.`);
  }
  chmodSync(file, 0o600);
  return { key, where: file };
}

function writeKeyFile(folder: string, file: string, key: Uint8Array): FoundKey {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, `${Buffer.from(key).toString('base64url')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    // A link fails where the name is taken, so a key that another process has just made stays, and none is ever seen half written.
    linkSync(draft, file);
  } catch {
    // Some file systems have no links; there the name was free a moment ago.
    if (!existsSync(file)) renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return readKeyFile(file);
}
