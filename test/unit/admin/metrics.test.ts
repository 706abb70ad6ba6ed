import { describe, expect, test } from 'bun:test';
import { createExchangeCounters } from '../../../src/admin/exchange-counters.ts';
import { writeMetrics } from '../../../src/admin/metrics.ts';
import { accountStatus } from '../../../src/pool/account-status.ts';
import type { ExchangeRecord } from '../../../src/relay/exchange.ts';
import { openOwner } from '../../support/owner.ts';

function exchange(more: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id: 'a',
    at: 0,
    dialect: 'gemini',
    path: '/',
    client: 'c',
    modelAsked: 'asked',
    modelServed: 'served',
    status: 200,
    streamed: false,
    attempts: [],
    durationMs: 200,
    losses: [],
    ...more,
  };
}

function open() {
  const { admin, pool } = openOwner();
  const { id } = admin.create({ name: 'my "own"\\', provider: 'echo' });
  const counters = createExchangeCounters(() => 1_500_000_000);
  const write = () =>
    writeMetrics({
      version: '1.2.3',
      counters,
      accounts: pool.snapshot,
      readStatus: accountStatus,
      running: () => 7,
      now: () => 0,
      startedAt: 5000,
      memoryBytes: () => 42,
    });
  return { counters, write, id };
}

/** Every line must be a comment or a sample, each family described before its samples. */
function readSamples(text: string): ReadonlyMap<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const typed = new Set<string>();
  const samples = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE (\S+) (?:counter|gauge|histogram)$/.exec(line)?.[1];
    if (type !== undefined) typed.add(type);
    if (line.startsWith('#')) continue;
    const [, name = '', labels = '', value = ''] = /^([a-z_]+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    expect(typed.has(name) || typed.has(name.replace(/_(?:bucket|sum|count)$/, ''))).toBe(true);
    expect(samples.has(name + labels)).toBe(false);
    samples.set(name + labels, Number(value));
  }
  return samples;
}

describe('the metrics', () => {
  test('tell of a program that has served nothing', () => {
    const samples = readSamples(open().write());
    expect(samples.get('trivium_info{version="1.2.3"}')).toBe(1);
    expect(samples.get('trivium_requests_running')).toBe(7);
    expect(samples.get('process_start_time_seconds')).toBe(5);
    expect(samples.get('trivium_account_state{account="my \\"own\\"\\\\",provider="echo",state="ready"}')).toBe(1);
  });

  test('count requests, tokens, money, attempts and times', () => {
    const { counters, write, id } = open();
    const attempt = { account: id, accountName: 'n', provider: 'echo', dialect: 'gemini', model: 'served' } as const;
    const attempts = [
      { ...attempt, why: '', startedAt: 0, durationMs: 1, kind: 'overloaded' as const },
      { ...attempt, why: '', startedAt: 0, durationMs: 1 },
    ];
    const usage = { input: 10, output: 4, cacheRead: 3, reasoning: 2 };
    counters.count(exchange({ account: id, attempts, usage, firstContentMs: 60 }));
    counters.count(exchange({ account: id, usage, status: 200, verdict: 'network', durationMs: 400_000 }));
    counters.count(exchange({ status: 404, verdict: 'client-error' }));
    const samples = readSamples(write());
    const account = 'account="my \\"own\\"\\\\"';
    const labels = `dialect="gemini",model="served",${account}`;
    expect(samples.get(`trivium_requests_total{${labels},outcome="2xx"}`)).toBe(1);
    expect(samples.get(`trivium_requests_total{${labels},outcome="network"}`)).toBe(1);
    expect(samples.get(`trivium_attempts_total{${account},outcome="overloaded"}`)).toBe(1);
    expect(samples.get(`trivium_attempts_total{${account},outcome="served"}`)).toBe(1);
    expect(samples.get(`trivium_tokens_total{model="served",${account},type="input"}`)).toBe(20);
    expect(samples.get(`trivium_cost_dollars_total{model="served",${account}}`)).toBe(3);
    const bucket = (le: string) => samples.get(`trivium_request_duration_seconds_bucket{dialect="gemini",le="${le}"}`);
    expect(['0.1', '0.25', '300', '+Inf'].map(bucket)).toEqual([0, 2, 2, 3]);
    expect(samples.get('trivium_first_content_seconds_count{dialect="gemini"}')).toBe(1);
  });
});
