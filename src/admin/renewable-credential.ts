import { createPrivateKey } from 'node:crypto';
import type { Credential, ProviderId } from '../base/account.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { maskSecret, Secret } from '../base/secret.ts';
import { readServiceAccount } from '../base/service-account.ts';
import { missingField, unknownField, wrongField } from './admin-error.ts';
import { readLine } from './read-fields.ts';

/** Which providers take tokens that a sign-in gave out, and which a service account's. */
const TAKERS: { readonly [T in Credential['type']]?: readonly ProviderId[] } = {
  oauth: ['gemini', 'vertex', 'gemini-compatible', 'openai-compatible', 'anthropic-compatible'],
  service_account: ['vertex', 'gemini-compatible'],
};

const LONGEST_SECRET = 8192;

/** Refuses a credential of a type that the provider has no use for. Throws `AdminError`. */
export function checkCredentialType({ type }: Credential, provider: ProviderId): void {
  const takers = TAKERS[type];
  if (takers === undefined || takers.includes(provider)) return;
  throw wrongField('credential.type', `api_key for ${provider}; ${type} is for ${takers.join(', ')}`);
}

/** Reads what a sign-in left: the user's own client and a refresh token. Throws `AdminError`. */
export function readOauth(value: JsonObject, kept: Credential | undefined): Credential {
  refuseStrays(value, ['type', 'client_id', 'client_secret', 'refresh_token', 'token_url']);
  const before = kept?.type === 'oauth' ? kept : undefined;
  if (value.client_id === undefined) throw missingField('credential.client_id');
  const clientSecret = isGiven(value.client_secret)
    ? readSecret(value.client_secret, 'credential.client_secret', before?.clientSecret)
    : undefined;
  const tokenUrl = isGiven(value.token_url) ? readTokenUrl(value.token_url, 'credential.token_url') : undefined;
  return {
    type: 'oauth',
    clientId: readLine(value.client_id, 'credential.client_id', 500),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    refreshToken: readSecret(value.refresh_token, 'credential.refresh_token', before?.refreshToken),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
  };
}

/** Reads a service account's key file, as text or as the JSON itself. Throws `AdminError`. */
export function readKeyFile(value: JsonObject, kept: Credential | undefined): Credential {
  refuseStrays(value, ['type', 'json']);
  const field = 'credential.json';
  if (!isGiven(value.json)) throw missingField(field);
  const text = isObject(value.json) ? JSON.stringify(value.json) : String(value.json).trim();
  if (text === '…' && kept?.type === 'service_account') return kept;
  const key = readServiceAccount(text);
  if (key === undefined) {
    throw wrongField(field, 'the key file of a service account, with client_email and private_key');
  }
  if (!isPrivateKey(key.privateKey)) throw wrongField(`${field}.private_key`, 'a private key in PEM');
  if (key.tokenUrl !== undefined) readTokenUrl(key.tokenUrl, `${field}.token_uri`);
  return { type: 'service_account', json: new Secret(text) };
}

/** The address where tokens are asked for: over TLS, or on this machine. Throws `AdminError`. */
export function readTokenUrl(value: Json | undefined, field: string): string {
  const text = readLine(value, field, 2000);
  const url = URL.parse(text);
  const isLocal = url?.protocol === 'http:' && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url !== null && (url.protocol === 'https:' || isLocal) && url.username === '') return text;
  throw wrongField(field, 'a URL that starts with https://');
}

/** A secret of printable ASCII; its mask stands for the one that is kept. Throws `AdminError`. */
function readSecret(value: Json | undefined, field: string, kept?: Secret): Secret {
  if (!isGiven(value)) throw missingField(field);
  // copied secrets often come with a line break
  const text = typeof value === 'string' ? value.trim() : '';
  if (text.includes('…')) {
    if (kept !== undefined && maskSecret(kept.reveal()) === text) return kept;
    throw wrongField(field, 'the whole secret; this is a masked one');
  }
  if (/^[\x21-\x7e]+$/.test(text) && text.length <= LONGEST_SECRET) return new Secret(text);
  throw wrongField(field, 'printable ASCII characters without spaces');
}

function isGiven(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null && value !== '';
}

function refuseStrays(value: JsonObject, known: readonly string[]): void {
  const stray = Object.keys(value).find((name) => !known.includes(name));
  if (stray !== undefined) throw unknownField(`credential.${stray}`, known);
}

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
