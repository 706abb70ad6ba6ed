import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  type AuthorizationServer as LibraryServer,
  None,
  processGenericTokenEndpointResponse,
  refreshTokenGrantRequest,
  type TokenEndpointRequestOptions,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import { GatewayError } from '../base/gateway-error.ts';
import type { Secret } from '../base/secret.ts';
import { readServiceAccount } from '../base/service-account.ts';
import { type AuthorizationServer, SERVICE_ACCOUNT_SCOPES, serverOf } from './google-oauth.ts';
import { explainOauthFailure } from './oauth-failure.ts';
import type { Send } from './provider.ts';
import { signAssertion } from './sign-assertion.ts';

/** How the server that gives out tokens is reached. */
export interface OauthPorts {
  readonly send: Send;
  readonly now: () => number;
  readonly proxyUrl?: string;
}

/** The client that a user has registered. */
export interface OauthClient {
  readonly clientId: string;
  readonly clientSecret?: Secret;
}

/** What a server gave out. */
export interface Tokens {
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
  /** A new one, where the server rotates them. */
  readonly refreshToken?: string;
}

/** A sign-in whose user has come back. */
export interface CodeGrant {
  readonly server: AuthorizationServer;
  readonly client: OauthClient;
  /** The address that the browser was sent to, with its query. */
  readonly callbackUrl: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly verifier: string;
}

/**
 * Makes an access token from a refresh token. Throws `credential-rejected` when the server refuses it, and other kinds when the
 * server could not be asked. https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
export function refreshTokens(
  ports: OauthPorts,
  grant: { readonly client: OauthClient; readonly refreshToken: Secret; readonly tokenUrl?: string },
  signal: AbortSignal,
): Promise<Tokens> {
  const server = serverOf(grant.tokenUrl);
  const { client } = grant;
  return ask(ports, server, client, (as, who) =>
    refreshTokenGrantRequest(as, who, authOf(client), grant.refreshToken.reveal(), optionsOf(ports, server, signal)),
  );
}

/**
 * Makes tokens from the code of a callback. Throws `invalid-request` for a callback that is not this sign-in's or says that the
 * user refused. https://www.rfc-editor.org/rfc/rfc7636
 */
export async function exchangeCode(ports: OauthPorts, grant: CodeGrant, signal: AbortSignal): Promise<Tokens> {
  const { server, client } = grant;
  return ask(ports, server, client, (as, who) => {
    const parameters = validateAuthResponse(as, who, new URL(grant.callbackUrl), grant.state);
    const options = optionsOf(ports, server, signal);
    return authorizationCodeGrantRequest(
      as,
      who,
      authOf(client),
      parameters,
      grant.redirectUri,
      grant.verifier,
      options,
    );
  });
}

/**
 * Makes an access token from a service account's key file.
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
export function grantServiceAccount(ports: OauthPorts, json: Secret, signal: AbortSignal): Promise<Tokens> {
  const key = readServiceAccount(json.reveal());
  if (key === undefined)
    throw new GatewayError('credential-rejected', 'The key file of the service account is damaged.');
  const server = serverOf(key.tokenUrl);
  const claims = { scopes: SERVICE_ACCOUNT_SCOPES, audience: server.tokenUrl, now: ports.now() };
  const assertion = signAssertion(key, claims);
  return ask(ports, server, { clientId: key.clientEmail }, (as, who) =>
    genericTokenEndpointRequest(
      as,
      who,
      provenByAssertion,
      JWT_BEARER,
      { assertion },
      optionsOf(ports, server, signal),
    ),
  );
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The assertion says who asks. */
const provenByAssertion: ClientAuth = () => {};

async function ask(
  ports: OauthPorts,
  server: AuthorizationServer,
  client: OauthClient,
  request: (as: LibraryServer, client: Client) => Promise<Response>,
): Promise<Tokens> {
  const as = { issuer: server.issuer, token_endpoint: server.tokenUrl };
  const who = { client_id: client.clientId };
  try {
    return readTokens(await processGenericTokenEndpointResponse(as, who, await request(as, who)), ports.now());
  } catch (thrown) {
    throw await explainOauthFailure(thrown, server);
  }
}

function readTokens(answer: TokenEndpointResponse, now: number): Tokens {
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = answer;
  return {
    accessToken,
    ...(seconds === undefined ? {} : { expiresAt: now + seconds * 1000 }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

function authOf({ clientSecret }: OauthClient): ClientAuth {
  return clientSecret === undefined ? None() : ClientSecretPost(clientSecret.reveal());
}

function optionsOf(ports: OauthPorts, server: AuthorizationServer, signal: AbortSignal): TokenEndpointRequestOptions {
  const proxy = ports.proxyUrl === undefined ? {} : { proxyUrl: ports.proxyUrl };
  return {
    signal,
    // only an owner can name an address without TLS, and only on this machine
    [allowInsecureRequests]: server.tokenUrl.startsWith('http:'),
    [customFetch]: (url, { headers, body }) =>
      ports.send({ method: 'POST', url, headers, body: String(body), ...proxy }, signal),
  };
}
