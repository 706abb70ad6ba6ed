import { describe, expect, test } from 'bun:test';
import { type ClientKey, hashKey } from '../../../src/base/client-key.ts';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { createKeyHolders } from '../../../src/routes/key-holders.ts';

const NOON = Date.UTC(2026, 0, 31, 12);
const HOUR = 3_600_000;
const SECRET = 'sk-secret';
const KEY: ClientKey = {
  id: 'key_1',
  name: 'ci',
  hash: hashKey(SECRET),
  hint: 'sk-…',
  models: [],
  enabled: true,
  createdAt: 0,
};

function hold(
  change: Partial<ClientKey>,
  before: { requests: number; tokens: number; cost: number } | undefined = undefined,
) {
  const clock = { now: NOON };
  const asked: number[] = [];
  const holders = createKeyHolders({
    now: () => clock.now,
    spentSince: (from) => {
      asked.push(from);
      return new Map(before === undefined ? [] : [[KEY.id, before]]);
    },
  });
  holders.setKeys([{ ...KEY, ...change }]);
  return { clock, holders, asked, holder: holders.find(SECRET)! };
}

/** What is thrown; undefined when nothing is. */
function refusal(act: () => void): { kind: string; message: string; retryAfterMs: number | undefined } | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(GatewayError);
    const { kind, message, detail } = thrown as GatewayError;
    return { kind, message, retryAfterMs: detail.retryAfterMs };
  }
}

describe('the holder of a client key', () => {
  test('is found by the whole key alone', () => {
    const { holders } = hold({});
    expect(holders.find(SECRET)?.id).toBe('key_1');
    for (const wrong of ['', 'sk-', `${SECRET}x`, KEY.hash, KEY.id]) expect(holders.find(wrong)).toBeUndefined();
  });

  test('enters while the key is switched on and has not expired', () => {
    const { clock, holder } = hold({ expiresAt: NOON + HOUR });
    expect(refusal(holder.enter)).toBeUndefined();
    clock.now += HOUR;
    expect(refusal(holder.enter)).toMatchObject({ kind: 'client-unauthenticated' });
    expect(refusal(hold({ enabled: false }).holder.enter)?.message).toContain('switched off');
  });

  test('asks for the models of the key and no others', () => {
    const { holder } = hold({ models: ['gpt-*', 'claude-haiku-4-5'] });
    expect(['gpt-5', 'claude-haiku-4-5', 'claude-opus', 'x/gpt-5'].map(holder.allows)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(refusal(() => holder.admit('gpt-5'))).toBeUndefined();
    expect(refusal(() => holder.admit('claude-opus'))).toMatchObject({ kind: 'client-forbidden' });
  });

  test('makes so many requests a minute, and hears when the next may come', () => {
    const { clock, holder } = hold({ requestsPerMinute: 2 });
    const ask = () => refusal(() => holder.admit('m'));
    expect([ask(), ask()]).toEqual([undefined, undefined]);
    expect(ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: 30_000 });
    clock.now += 30_000;
    expect(ask()).toBeUndefined();
    expect(ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: 30_000 });
  });

  test('uses so many tokens a minute; what is over is paid back by waiting', () => {
    const { clock, holder, holders } = hold({ tokensPerMinute: 600 });
    const ask = () => refusal(() => holder.admit('m'));
    expect(ask()).toBeUndefined();
    holders.count({ clientKey: KEY.id, usage: { input: 1000, output: 199 } });
    expect(ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: 60_000 });
    clock.now += 60_000;
    expect(ask()).toBeUndefined();
  });

  test.each([
    [{ requestsPerDay: 1 }, 12 * HOUR],
    [{ tokensPerMonth: 100 }, 12 * HOUR],
    [{ costPerDay: 50 }, 12 * HOUR],
  ])('stops at the end of the budget %j until it begins anew', (budget, retryAfterMs) => {
    const { clock, holder, holders } = hold({ budget });
    expect(refusal(() => holder.admit('m'))).toBeUndefined();
    holders.count({ clientKey: KEY.id, usage: { input: 60, output: 40 }, cost: 50 });
    expect(refusal(() => holder.admit('m'))).toMatchObject({ kind: 'quota-exhausted', retryAfterMs });
    clock.now += retryAfterMs;
    expect(refusal(() => holder.admit('m'))).toBeUndefined();
  });

  test('has used what was used before the process began', () => {
    const { holder, asked } = hold({ budget: { tokensPerMonth: 500 } }, { requests: 3, tokens: 500, cost: 0 });
    expect(asked).toEqual([Date.UTC(2026, 0, 31), Date.UTC(2026, 0, 1)]);
    expect(refusal(() => holder.admit('m'))).toMatchObject({ kind: 'quota-exhausted' });
  });

  test('a refused request takes nothing', () => {
    const { holder } = hold({ requestsPerMinute: 1, budget: { requestsPerDay: 2 }, models: ['m'] });
    expect(refusal(() => holder.admit('m'))).toBeUndefined();
    for (let n = 0; n < 5; n++) expect(refusal(() => holder.admit('other'))?.kind).toBe('client-forbidden');
    for (let n = 0; n < 5; n++) expect(refusal(() => holder.admit('m'))?.kind).toBe('rate-limited');
  });

  test('a changed key keeps what it has used, a removed one is gone', () => {
    const { holders } = hold({ requestsPerMinute: 1 });
    holders.find(SECRET)!.admit('m');
    holders.setKeys([{ ...KEY, name: 'renamed', requestsPerMinute: 1 }]);
    expect(refusal(() => holders.find(SECRET)!.admit('m'))?.message).toContain('renamed');
    holders.setKeys([]);
    expect(holders.find(SECRET)).toBeUndefined();
    holders.count({ clientKey: KEY.id, usage: {} });
  });
});
