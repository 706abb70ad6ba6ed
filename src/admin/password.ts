import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../base/secret.ts';

/** Makes of a password what may be kept of it. */
export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: 'argon2id' });
}

/** True when `shown` is the admin password. `kept` is its hash, or the password itself where the environment gave it. */
export async function isAdminPassword(kept: Secret | undefined, shown: string): Promise<boolean> {
  if (kept === undefined || shown === '') return false;
  const expected = kept.reveal();
  if (!isHash(expected)) return timingSafeEqual(digest(shown), digest(expected));
  try {
    return await Bun.password.verify(shown, expected);
  } catch {
    // A damaged hash lets nobody in.
    return false;
  }
}

/** True for a text that `hashPassword` could have made. */
function isHash(text: string): boolean {
  return text.startsWith('$argon2id$');
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
