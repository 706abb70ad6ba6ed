import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { Secret } from '../../../src/base/secret.ts';
import { GOOGLE } from '../../../src/upstream/google-oauth.ts';
import { exchangeCode, grantServiceAccount, refreshTokens } from '../../../src/upstream/oauth.ts';
import { fakeAuthorization, keyFile, OWN_CLIENT, refreshName } from '../../support/fake-authorization.ts';

const NOW = 1_700_000_000_000;
const signal = new AbortController().signal;
const client = { clientId: OWN_CLIENT.clientId, clientSecret: new Secret(OWN_CLIENT.clientSecret) };

function open(options: Parameters<typeof fakeAuthorization>[0] = {}) {
  const server = fakeAuthorization(options);
  return { server, ports: { send: server.send, now: () => NOW } };
}

async function errorOf(promise: Promise<unknown>): Promise<GatewayError> {
  const thrown = await promise.then(
    () => undefined,
    (error) => error,
  );
  expect(thrown).toBeInstanceOf(GatewayError);
  return thrown;
}

describe('refreshTokens', () => {
  test('makes an access token, and tells when it runs out', async () => {
    const { ports, server } = open();
    const grant = { client, refreshToken: new Secret(refreshName(1)) };
    expect(await refreshTokens(ports, grant, signal)).toEqual({ accessToken: 'access-1', expiresAt: NOW + 3_600_000 });
    expect(server.asked).toEqual([
      {
        grant_type: 'refresh_token',
        refresh_token: refreshName(1),
        client_id: OWN_CLIENT.clientId,
        client_secret: OWN_CLIENT.clientSecret,
      },
    ]);
  });

  test('keeps a rotated refresh token', async () => {
    const { ports } = open({ rotates: true });
    const grant = { client, refreshToken: new Secret(refreshName(1)) };
    expect(await refreshTokens(ports, grant, signal)).toMatchObject({ refreshToken: refreshName(2) });
  });

  test.each([
    [
      'a refused token',
      { refreshToken: new Secret('refresh-secret-0123456789') },
      'credential-rejected',
      'Sign in again',
    ],
    ['a wrong client', { client: { clientId: 'x' } }, 'credential-rejected', 'client secret is wrong'],
  ])('says of %s what to do, without the secret', async (_what, change, kind, words) => {
    const { ports } = open();
    const grant = { client, refreshToken: new Secret(refreshName(1)), ...change };
    const error = await errorOf(refreshTokens(ports, grant, signal));
    expect(error.kind as string).toBe(kind);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('refresh-secret');
  });

  test.each([
    [503, 'upstream-failed'],
    [429, 'rate-limited'],
  ])('a server that answers %d has refused nothing', async (status, kind) => {
    const { ports } = open({ refuse: () => new Response('<html>busy</html>', { status }) });
    const error = await errorOf(refreshTokens(ports, { client, refreshToken: new Secret('r') }, signal));
    expect(error.kind as string).toBe(kind);
  });

  test('an answer that is no token is told without its content', async () => {
    const { ports } = open({ refuse: () => Response.json({ acces_token: 'SECRETTOKEN' }) });
    const error = await errorOf(refreshTokens(ports, { client, refreshToken: new Secret('r') }, signal));
    expect(error.kind).toBe('upstream-malformed');
    expect(`${error.message}${JSON.stringify(error.detail)}`).not.toContain('SECRETTOKEN');
  });
});

describe('exchangeCode', () => {
  const redirectUri = 'http://127.0.0.1:8045/oauth/callback';
  const verifier = 'v'.repeat(43);
  const grantOf = (callbackUrl: string) => ({
    server: GOOGLE,
    client,
    redirectUri,
    verifier,
    state: 's1',
    callbackUrl,
  });

  test('refuses a callback with another state', async () => {
    const { ports, server } = open();
    const error = await errorOf(exchangeCode(ports, grantOf(`${redirectUri}?code=c&state=other`), signal));
    expect(error.kind).toBe('invalid-request');
    expect(server.asked).toEqual([]);
  });

  test('a user who refuses is told so', async () => {
    const { ports } = open();
    const error = await errorOf(exchangeCode(ports, grantOf(`${redirectUri}?error=access_denied&state=s1`), signal));
    expect(error).toMatchObject({ kind: 'invalid-request' });
    expect(error.message).toContain('access_denied');
  });
});

describe('grantServiceAccount', () => {
  test('signs who asks, for what and where', async () => {
    const { ports, server } = open();
    const tokens = await grantServiceAccount(ports, new Secret(keyFile()), signal);
    expect(tokens).toEqual({ accessToken: 'access-1', expiresAt: NOW + 3_600_000 });
    const [header, claims] = server.asked[0]!.assertion!.split('.').map((part) =>
      Buffer.from(part, 'base64url').toString(),
    );
    expect(JSON.parse(header!)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(JSON.parse(claims!)).toEqual({
      iss: 'robot@own-project.iam.gserviceaccount.com',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: 'https://oauth2.googleapis.com/token',
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
    });
    expect(Object.keys(server.asked[0]!).sort()).toEqual(['assertion', 'grant_type']);
  });
});
