import { createHash, randomBytes } from 'node:crypto';
import { toGatewayError } from '../base/gateway-error.ts';
import { newShortId } from '../base/id.ts';
import { asObject, asString, type JsonObject } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import type { CodeGrant, Tokens } from '../upstream/oauth.ts';
import { AdminError, missingField, notFound, wrongField } from './admin-error.ts';
import { isoTime, readBody, readLine } from './read-fields.ts';
import { readTokenUrl } from './renewable-credential.ts';

/** A sign-in as the admin API shows it. */
export interface SignInItem {
  readonly id: string;
  readonly state: 'waiting' | 'done' | 'failed';
  /** What a browser is to open; on another machine too, when the callback's address is pasted afterwards. */
  readonly url: string;
  readonly redirect_uri: string;
  readonly expires_at: string;
  /** What was added: the same as `POST /api/accounts` answers. */
  readonly account?: unknown;
  readonly error?: string;
}

/** Adds Google accounts by letting their owner sign in with a browser. */
export interface SignIns {
  /** Begins one; the body is that of `POST /api/accounts`, without a refresh token. */
  begin(body: unknown): SignInItem;
  get(id: string): SignInItem;
  /** Takes the address that the browser was sent back to. Throws `AdminError` for one that no sign-in here has led to. */
  finish(callbackUrl: string): Promise<SignInItem>;
}

/** What sign-ins work with. */
export interface SignInParts {
  readonly now: () => number;
  /** Where this gateway can be reached by a browser on this machine. */
  readonly address: () => string;
  readonly serverOf: (tokenUrl: string | undefined) => CodeGrant['server'];
  readonly scopes: readonly string[];
  readonly exchange: (grant: CodeGrant) => Promise<Tokens>;
  readonly addAccount: (body: JsonObject) => Promise<unknown>;
}

const LIFE_MS = 10 * 60_000;
const MOST_KEPT = 50;

interface Waiting {
  readonly id: string;
  readonly account: JsonObject;
  readonly credential: JsonObject;
  readonly grant: Omit<CodeGrant, 'callbackUrl'>;
  readonly expiresAt: number;
}

/** Makes the sign-ins; they end with the process. */
export function createSignIns(parts: SignInParts): SignIns {
  const waiting = new Map<string, Waiting>();
  const items = new Map<string, SignInItem>();
  const keep = (item: SignInItem): SignInItem => {
    if (items.size >= MOST_KEPT && !items.has(item.id)) items.delete(items.keys().next().value!);
    items.set(item.id, item);
    return item;
  };
  return {
    begin: (body) => {
      const begun = readSignIn(parts, readBody(body));
      if (waiting.size >= MOST_KEPT) waiting.delete(waiting.keys().next().value!);
      waiting.set(begun.grant.state, begun);
      const { id, grant, expiresAt } = begun;
      const url = authorizationUrl(grant, parts.scopes);
      return keep({ id, state: 'waiting', url, redirect_uri: grant.redirectUri, expires_at: isoTime(expiresAt) });
    },
    get: (id) => {
      const item = items.get(id);
      if (item === undefined) throw notFound(`sign-in ${id}`);
      return item;
    },
    finish: async (callbackUrl) => {
      const state = URL.parse(callbackUrl.trim())?.searchParams.get('state') ?? '';
      const begun = waiting.get(state);
      // whatever comes of it, it is used up: nobody may try codes against it
      waiting.delete(state);
      if (begun === undefined || begun.expiresAt <= parts.now()) {
        const words = 'This address belongs to no sign-in that was begun here in the last ten minutes; begin anew.';
        throw new AdminError('unknown_sign_in', words, { field: 'url', status: 400 });
      }
      const item = items.get(begun.id)!;
      return keep(
        await complete(parts, begun, callbackUrl.trim()).then(
          (account): SignInItem => ({ ...item, state: 'done', account }),
          (thrown): SignInItem => ({ ...item, state: 'failed', error: wordsOf(thrown) }),
        ),
      );
    },
  };
}

async function complete(parts: SignInParts, begun: Waiting, callbackUrl: string): Promise<unknown> {
  const { refreshToken } = await parts.exchange({ ...begun.grant, callbackUrl });
  if (refreshToken === undefined) {
    const words =
      'The sign-in gave no refresh token. Take the access away in the account settings of Google, and sign in again.';
    throw new AdminError('no_refresh_token', words, { status: 502 });
  }
  return parts.addAccount({ ...begun.account, credential: { ...begun.credential, refresh_token: refreshToken } });
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof AdminError ? thrown.message : toGatewayError(thrown).message;
}

function readSignIn({ now, address, serverOf }: SignInParts, body: JsonObject): Waiting {
  const credential = asObject(body.credential);
  if (credential === undefined) throw missingField('credential');
  if (credential.type !== 'oauth') throw wrongField('credential.type', 'oauth');
  if (credential.client_id === undefined) throw missingField('credential.client_id');
  const clientId = readLine(credential.client_id, 'credential.client_id', 500);
  const clientSecret = asString(credential.client_secret);
  const tokenUrl = credential.token_url;
  const server = serverOf(tokenUrl === undefined ? undefined : readTokenUrl(tokenUrl, 'credential.token_url'));
  readLine(body.name, 'name', 100);
  return {
    id: newShortId('sign'),
    account: body,
    credential,
    expiresAt: now() + LIFE_MS,
    grant: {
      server,
      client: { clientId, ...(clientSecret === undefined ? {} : { clientSecret: new Secret(clientSecret) }) },
      redirectUri: `${address()}/oauth/callback`,
      state: randomBytes(32).toString('base64url'),
      verifier: randomBytes(32).toString('base64url'),
    },
  };
}

/** https://developers.google.com/identity/protocols/oauth2/native-app */
function authorizationUrl(grant: Waiting['grant'], scopes: readonly string[]): string {
  const url = new URL(grant.server.authorizationUrl);
  const query = {
    client_id: grant.client.clientId,
    redirect_uri: grant.redirectUri,
    response_type: 'code',
    scope: scopes.join(' '),
    state: grant.state,
    code_challenge: createHash('sha256').update(grant.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    access_type: 'offline',
    // without it Google gives a refresh token only at the first time
    prompt: 'consent',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
