import { describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createFactStore } from '../../../src/store/facts.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { createVault, openVault } from '../../../src/store/vault.ts';
import type { Keychain } from '../../../src/store/vault-key.ts';
import { keyFile } from '../../../src/store/vault-key.ts';
import { openIn, withFolder } from '../../support/temporary-store.ts';

function memoryKeychain(): Keychain & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    read: async (name) => kept.get(name),
    write: async (name, value) => void kept.set(name, value),
  };
}

const brokenKeychain: Keychain = {
  read: () => Promise.reject(new Error('no secret service')),
  write: () => Promise.reject(new Error('no secret service')),
};

describe('createVault', () => {
  const vault = createVault(randomBytes(32));

  test('opens what it sealed, and only in its own place', () => {
    const sealed = vault.seal('sk-secret ключ 鍵', 'account a');
    expect(vault.open(sealed, 'account a')).toBe('sk-secret ключ 鍵');
    expect(vault.open(sealed, 'account b')).toBeUndefined();
  });

  test('never seals the same twice the same way', () => {
    expect(vault.seal('x', 'p')).not.toBe(vault.seal('x', 'p'));
  });

  test('refuses damaged seals and those of another key', () => {
    const sealed = vault.seal('text', 'p');
    const middle = sealed.length >> 1;
    const flipped = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
    for (const wrong of [flipped, '', 'v1.', 'v2.AAAA', sealed.slice(0, -4), 'v1.AAAA']) {
      expect(vault.open(wrong, 'p')).toBeUndefined();
    }
    expect(createVault(randomBytes(32)).open(sealed, 'p')).toBeUndefined();
  });
});

describe('openVault', () => {
  test('without a keychain makes a key file for this user alone and finds it again', () =>
    withFolder(async (folder) => {
      const database = openIn(folder);
      const facts = createFactStore(database);
      const sealed = (await openVault(facts, { folder })).seal('text', 'p');
      expect(statSync(keyFile(folder)).mode & 0o777).toBe(0o600);
      const before = readFileSync(keyFile(folder), 'utf8');
      expect((await openVault(facts, { folder })).open(sealed, 'p')).toBe('text');
      expect(readFileSync(keyFile(folder), 'utf8')).toBe(before);
      database.close();
    }));

  test('a keychain that cannot be asked is replaced by the file', () =>
    withFolder(async (folder) => {
      const database = openIn(folder);
      await openVault(createFactStore(database), { folder, keychain: brokenKeychain });
      expect(readFileSync(keyFile(folder), 'utf8').length).toBeGreaterThan(40);
      database.close();
    }));

  test('a keychain that works keeps the key, and no file is made', () =>
    withFolder(async (folder) => {
      const database = openIn(folder);
      const facts = createFactStore(database);
      const keychain = memoryKeychain();
      const sealed = (await openVault(facts, { folder, keychain })).seal('text', 'p');
      expect(keychain.kept.size).toBe(1);
      expect(() => statSync(keyFile(folder))).toThrow();
      expect((await openVault(facts, { folder, keychain })).open(sealed, 'p')).toBe('text');
      expect(keychain.kept.size).toBe(1);
      database.close();
    }));

  test('a missing key is said, never replaced', () =>
    withFolder(async (folder) => {
      const database = openIn(folder);
      const facts = createFactStore(database);
      await openVault(facts, { folder });
      rmSync(keyFile(folder));
      await expect(openVault(facts, { folder })).rejects.toThrow(StoreError);
      await expect(openVault(facts, { folder, keychain: brokenKeychain })).rejects.toThrow('no secret service');
      expect(() => statSync(keyFile(folder))).toThrow();
      database.close();
    }));

  test('a wrong or damaged key is said, and stays', () =>
    withFolder(async (folder) => {
      const database = openIn(folder);
      const facts = createFactStore(database);
      await openVault(facts, { folder });
      const other = randomBytes(32).toString('base64url');
      writeFileSync(keyFile(folder), other);
      await expect(openVault(facts, { folder })).rejects.toThrow('does not open the credentials');
      writeFileSync(keyFile(folder), 'short');
      await expect(openVault(facts, { folder })).rejects.toThrow('damaged');
      expect(readFileSync(keyFile(folder), 'utf8')).toBe('short');
      database.close();
    }));
});
