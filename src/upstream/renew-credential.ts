import type { Account, RenewableCredential } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { Secret } from '../base/secret.ts';
import { grantServiceAccount, refreshTokens, type Tokens } from './oauth.ts';
import type { Send } from './provider.ts';

/** Makes a new access token for an account. Throws `credential-rejected` when its credential is refused, and what sending throws. */
export async function renewCredential(
  ports: { readonly send: Send; readonly now: () => number },
  account: Account,
  signal: AbortSignal,
): Promise<RenewableCredential> {
  const { credential, proxyUrl } = account;
  const reach = { ...ports, ...(proxyUrl === undefined ? {} : { proxyUrl }) };
  switch (credential.type) {
    case 'oauth': {
      const { clientId, clientSecret, refreshToken, tokenUrl } = credential;
      const client = { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
      const grant = { client, refreshToken, ...(tokenUrl === undefined ? {} : { tokenUrl }) };
      return withTokens(credential, await refreshTokens(reach, grant, signal));
    }
    case 'service_account':
      return withTokens(credential, await grantServiceAccount(reach, credential.json, signal));
    case 'api_key':
    case 'none':
      throw new GatewayError('internal', 'A lasting credential cannot be renewed.');
    default:
      return credential satisfies never;
  }
}

/** The credential with what was given out for it. */
export function withTokens<C extends RenewableCredential>(credential: C, tokens: Tokens): C {
  const { expiresAt: _, ...kept } = credential;
  return {
    ...kept,
    accessToken: new Secret(tokens.accessToken),
    ...(tokens.expiresAt === undefined ? {} : { expiresAt: tokens.expiresAt }),
    ...(tokens.refreshToken === undefined ? {} : { refreshToken: new Secret(tokens.refreshToken) }),
  } as C;
}
