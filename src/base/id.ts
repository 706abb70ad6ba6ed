import { createHash, randomBytes } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new exchange id: unique, and ordered by `at`, the time it begins with, in epoch milliseconds. */
export function newExchangeId(at: number): string {
  return Bun.randomUUIDv7('hex', at).replaceAll('-', '');
}

/** The text that no exchange id of `at` or later sorts before, in epoch milliseconds. */
export function exchangeIdFloor(at: number): string {
  return Math.max(0, Math.floor(at)).toString(16).padStart(12, '0');
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
