import { randomBytes } from 'node:crypto';

/** A new client key: `sk-` and 48 hexadecimal digits. */
export function newApiKey(): string {
  return `sk-${randomBytes(24).toString('hex')}`;
}
