import { asString, isObject, tryParseJson } from './json.ts';

/** A service account's key file, as far as it is used. https://developers.google.com/identity/protocols/oauth2/service-account */
export interface ServiceAccount {
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: string;
  readonly privateKeyId?: string;
  readonly projectId?: string;
  /** Absent: Google's own. */
  readonly tokenUrl?: string;
}

/** Reads a key file; `undefined` for text that is none. */
export function readServiceAccount(text: string): ServiceAccount | undefined {
  const file = tryParseJson(text);
  if (!isObject(file)) return undefined;
  const clientEmail = asString(file.client_email);
  const privateKey = asString(file.private_key);
  if (clientEmail === undefined || privateKey === undefined) return undefined;
  const privateKeyId = asString(file.private_key_id);
  const projectId = asString(file.project_id);
  const tokenUrl = asString(file.token_uri);
  return {
    clientEmail,
    privateKey,
    ...(privateKeyId === undefined ? {} : { privateKeyId }),
    ...(projectId === undefined ? {} : { projectId }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
  };
}
