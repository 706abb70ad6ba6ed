import { sign } from 'node:crypto';
import { GatewayError } from '../base/gateway-error.ts';
import type { ServiceAccount } from '../base/service-account.ts';

const LIFE_S = 3600;

/** Signs what a service account shows in place of a password. Throws `credential-rejected` for a key that cannot sign. */
export function signAssertion(
  { clientEmail, privateKey, privateKeyId }: ServiceAccount,
  claims: { readonly scopes: readonly string[]; readonly audience: string; readonly now: number },
): string {
  const issuedAt = Math.floor(claims.now / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(privateKeyId === undefined ? {} : { kid: privateKeyId }) };
  const payload = {
    iss: clientEmail,
    scope: claims.scopes.join(' '),
    aud: claims.audience,
    iat: issuedAt,
    exp: issuedAt + LIFE_S,
  };
  const text = `${encode(header)}.${encode(payload)}`;
  try {
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
  } catch {
    throw new GatewayError('credential-rejected', 'The private key of the service account cannot be read.');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
