import { createHash, randomBytes } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new exchange id: time-ordered, unique. */
export function newExchangeId(): string {
  return Bun.randomUUIDv7().replaceAll('-', '');
}

/** A new short id for rows that people read: `prefix_` and ten characters. */
export function newShortId(prefix: string): string {
  return `${prefix}_${toBase62(randomBytes(16), 10)}`;
}

/**
 * An id that depends on `seed` alone: `prefix` and `length` characters of base 62 from its SHA-256.
 * Ids inside request bodies are made so, since a prompt cache needs the same bytes on the next turn.
 */
export function mintId(prefix: string, seed: string, length: number): string {
  return prefix + toBase62(createHash('sha256').update(seed).digest(), length);
}

function toBase62(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += BASE62[(bytes[i % bytes.length]! + i * 7) % 62];
  }
  return text;
}
