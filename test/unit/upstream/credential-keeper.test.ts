import { describe, expect, test } from 'bun:test';
import type { Credential } from '../../../src/base/account.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Secret } from '../../../src/base/secret.ts';
import { createCredentialKeeper } from '../../../src/upstream/credential-keeper.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { makeAccount } from '../../support/fake-upstream/account.ts';

const NOW = 1_000_000;
const clock = { ...systemClock, now: () => NOW };

const token = (text: string, expiresAt = NOW + 3_600_000): Credential => ({
  type: 'oauth',
  clientId: 'c',
  refreshToken: new Secret('refresh'),
  accessToken: new Secret(text),
  expiresAt,
});
const account = (credential: Credential) => makeAccount({ provider: 'gemini', credential });
const textOf = (credential: Credential | undefined) =>
  credential?.type === 'oauth' ? credential.accessToken?.reveal() : undefined;

describe('createCredentialKeeper', () => {
  test('an API key lasts: it is never renewed', async () => {
    const keeper = createCredentialKeeper({ clock });
    const own = makeAccount({ provider: 'openai' });
    expect(await keeper.fresh(own)).toBe(own);
    expect(await keeper.renewed(own)).toBeUndefined();
  });

  test('a token that runs out soon is renewed first, and remembered', async () => {
    let renewals = 0;
    const renew = async () => token(`new${++renewals}`);
    const keeper = createCredentialKeeper({ clock, renew });
    const old = account(token('old', NOW + 30_000));
    expect(textOf((await keeper.fresh(old)).credential)).toBe('new1');
    expect(textOf((await keeper.fresh(old)).credential)).toBe('new1');
    expect(renewals).toBe(1);
  });

  test('all who wait share one renewal', async () => {
    const answer = Promise.withResolvers<Credential>();
    let renewals = 0;
    const renew = () => {
      renewals++;
      return answer.promise;
    };
    const keeper = createCredentialKeeper({ clock, renew });
    const old = account(token('old', NOW));
    const all = Promise.all([keeper.fresh(old), keeper.fresh(old), keeper.renewed(old)]);
    answer.resolve(token('new'));
    expect((await all).map((one) => textOf(one?.credential))).toEqual(['new', 'new', 'new']);
    expect(renewals).toBe(1);
  });

  test('a new token is written down before it is used', async () => {
    const order: string[] = [];
    const keeper = createCredentialKeeper({
      clock,
      renew: async () => {
        order.push('renewed');
        return token('new');
      },
      save: async (id, credential) => {
        order.push(`saved ${id} ${textOf(credential)}`);
      },
    });
    await keeper.fresh(account(token('old', NOW))).then(() => order.push('used'));
    expect(order).toEqual(['renewed', 'saved acc_0000000001 new', 'used']);
  });

  test('after a refusal, a token that another attempt has renewed meanwhile is taken', async () => {
    let renewals = 0;
    const keeper = createCredentialKeeper({ clock, renew: async () => token(`new${++renewals}`) });
    const old = account(token('old'));
    expect(textOf((await keeper.renewed(old))?.credential)).toBe('new1');
    expect(textOf((await keeper.renewed(old))?.credential)).toBe('new1');
    expect(renewals).toBe(1);
  });

  test('a failed renewal is told to all, and the next one tries again', async () => {
    let renewals = 0;
    const renew = async () => {
      if (++renewals === 1) throw new Error('refused');
      return token('new');
    };
    const keeper = createCredentialKeeper({ clock, renew });
    const old = account(token('old', NOW));
    await expect(keeper.fresh(old)).rejects.toThrow('refused');
    expect(textOf((await keeper.fresh(old)).credential)).toBe('new');
  });

  test('what its owner changed is not overruled by what was renewed before', async () => {
    const keeper = createCredentialKeeper({ clock, renew: async () => token('new') });
    await keeper.fresh(account(token('old', NOW)));
    keeper.forget('acc_0000000001');
    expect(textOf((await keeper.fresh(account(token('own')))).credential)).toBe('own');
  });

  test('a token that is stored newer than the one known is taken without asking', async () => {
    let renewals = 0;
    const renew = async () => token(`new${++renewals}`);
    const keeper = createCredentialKeeper({ clock, renew, load: () => token('stored') });
    expect(textOf((await keeper.fresh(account(token('old', NOW)))).credential)).toBe('stored');
    expect(renewals).toBe(0);
  });

  test('when renewing fails, a token that was stored meanwhile is taken', async () => {
    let stored = token('old', NOW);
    const renew = async () => {
      stored = token('elsewhere');
      throw new Error('invalid_grant');
    };
    const keeper = createCredentialKeeper({ clock, renew, load: () => stored });
    expect(textOf((await keeper.fresh(account(token('old', NOW)))).credential)).toBe('elsewhere');
  });

  test('a renewal that takes too long ends', async () => {
    const late = createFakeClock(NOW);
    let aborted = false;
    const renew = (_: unknown, signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise<Credential>(() => {});
    };
    const keeper = createCredentialKeeper({ clock: late, renew });
    const waiting = keeper.fresh(account(token('old', NOW))).catch((thrown) => thrown.kind);
    await late.advance(20_000);
    expect(await waiting).toBe('upstream-timeout');
    expect(aborted).toBe(true);
  });

  test('a token near its end is renewed while it still serves', async () => {
    let renewals = 0;
    const keeper = createCredentialKeeper({ clock, renew: async () => token(`new${++renewals}`) });
    const old = account(token('old', NOW + 120_000));
    expect(textOf((await keeper.fresh(old)).credential)).toBe('old');
    await Promise.resolve();
    expect(textOf((await keeper.renewed(old))?.credential)).toBe('new1');
    expect(textOf((await keeper.fresh(old)).credential)).toBe('new1');
    expect(renewals).toBe(1);
  });

  test('the same account stands for the same token, so that what is known of it is kept', async () => {
    const keeper = createCredentialKeeper({ clock, renew: async () => token('new') });
    const old = account(token('old', NOW));
    const first = await keeper.fresh(old);
    expect(await keeper.fresh(old)).toBe(first);
    // the pool took the accounts up anew
    const again = { ...old };
    expect(textOf((await keeper.fresh(again)).credential)).toBe('new');
    expect(await keeper.fresh(again)).toBe(await keeper.fresh(again));
  });
});
