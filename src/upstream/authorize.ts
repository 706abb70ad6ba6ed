import type { Account } from '../base/account.ts';

/** Headers that authorize a request. */
export type AuthHeaders = { readonly [name: string]: string };

/** What an account proves itself by: its API key or its access token; nothing for accounts that need no credential. */
function credentialText(account: Account): string | undefined {
  const { credential } = account;
  switch (credential.type) {
    case 'api_key':
      return credential.apiKey.reveal();
    case 'oauth':
    case 'service_account':
      return credential.accessToken?.reveal();
    case 'none':
      return undefined;
    default:
      return credential satisfies never;
  }
}

/** The credential as a bearer token. */
export function bearer(account: Account): AuthHeaders {
  const text = credentialText(account);
  return text === undefined ? {} : { authorization: `Bearer ${text}` };
}

/** An API key in a header of its own; a token goes as a bearer token. */
export function keyHeader(account: Account, name: string): AuthHeaders {
  const text = credentialText(account);
  if (text === undefined || account.credential.type !== 'api_key') return bearer(account);
  return { [name]: text };
}
