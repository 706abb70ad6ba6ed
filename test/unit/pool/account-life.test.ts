import { describe, expect, test } from 'bun:test';
import type { Account, Credential } from '../../../src/base/account.ts';
import { Secret } from '../../../src/base/secret.ts';
import { freshState, mergeAccount, restoreState } from '../../../src/pool/account-life.ts';
import type { AccountState } from '../../../src/pool/account-state.ts';
import { anAccount, aState, T0 } from '../../support/pool-builders.ts';

const hurt: Partial<AccountState> = {
  inFlight: 2,
  turns: 7,
  strikes: 3,
  modelStrikes: { 'gpt-5': 2 },
  trouble: { state: 'invalid', since: T0, reason: 'no' },
  cooldowns: [{ since: T0, until: T0 + 9, kind: 'rate-limited', reason: 'x' }],
};
const KEY = new Secret('sk-a-0123456789');
const oauth = (refresh: string, access?: string): Credential => ({
  type: 'oauth',
  clientId: 'c',
  refreshToken: new Secret(refresh),
  ...(access === undefined ? {} : { accessToken: new Secret(access) }),
});

function merge(before: Partial<Account>, after: Partial<Account>): AccountState {
  return mergeAccount(aState('a', hurt, before), anAccount('a', after));
}

describe('a change by the owner', () => {
  const login = oauth('refresh-0123456789', 'access-0123456789');

  test.each<[string, Partial<Account>, Partial<Account>]>([
    ['another key', {}, { credential: { type: 'api_key', apiKey: new Secret('sk-other-0123456789') } }],
    ['another kind of credential', {}, { credential: { type: 'none' } }],
    ['another client', { credential: login }, { credential: { ...login, clientId: 'other' } as Credential }],
    [
      'another service account',
      { credential: { type: 'service_account', json: KEY } },
      { credential: { type: 'service_account', json: new Secret('{}') } },
    ],
    ['another address', {}, { baseUrl: 'http://127.0.0.1:9000' }],
    ['another proxy', {}, { proxyUrl: 'http://127.0.0.1:3128' }],
    ['switched on', { enabled: false }, {}],
  ])('%s: begins anew', (_, before, after) => {
    const merged = merge(before, after);
    expect(merged).toMatchObject({ strikes: 0, modelStrikes: {}, cooldowns: [], inFlight: 2, turns: 7 });
    expect(merged).not.toHaveProperty('trouble');
  });

  test.each<[string, Partial<Account>, Partial<Account>]>([
    ['nothing', {}, { credential: { type: 'api_key', apiKey: new Secret('sk-a-0123456789') } }],
    ['name, weight, priority and models', {}, { name: 'b', weight: 3, priority: 2, models: ['x'] }],
    ['switched off', {}, { enabled: false }],
    [
      'an access token, which the gateway refreshes',
      { credential: login },
      { credential: oauth('refresh-0123456789', 'new-0123456789') },
    ],
  ])('%s: goes on as before', (_, before, after) => {
    expect(merge(before, after)).toMatchObject(hurt as object);
  });

  test('a new refresh token ends the trouble, but not the limits', () => {
    const merged = merge({ credential: login }, { credential: oauth('rotated-0123456789') });
    expect(merged).not.toHaveProperty('trouble');
    expect(merged.cooldowns).toEqual(hurt.cooldowns!);
  });
});

test('P06: rests and strikes outlive a restart; what was under way does not', () => {
  const { inFlight: _, turns: __, ...rest } = hurt;
  const cooldowns = [{ ...hurt.cooldowns![0]!, probedAt: T0 }];
  const saved = { ...rest, account: 'a', cooldowns, quota: [{ name: 'requests', remaining: 3 }] } as Parameters<
    typeof restoreState
  >[1];
  expect(restoreState(anAccount('a'), saved)).toMatchObject({
    ...rest,
    account: { id: 'a' },
    inFlight: 0,
    turns: 0,
    quota: [{ name: 'requests', remaining: 3 }],
  });
  expect(restoreState(anAccount('a'), saved).cooldowns[0]).not.toHaveProperty('probedAt');
});

test('an unknown account begins well', () => {
  expect(restoreState(anAccount('a'))).toEqual({
    account: anAccount('a'),
    inFlight: 0,
    strikes: 0,
    modelStrikes: {},
    cooldowns: [],
    quota: [],
    turns: 0,
  });
});

test('freshState takes back all that keeps an account away', () => {
  expect(freshState(aState('a', hurt))).toEqual(aState('a', { inFlight: 2, turns: 7 }));
});
