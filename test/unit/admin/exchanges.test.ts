import { describe, expect, test } from 'bun:test';
import type { AdminError } from '../../../src/admin/admin-error.ts';
import { createExchangesAdmin } from '../../../src/admin/exchanges.ts';
import type { ClientKey } from '../../../src/base/client-key.ts';
import type { ExchangeRecord } from '../../../src/relay/exchange.ts';
import type { RunningExchanges } from '../../../src/relay/running-exchanges.ts';
import { openOwner } from '../../support/owner.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function exchange(id: string, more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id,
    at: AT,
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

const WHOLE = exchange('whole', {
  clientKey: 'default',
  modelServed: 's',
  account: 'acc_1',
  status: 429,
  verdict: 'rate-limited',
  error: 'slow down',
  streamed: true,
  firstContentMs: 3,
  usage: { input: 10, cacheRead: 4, output: 5 },
  finish: 'stop',
  hint: 'h',
  losses: [{ field: 'f', effect: 'dropped', reason: 'r' }],
  attempts: [
    {
      account: 'acc_1',
      accountName: 'one',
      provider: 'openai',
      dialect: 'openai-chat',
      model: 's',
      why: 'w',
      startedAt: AT + 1,
      firstByteMs: 2,
      durationMs: 4,
      status: 429,
      kind: 'rate-limited',
      message: 'slow down',
      next: 'next-account',
    },
  ],
  requestBody: '{}',
  answerBody: '[]',
});

const KEYS: readonly ClientKey[] = [
  { id: 'default', name: 'the first', hash: 'h', hint: 'sk-…h', models: [], enabled: true, createdAt: 1 },
];

const ITEM = {
  id: 'whole',
  at: '2026-01-02T03:04:05.678Z',
  dialect: 'openai-chat',
  path: '/v1/chat/completions',
  client: 'curl',
  client_key: 'default',
  client_key_name: 'the first',
  model_asked: 'm',
  model_served: 's',
  account: 'acc_1',
  account_name: 'one',
  status: 429,
  verdict: 'rate-limited',
  error: 'slow down',
  streamed: true,
  attempts: 1,
  ttft_ms: 3,
  duration_ms: 5,
  usage: { input: 10, output: 5, cached: 4, reasoning: null, estimated: false },
  cost: null,
  finish: 'stop',
  hint: 'h',
  losses: [{ field: 'f', effect: 'dropped', reason: 'r' }],
} as const;

function open() {
  const owner = openOwner();
  const running: RunningExchanges = new Map();
  const requests = createExchangesAdmin({
    store: owner.exchanges,
    accounts: owner.store.list,
    clientKeys: () => KEYS,
    runningExchanges: running,
    now: () => AT + 100,
  });
  return {
    ...owner,
    requests,
    running,
    ids: (query: object) => requests.list(query as never).items.map((one) => one.id),
  };
}

describe('createExchangesAdmin', () => {
  test('shows an exchange in a list and by itself', () => {
    const { requests, exchanges } = open();
    exchanges.record(WHOLE);
    expect(requests.list({})).toEqual({ items: [ITEM], next: null });
    expect(requests.get('whole')).toEqual({
      ...ITEM,
      attempts: [
        {
          account: 'acc_1',
          account_name: 'one',
          provider: 'openai',
          dialect: 'openai-chat',
          model: 's',
          why: 'w',
          at: '2026-01-02T03:04:05.679Z',
          first_byte_ms: 2,
          duration_ms: 4,
          status: 429,
          kind: 'rate-limited',
          message: 'slow down',
          next: 'next-account',
        },
      ],
      request_body: '{}',
      answer_body: '[]',
    });
    expect(() => requests.get('none')).toThrow('There is no request none.');
  });

  test('shows those that run, and stops one', () => {
    const { requests, running, exchanges } = open();
    let stops = 0;
    running.set('whole', { soFar: { ...WHOLE, status: 0 }, stop: () => stops++ });
    expect(requests.running().items).toEqual([{ ...ITEM, status: 0, duration_ms: 100 } as never]);
    expect(requests.stop('whole').id).toBe('whole');
    expect(stops).toBe(1);
    expect(() => requests.stop('none')).toThrow('There is no request none.');
    exchanges.record(exchange('ended'));
    expect(() => requests.stop('ended')).toThrow('has ended already');
  });

  test('finds those of a client key by its id and its name', () => {
    const { exchanges, ids } = open();
    exchanges.record(WHOLE);
    exchanges.record(exchange('other'));
    expect(ids({ client_key: 'default' })).toEqual(['whole']);
    expect(ids({ client_key: 'the first' })).toEqual(['whole']);
    expect(ids({ client_key: 'none' })).toEqual([]);
  });

  test('leads through all pages, once each', () => {
    const { requests, exchanges } = open();
    for (let n = 0; n < 23; n++) exchanges.record(exchange(`id${String(n).padStart(2, '0')}`, { at: AT + (n >> 2) }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = requests.list({ limit: '5', cursor, model: 'm' });
      seen.push(...page.items.map((one) => one.id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...seen].sort().reverse());
    expect(new Set(seen).size).toBe(23);
    expect(requests.list({ limit: '23' }).next).toBeNull();
    expect(requests.list({ limit: '22' }).next).not.toBeNull();
  });

  test.each([
    [{ status: '429' }, ['whole']],
    [{ status: '4xx' }, ['whole']],
    [{ status: 'error' }, ['whole']],
    [{ status: '2xx' }, ['young']],
    [{ account: 'acc_1' }, ['whole']],
    [{ verdict: 'rate-limited' }, ['whole']],
    [{ dialect: 'gemini' }, ['young']],
    [{ model: 's' }, ['whole']],
    [{ from: '2026-01-02T03:04:06Z' }, ['young']],
    [{ to: '2026-01-02T03:04:06Z' }, ['whole']],
    [{ from: String(AT), to: String(AT + 1) }, ['whole']],
    [{ q: 'slow' }, ['whole']],
    [{ q: '', status: '', limit: '' }, ['young', 'whole']],
    [{ stray: 'x' }, ['young', 'whole']],
  ] as const)('filters by %j', (query, expected) => {
    const { ids, exchanges } = open();
    exchanges.record(WHOLE);
    exchanges.record(exchange('young', { dialect: 'gemini', at: AT + 1000 }));
    expect(ids(query)).toEqual([...expected]);
  });

  test('finds an account by its name', () => {
    const { ids, exchanges, admin } = open();
    const { id } = admin.create({ name: 'demo', provider: 'echo' });
    exchanges.record(exchange('a', { account: id }));
    exchanges.record(exchange('b'));
    expect(ids({ account: 'demo' })).toEqual(['a']);
  });

  test.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '501' }, 'limit'],
    [{ limit: 'x' }, 'limit'],
    [{ status: 'bad' }, 'status'],
    [{ from: 'yesterday' }, 'from'],
    [{ cursor: 'AAAA' }, 'cursor'],
  ])('refuses %j', (query, field) => {
    const { requests } = open();
    try {
      requests.list(query);
      expect.unreachable();
    } catch (thrown) {
      expect([(thrown as AdminError).field, (thrown as AdminError).status]).toEqual([field, 400]);
    }
  });

  test('tells of each as it ends', () => {
    const { requests, exchanges } = open();
    const seen: unknown[] = [];
    const leave = requests.watch((item) => seen.push(item));
    exchanges.record(WHOLE);
    leave();
    exchanges.record(exchange('later'));
    expect(seen).toEqual([ITEM]);
  });
});
