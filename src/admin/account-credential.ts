import type { Credential } from '../base/account.ts';
import { isObject, type Json } from '../base/json.ts';
import { maskSecret, Secret } from '../base/secret.ts';
import { missingField, unknownField, wrongField } from './admin-error.ts';
import { readKeyFile, readOauth } from './renewable-credential.ts';

/** A credential as the admin API shows it: every secret masked. */
export type MaskedCredential =
  | { readonly type: 'none' }
  | { readonly type: 'api_key'; readonly api_key: string }
  | {
      readonly type: 'oauth';
      readonly client_id: string;
      readonly client_secret?: string;
      readonly refresh_token: string;
      readonly token_url?: string;
    }
  | { readonly type: 'service_account'; readonly json: string };

/** True for text that only a mask can be: it must never be stored in place of what it hides. */
export function looksMasked(text: string): boolean {
  return text.includes('…');
}

/**
 * Reads the credential of a request. A masked secret stands for the one that is kept. Answers `undefined` when the request has
 * none. Throws `AdminError`.
 */
export function readCredential(value: Json | undefined, kept?: Credential): Credential | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrongField('credential', 'an object with "type"');
  switch (value.type) {
    case 'none':
      return { type: 'none' };
    case 'api_key': {
      const stray = Object.keys(value).find((name) => name !== 'type' && name !== 'api_key');
      if (stray !== undefined) throw unknownField(`credential.${stray}`, ['type', 'api_key']);
      return { type: 'api_key', apiKey: readApiKey(value.api_key, kept) };
    }
    case 'oauth':
      return readOauth(value, kept);
    case 'service_account':
      return readKeyFile(value, kept);
    default:
      throw wrongField('credential.type', 'one of api_key, oauth, service_account');
  }
}

/** Hides every secret of a credential. */
export function maskCredential(credential: Credential): MaskedCredential {
  switch (credential.type) {
    case 'none':
      return { type: 'none' };
    case 'api_key':
      return { type: 'api_key', api_key: maskSecret(credential.apiKey.reveal()) };
    case 'service_account':
      return { type: 'service_account', json: '…' };
    case 'oauth': {
      const { clientId, clientSecret, refreshToken, tokenUrl } = credential;
      return {
        type: 'oauth',
        client_id: clientId,
        ...(clientSecret === undefined ? {} : { client_secret: maskSecret(clientSecret.reveal()) }),
        refresh_token: maskSecret(refreshToken.reveal()),
        ...(tokenUrl === undefined ? {} : { token_url: tokenUrl }),
      };
    }
    default:
      return credential satisfies never;
  }
}

function readApiKey(value: Json | undefined, kept: Credential | undefined): Secret {
  const field = 'credential.api_key';
  if (value === undefined || value === null || value === '') throw missingField(field);
  // Copied keys often come with a line break, which no header could carry.
  const text = typeof value === 'string' ? value.trim() : '';
  if (looksMasked(text)) {
    if (kept?.type === 'api_key' && maskSecret(kept.apiKey.reveal()) === text) return kept.apiKey;
    throw wrongField(field, 'the whole key; this is a masked one');
  }
  if (!/^[\x21-\x7e]{1,4096}$/.test(text)) {
    throw wrongField(field, 'a key of printable ASCII characters without spaces');
  }
  return new Secret(text);
}
