import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { FactStore } from './facts.ts';
import { StoreError } from './store-error.ts';
import type { KeySource } from './vault-key.ts';
import { findVaultKey } from './vault-key.ts';

/** Seals secrets before they are stored and opens them again. */
export interface Vault {
  /** Encrypts a text; `place` names the row it belongs to, and only there it opens again. */
  seal(text: string, place: string): string;
  /** Decrypts what `seal` made; `undefined` when it is damaged or belongs to another place. */
  open(sealed: string, place: string): string | undefined;
}

const CIPHER = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PROOF_FACT = 'vault-proof';
const PROOF_TEXT = 'this key opens this database';

/**
 * Finds the key, or makes one for a new database, and proves that it fits. Throws `StoreError` when the key is missing or wrong:
 * a new one in its place would leave every stored credential unreadable for good.
 */
export async function openVault(facts: FactStore, source: KeySource): Promise<Vault> {
  const proof = facts.read(PROOF_FACT);
  const { key, where } = await findVaultKey(source, proof === undefined);
  const vault = createVault(key);
  if (proof === undefined) facts.write(PROOF_FACT, vault.seal(PROOF_TEXT, PROOF_FACT));
  else if (vault.open(proof, PROOF_FACT) !== PROOF_TEXT) {
    throw new StoreError(
      `The key in ${where} does not open the credentials in this database. Put back the key that belongs to it, or move the database away and add the accounts again.`,
    );
  }
  return vault;
}

/** Makes a vault from a key of 32 bytes. */
export function createVault(key: Uint8Array): Vault {
  return {
    seal: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open: (sealed, place) => {
      const [version, encoded] = sealed.split('.');
      const bytes = Buffer.from(encoded ?? '', 'base64url');
      if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const end = bytes.length - TAG_BYTES;
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(end));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
