import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { asNumber, asObject, asString, type Json, type JsonObject, tryParseJson } from '../base/json.ts';
import { AdminError } from './admin-error.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** About a tenth of a second and 32 MB for each try at a passphrase. https://www.rfc-editor.org/rfc/rfc7914 */
const COST = { n: 2 ** 15, r: 8, p: 1 };
/** A file from elsewhere may not make us work for minutes. */
const MOST = { n: 2 ** 18, r: 16, p: 4 };

/** Seals a value with a passphrase, as a part of a JSON file that says how. */
export async function sealWithPassphrase(value: Json, passphrase: string): Promise<JsonObject> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, await deriveKey(passphrase, salt, COST), nonce);
  const data = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    kdf: 'scrypt',
    ...COST,
    cipher: CIPHER,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    data: data.toString('base64'),
  };
}

/** Opens what `sealWithPassphrase` made. Throws `AdminError` for a wrong passphrase and a damaged file. */
export async function openWithPassphrase(sealed: JsonObject, passphrase: string): Promise<Json> {
  const cost = readCost(sealed);
  const [salt, nonce, data] = ['salt', 'nonce', 'data'].map((name) =>
    Buffer.from(asString(sealed[name]) ?? '', 'base64'),
  );
  if (cost === undefined || sealed.cipher !== CIPHER || data!.length < TAG_BYTES || nonce!.length !== NONCE_BYTES) {
    throw new AdminError('wrong_file', 'The file is sealed in a way that this version does not know.', { status: 400 });
  }
  const key = await deriveKey(passphrase, salt!, cost);
  const decipher = createDecipheriv(CIPHER, key, nonce!).setAuthTag(data!.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(data!.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    return tryParseJson(text) ?? null;
  } catch {
    const words = 'The passphrase is not the one that the file was sealed with, or the file is damaged.';
    throw new AdminError('wrong_passphrase', words, { field: 'passphrase', status: 400 });
  }
}

type Cost = typeof COST;

function readCost(sealed: JsonObject): Cost | undefined {
  const { n, r, p } = asObject(sealed) ?? {};
  const cost = { n: asNumber(n) ?? 0, r: asNumber(r) ?? 0, p: asNumber(p) ?? 0 };
  const isPower = cost.n > 1 && Number.isInteger(Math.log2(cost.n));
  const isBounded = cost.n <= MOST.n && cost.r >= 1 && cost.r <= MOST.r && cost.p >= 1 && cost.p <= MOST.p;
  return sealed.kdf === 'scrypt' && isPower && isBounded ? cost : undefined;
}

function deriveKey(passphrase: string, salt: Uint8Array, { n, r, p }: Cost): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
