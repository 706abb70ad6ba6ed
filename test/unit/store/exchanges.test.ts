import { describe, expect, test } from 'bun:test';
import { silentLog } from '../../../src/base/log.ts';
import type { CostOf } from '../../../src/base/prices.ts';
import type { ExchangeRecord } from '../../../src/relay/exchange.ts';
import type { StoreDatabase } from '../../../src/store/database.ts';
import { createExchangeStore, type ExchangeQuery } from '../../../src/store/exchanges.ts';
import { createUsageStore } from '../../../src/store/usage-hours.ts';
import { handClock, openIn, openInMemory, withFolder } from '../../support/temporary-store.ts';

function exchange(id: string, more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id,
    at: 1000,
    dialect: 'openai-chat',
    path: '/v1/chat/completions',
    client: 'curl',
    modelAsked: 'm',
    status: 200,
    streamed: false,
    attempts: [],
    durationMs: 5,
    losses: [],
    ...more,
  };
}

const WHOLE: ExchangeRecord = exchange('whole', {
  clientKey: 'default',
  modelServed: 'm-served',
  account: 'acc_1',
  status: 502,
  verdict: 'network',
  error: 'cannot be reached',
  streamed: true,
  firstContentMs: 3,
  usage: { input: 10, cacheRead: 4, output: 5, reasoning: 1 },
  finish: 'stop',
  hint: 'doubled /v1',
  losses: [{ field: 'logit_bias', effect: 'dropped', reason: 'not known there' }],
  attempts: [
    {
      account: 'acc_1',
      accountName: 'one',
      provider: 'openai',
      dialect: 'openai-chat',
      model: 'm-served',
      why: 'the only one',
      startedAt: 1001,
      durationMs: 4,
      status: 500,
      kind: 'upstream-failed',
      message: 'oops',
      next: 'next-account',
    },
  ],
  requestBody: '{"model":"m"}',
  answerBody: 'data: {}\n\n',
});

function open(database: StoreDatabase = openInMemory()) {
  const clock = handClock();
  const usage = createUsageStore(database);
  return {
    store: createExchangeStore({ database, usage, clock, log: silentLog, costOf: () => undefined }),
    usage,
    clock,
    database,
  };
}

const rows = (database: StoreDatabase) => database.tables.all('SELECT id FROM exchanges').length;

