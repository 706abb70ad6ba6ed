import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import type { Send } from '../../src/upstream/provider.ts';

/** An authorization server that plays Google's: refresh tokens that may rotate, codes with PKCE, assertions of service accounts. */
export interface FakeAuthorization {
  /** Every request for a token, as its form fields. */
  readonly asked: readonly { readonly [field: string]: string }[];
  /** The access tokens that it has given out and that were not revoked. */
  readonly valid: Set<string>;
  /** The only refresh token that it takes. */
  refreshToken(): string;
  /** Answers one request. */
  answer(request: Request): Promise<Response>;
  /** Signs a user in for an address that a browser would open; answers the callback's address. */
  signIn(authorizationUrl: string): string;
  readonly send: Send;
}

/** What is special about the server. */
export interface FakeAuthorizationOptions {
  readonly rotates?: boolean;
  readonly expiresIn?: number;
  /** Waited for before a token is given out. */
  readonly wait?: () => Promise<void>;
  /** Answered in place of a token. */
  readonly refuse?: () => Response | undefined;
}

/** The user's own client at the server. */
export const OWN_CLIENT = { clientId: '1234-own.apps.googleusercontent.com', clientSecret: 'GOCSPX-own-client-secret' };

/** Makes the server. Its tokens are `access-1`, `refreshName(1)` and so on. */
export function fakeAuthorization(options: FakeAuthorizationOptions = {}): FakeAuthorization {
  const asked: { readonly [field: string]: string }[] = [];
  const valid = new Set<string>();
  const codes = new Map<string, string>();
  let refresh = 1;
  let access = 0;
  const give = (more: object = {}) => {
    const token = `access-${++access}`;
    valid.add(token);
    return Response.json({ access_token: token, expires_in: options.expiresIn ?? 3600, token_type: 'Bearer', ...more });
  };
  const answer = async (request: Request): Promise<Response> => {
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    asked.push(form);
    await options.wait?.();
    const refused = options.refuse?.();
    if (refused !== undefined) return refused;
    if (form.grant_type === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      return isSigned(form.assertion ?? '') ? give() : refusal('invalid_grant', 'Invalid JWT Signature.');
    }
    if (form.client_id !== OWN_CLIENT.clientId || form.client_secret !== OWN_CLIENT.clientSecret) {
      return refusal('invalid_client', 'Unauthorized', 401);
    }
    if (form.grant_type === 'authorization_code') {
      const challenge = codes.get(form.code ?? '');
      codes.delete(form.code ?? '');
      const shown = createHash('sha256')
        .update(form.code_verifier ?? '')
        .digest('base64url');
      if (challenge !== shown) return refusal('invalid_grant', 'Malformed auth code.');
      return give({ refresh_token: refreshName(refresh) });
    }
    if (form.refresh_token !== refreshName(refresh))
      return refusal('invalid_grant', 'Token has been expired or revoked.');
    return options.rotates ? give({ refresh_token: refreshName(++refresh) }) : give();
  };
  return {
    asked,
    valid,
    answer,
    refreshToken: () => refreshName(refresh),
    signIn: (authorizationUrl) => {
      const { searchParams: query } = new URL(authorizationUrl);
      if (query.get('code_challenge_method') !== 'S256') throw new Error('the sign-in has no proof of its key');
      const code = `code-${codes.size + 1}`;
      codes.set(code, query.get('code_challenge')!);
      return `${query.get('redirect_uri')}?state=${query.get('state')}&code=${code}&scope=x`;
    },
    send: (request) =>
      answer(
        new Request(request.url, { method: request.method, headers: request.headers, body: request.body as BodyInit }),
      ),
  };
}

/** A refresh token as Google writes them. */
export function refreshName(number: number): string {
  return `1//0fake-refresh-token-${String(number).padStart(6, '0')}`;
}

function refusal(error: string, description: string, status = 400): Response {
  return Response.json({ error, error_description: description }, { status });
}

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key file of a service account of project `own-project`. */
export function keyFile(tokenUrl?: string): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'own-project',
    private_key_id: 'key-1',
    private_key: KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'robot@own-project.iam.gserviceaccount.com',
    ...(tokenUrl === undefined ? {} : { token_uri: tokenUrl }),
  });
}

function isSigned(assertion: string): boolean {
  const [header, claims, signature] = assertion.split('.');
  const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
  return verify.verify(KEYS.publicKey, Buffer.from(signature ?? '', 'base64url'));
}
