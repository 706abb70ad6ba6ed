import { describe, expect, test } from 'bun:test';
import { createSignIns } from '../../../src/admin/sign-ins.ts';
import { GOOGLE_SCOPES, serverOf } from '../../../src/upstream/google-oauth.ts';
import { exchangeCode } from '../../../src/upstream/oauth.ts';
import { fakeAuthorization, OWN_CLIENT, refreshName } from '../../support/fake-authorization.ts';

const BODY = {
  name: 'mine',
  provider: 'gemini',
  credential: { type: 'oauth', client_id: OWN_CLIENT.clientId, client_secret: OWN_CLIENT.clientSecret },
};

function open() {
  const google = fakeAuthorization();
  const added: object[] = [];
  let now = 1_700_000_000_000;
  const signIns = createSignIns({
    now: () => now,
    address: () => 'http://127.0.0.1:8045',
    serverOf,
    scopes: GOOGLE_SCOPES,
    exchange: (grant) => exchangeCode({ send: google.send, now: () => now }, grant, new AbortController().signal),
    addAccount: async (body) => {
      added.push(body);
      return { id: 'acc_1', name: body.name };
    },
  });
  return { google, added, signIns, pass: (ms: number) => (now += ms) };
}

const codeOf = (promise: Promise<unknown>) => promise.catch((error) => error.code);

describe('a sign-in', () => {
  test('leads to an account with the refresh token', async () => {
    const { google, added, signIns } = open();
    const begun = signIns.begin(BODY);
    const { searchParams: query, origin } = new URL(begun.url);
    expect(origin).toBe('https://accounts.google.com');
    expect(Object.fromEntries(query)).toMatchObject({
      client_id: OWN_CLIENT.clientId,
      redirect_uri: 'http://127.0.0.1:8045/oauth/callback',
      response_type: 'code',
      code_challenge_method: 'S256',
      access_type: 'offline',
    });
    expect(begun.url).not.toContain(OWN_CLIENT.clientSecret);
    const done = await signIns.finish(` ${google.signIn(begun.url)}\n`);
    expect(done).toMatchObject({ id: begun.id, state: 'done', account: { name: 'mine' } });
    expect(signIns.get(begun.id)).toBe(done);
    expect(added).toEqual([{ ...BODY, credential: { ...BODY.credential, refresh_token: refreshName(1) } }]);
  });

  test('is used up by its callback', async () => {
    const { google, signIns, added } = open();
    const callback = google.signIn(signIns.begin(BODY).url);
    await signIns.finish(callback);
    expect(await codeOf(signIns.finish(callback))).toBe('unknown_sign_in');
    expect(added).toHaveLength(1);
  });

  test('with a foreign state, without one, or after ten minutes is none', async () => {
    const { google, signIns, pass } = open();
    const callback = google.signIn(signIns.begin(BODY).url);
    for (const url of [callback.replace(/state=[^&]+/, 'state=guessed'), 'http://127.0.0.1/?code=1', 'nonsense', '']) {
      expect(await codeOf(signIns.finish(url))).toBe('unknown_sign_in');
    }
    pass(11 * 60_000);
    expect(await codeOf(signIns.finish(callback))).toBe('unknown_sign_in');
    expect(google.asked).toEqual([]);
  });

  test('that its user refuses says so', async () => {
    const { signIns } = open();
    const begun = signIns.begin(BODY);
    const state = new URL(begun.url).searchParams.get('state');
    const failed = await signIns.finish(`${begun.redirect_uri}?error=access_denied&state=${state}`);
    expect(failed).toMatchObject({ state: 'failed' });
    expect(failed.error).toContain('access_denied');
  });

  test.each([
    [{ ...BODY, credential: { type: 'api_key' } }, 'credential.type'],
    [{ ...BODY, credential: { type: 'oauth' } }, 'credential.client_id'],
    [{ ...BODY, name: undefined }, 'name'],
  ])('cannot begin with %j', (body, field) => {
    const { signIns } = open();
    let thrown: { readonly field?: string } = {};
    try {
      signIns.begin(body);
    } catch (error) {
      thrown = error as typeof thrown;
    }
    expect(thrown.field).toBe(field);
  });
});