describe('createExchangeStore', () => {
  test('keeps every field over a reopening, and absent ones absent', () =>
    withFolder((folder) => {
      const first = openIn(folder);
      const { store } = open(first);
      store.record(WHOLE);
      store.record(exchange('bare'));
      store.flush();
      first.close();
      const second = openIn(folder);
      const again = open(second).store;
      expect(again.get('whole')).toEqual(WHOLE);
      expect(again.get('bare')).toEqual(exchange('bare'));
      expect(again.get('none')).toBeUndefined();
      second.close();
    }));

  test('writes a quarter of a second after the first, or at four hundred', () => {
    const { store, clock, database } = open();
    store.record(exchange('a'));
    expect(rows(database)).toBe(0);
    clock.advance(249);
    expect(rows(database)).toBe(0);
    clock.advance(1);
    expect(rows(database)).toBe(1);
    for (let n = 0; n < 399; n++) store.record(exchange(`b${n}`));
    expect(rows(database)).toBe(1);
    store.record(exchange('last'));
    expect(rows(database)).toBe(401);
  });

  test('finds what has not reached the disk yet', () => {
    const { store } = open();
    store.record(exchange('a'));
    expect(store.get('a')?.id).toBe('a');
    store.record(exchange('b'));
    expect(store.list({ limit: 5 }).map((one) => one.id)).toEqual(['b', 'a']);
  });

  test('a repeated id costs that row alone', () => {
    const { store } = open();
    for (const id of ['a', 'a', 'b']) store.record(exchange(id));
    expect(store.list({ limit: 5 }).map((one) => one.id)).toEqual(['b', 'a']);
  });

  test('keeps the rows when the database cannot be written, and writes them later', () =>
    withFolder((folder) => {
      const database = openIn(folder);
      const { store, clock } = open(database);
      const lock = openIn(folder);
      lock.tables.run('BEGIN IMMEDIATE');
      database.tables.run('PRAGMA busy_timeout=1');
      store.record(exchange('a'));
      clock.advance(250);
      lock.tables.run('COMMIT');
      store.record(exchange('b'));
      expect(rows(database)).toBe(0);
      clock.advance(2000);
      expect(rows(database)).toBe(2);
      lock.close();
      database.close();
    }));

  test('lists the newest first, page by page, with equal times in a fixed order', () => {
    const { store } = open();
    for (let n = 0; n < 25; n++) store.record(exchange(`id${String(n).padStart(2, '0')}`, { at: Math.floor(n / 3) }));
    const seen: string[] = [];
    let after: ExchangeQuery['after'];
    for (;;) {
      const page = store.list({ limit: 4, ...(after === undefined ? {} : { after }) });
      seen.push(...page.map((one) => one.id));
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    expect(seen).toEqual([...seen].sort().reverse());
    expect(seen.length).toBe(25);
  });

  test('lists without bodies', () => {
    const { store } = open();
    store.record(WHOLE);
    const { requestBody: _request, answerBody: _answer, ...rest } = WHOLE;
    expect(store.list({ limit: 1 })).toEqual([rest]);
  });

  test.each([
    [{ minStatus: 400, maxStatus: 599 }, ['whole']],
    [{ minStatus: 200, maxStatus: 200 }, ['young', 'plain']],
    [{ verdict: 'network' }, ['whole']],
    [{ account: 'acc_2' }, ['young']],
    [{ model: 'm-served' }, ['whole']],
    [{ model: 'm' }, ['whole', 'plain']],
    [{ dialect: 'gemini' }, ['young']],
    [{ from: 2000 }, ['young']],
    [{ to: 2000 }, ['whole', 'plain']],
    [{ from: 1000, to: 1001 }, ['whole', 'plain']],
    [{ text: 'cannot be' }, ['whole']],
    [{ text: 'GEMINI-CLI' }, ['young']],
    [{ text: '100%_\\' }, ['plain']],
    [{ text: '%' }, ['plain']],
    [{ text: 'nothing like it' }, []],
    [{ account: 'acc_1', dialect: 'gemini' }, []],
  ] as const)('filters by %j', (condition, expected) => {
    const { store } = open();
    store.record(exchange('plain', { path: '/100%_\\' }));
    store.record(WHOLE);
    store.record(
      exchange('young', { account: 'acc_2', dialect: 'gemini', at: 2000, client: 'gemini-cli', modelAsked: 'g' }),
    );
    expect(store.list({ limit: 9, ...condition }).map((one) => one.id)).toEqual([...expected]);
  });

  test('tells its watchers until they leave, and a failing one harms nobody', () => {
    const { store } = open();
    const seen: string[] = [];
    store.watch(() => {
      throw new Error('watcher');
    });
    const leave = store.watch((one) => seen.push(one.id));
    store.record(exchange('a'));
    leave();
    store.record(exchange('b'));
    expect(seen).toEqual(['a']);
    expect(store.list({ limit: 5 }).length).toBe(2);
  });

  test('damaged rows read as far as they can', () => {
    const { store, database } = open();
    store.record(WHOLE);
    store.flush();
    database.tables.run("UPDATE exchanges SET attempts = 'x', losses = '7', usage = '{'");
    expect(store.get('whole')).toMatchObject({ attempts: [], losses: [], id: 'whole' });
    expect(store.get('whole')?.usage).toBeUndefined();
  });
});

describe('the cost of exchanges', () => {
  const attempts = WHOLE.attempts.map((attempt) => ({ ...attempt, provider: 'anthropic' as const }));
  const priced = { attempts, modelServed: 'claude', account: 'acc_1', clientKey: 'key_1' };

  function openPriced(costOf: CostOf) {
    const database = openInMemory();
    const clock = handClock();
    const usage = createUsageStore(database);
    return { clock, store: createExchangeStore({ database, usage, clock, log: silentLog, costOf }) };
  }

  test('are kept with each and added up', () => {
    const asked: unknown[] = [];
    const { store } = openPriced((provider, model, used) => {
      asked.push([provider, model]);
      return used?.input === undefined ? undefined : used.input * 10;
    });
    store.record(exchange('a', { ...priced, usage: { input: 7 } }));
    store.record(exchange('b', { ...priced, usage: { input: 5, estimated: true } }));
    store.record(exchange('c', priced));
    expect(asked).toEqual([]);
    expect(store.list({ limit: 9 }).map(({ cost }) => cost)).toEqual([undefined, 50, 70]);
    expect(asked[0]).toEqual(['anthropic', 'claude']);
    expect(store.sums({ by: 'client_key' })).toMatchObject([
      { group: 'key_1', requests: 3, cost: 120, priced: 2, estimated: 1 },
    ]);
  });

  test('are told to those who watch', () => {
    const { store } = openPriced(() => 3);
    const seen: unknown[] = [];
    store.watch(({ id, cost }) => seen.push([id, cost]));
    store.record(exchange('a', priced));
    expect(seen).toEqual([['a', 3]]);
  });
});
