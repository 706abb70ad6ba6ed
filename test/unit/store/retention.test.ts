import { describe, expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import type { ExchangeRecord } from '../../../src/relay/exchange.ts';
import { createExchangeStore } from '../../../src/store/exchanges.ts';
import { createResponseStore } from '../../../src/store/responses.ts';
import { startRetention, sweep } from '../../../src/store/retention.ts';
import { createUsageStore, usageOf } from '../../../src/store/usage-hours.ts';
import { handClock, openInMemory } from '../../support/temporary-store.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 31);

function exchange(id: string, at: number, body = ''): ExchangeRecord {
  return {
    id,
    at,
    dialect: 'gemini',
    path: '/',
    client: 'c',
    modelAsked: 'm',
    status: 200,
    streamed: false,
    attempts: [],
    durationMs: 1,
    losses: [],
    requestBody: body,
  };
}

function open(limits = { days: 30, megabytes: 512 }) {
  const database = openInMemory();
  const clock = handClock(START);
  const usage = createUsageStore(database);
  const exchanges = createExchangeStore({ database, usage, clock, log: silentLog, costOf: () => undefined });
  let swept = 0;
  const seals = { removeExpired: () => void swept++ };
  const ties = { removeExpired: () => undefined };
  const responses = createResponseStore({ database, clock, log: silentLog });
  const parts = { database, clock, usage, exchanges, seals, ties, responses, log: silentLog, limits: () => limits };
  return { ...parts, swept: () => swept };
}

describe('sweep', () => {
  test('removes what is too old, with its bodies, and keeps the sums', async () => {
    const parts = open();
    for (let n = 0; n < 450; n++) parts.exchanges.record(exchange(`old${n}`, START - 31 * DAY));
    parts.exchanges.record(exchange('young', START - 29 * DAY));
    parts.exchanges.flush();
    await sweep(parts);
    expect(parts.swept()).toBe(1);
    expect(parts.exchanges.list({ limit: 9 }).map((one) => one.id)).toEqual(['young']);
    expect(parts.database.tables.all('SELECT * FROM exchange_bodies').length).toBe(1);
    expect(parts.usage.read({})[0]?.requests).toBe(451);
  });

  test('removes the oldest until the rest is small enough, and not one more', async () => {
    const parts = open({ days: 30, megabytes: 1 });
    for (let n = 0; n < 12; n++)
      parts.exchanges.record(exchange(`e${String(n).padStart(2, '0')}`, START - 100 + n, 'x'.repeat(100_000)));
    parts.exchanges.flush();
    await sweep(parts);
    expect(parts.exchanges.list({ limit: 20 }).map((one) => one.id)).toEqual(
      ['11', '10', '09', '08', '07', '06', '05', '04', '03'].map((n) => `e${n}`),
    );
    expect(parts.exchanges.size()).toBeLessThanOrEqual(1_000_000);
  });

  test('hourly sums end after four hundred days', async () => {
    const parts = open();
    parts.usage.add([usageOf(exchange('a', START - 401 * DAY))]);
    parts.usage.add([usageOf(exchange('b', START - 399 * DAY))]);
    await sweep(parts);
    expect(parts.usage.read({})[0]?.requests).toBe(1);
  });
});

describe('startRetention', () => {
  test('sweeps once a minute until it is ended', async () => {
    const parts = open();
    const stop = startRetention(parts);
    parts.exchanges.record(exchange('a', START - 31 * DAY));
    parts.exchanges.flush();
    parts.clock.advance(59_000);
    expect(parts.exchanges.list({ limit: 1 }).length).toBe(1);
    parts.clock.advance(1000);
    await Promise.resolve();
    expect(parts.exchanges.list({ limit: 1 }).length).toBe(0);
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    stop();
    parts.exchanges.record(exchange('b', START - 31 * DAY));
    parts.exchanges.flush();
    parts.clock.advance(120_000);
    expect(parts.exchanges.list({ limit: 1 }).length).toBe(1);
  });
});
