import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import type { Lease } from '../../../src/pool/account-state.ts';
import type { ExchangeRecord } from '../../../src/relay/exchange.ts';
import { type BodyPolicy, openExchange } from '../../../src/relay/exchange-draft.ts';
import { dropped } from '../../../src/translate/loss.ts';
import { anAccount, T0 } from '../../support/pool-builders.ts';
import { aCall, type CallOptions, chatBody } from '../../support/relay-set-up.ts';

const lease = (id: string): Lease => ({
  account: anAccount(id, { name: `name of ${id}` }),
  target: { model: `model of ${id}` },
  why: 'its turn',
  settle: () => {},
});

function open(options: CallOptions = {}, bodies: BodyPolicy = { keep: 'none', limitBytes: 1000 }) {
  const records: ExchangeRecord[] = [];
  const time = { now: T0 };
  const call = aCall('openai-chat', chatBody(), options);
  const exchange = openExchange(call, { record: (record) => records.push(record) }, () => time.now, bodies);
  return { exchange, records, time };
}

describe('the record of an exchange', () => {
  test('is written once, when it is closed first', () => {
    const { exchange, records, time } = open();
    time.now += 50;
    expect(records).toEqual([]);
    exchange.close({ status: 200 });
    exchange.close({ status: 500, error: new GatewayError('internal', 'late') });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ status: 200, durationMs: 50, at: T0 });
    expect(records[0]!.verdict).toBeUndefined();
  });

  test('says nothing of what is not known', () => {
    const { exchange, records } = open();
    exchange.close({ status: 200 });
    const known = Object.entries(records[0]!).filter(([, value]) => value !== undefined);
    expect(known.map(([name]) => name).sort()).toEqual(
      [
        'id',
        'at',
        'dialect',
        'path',
        'client',
        'modelAsked',
        'streamed',
        'status',
        'attempts',
        'losses',
        'durationMs',
      ].sort(),
    );
  });

  test('times the first content, and only the first', () => {
    const { exchange, records, time } = open();
    time.now += 70;
    exchange.contentSeen();
    time.now += 70;
    exchange.contentSeen();
    exchange.close({ status: 200 });
    expect(records[0]!.firstContentMs).toBe(70);
  });

  test('keeps the last usage and finish that were known', () => {
    const { exchange, records } = open();
    exchange.use({ input: 1 }, { reason: 'stop' });
    exchange.use(undefined, undefined);
    exchange.use({ input: 2 }, { reason: 'length', wireReason: 'MAX_TOKENS' });
    exchange.close({ status: 200 });
    expect(records[0]).toMatchObject({ usage: { input: 2 }, finish: 'MAX_TOKENS' });
  });

  test('gathers losses', () => {
    const { exchange, records } = open();
    exchange.lose([dropped('seed', 'why')]);
    exchange.lose([dropped('n', 'why')]);
    exchange.close({ status: 200 });
    expect(records[0]!.losses.map((loss) => loss.field)).toEqual(['seed', 'n']);
  });

  test('tells the error and its verdict', () => {
    const { exchange, records } = open();
    exchange.close({ status: 429, error: new GatewayError('rate-limited', 'slow down') });
    expect(records[0]).toMatchObject({ status: 429, verdict: 'rate-limited', error: 'slow down' });
  });
});

describe('the record of an attempt', () => {
  test('tells its account, its times and how it ended', () => {
    const { exchange, records, time } = open();
    time.now += 10;
    const first = exchange.beginAttempt(lease('a'), 'openai-chat');
    time.now += 20;
    first.answered(503);
    time.now += 5;
    first.fail(new GatewayError('overloaded', 'busy'), 'next-account');
    const second = exchange.beginAttempt(lease('b'), 'gemini');
    time.now += 7;
    second.answered(200);
    time.now += 100;
    second.succeed();
    exchange.close({ status: 200 });
    expect(records[0]!.attempts).toEqual([
      {
        account: 'a',
        accountName: 'name of a',
        provider: 'openai',
        dialect: 'openai-chat',
        model: 'model of a',
        why: 'its turn',
        startedAt: T0 + 10,
        status: 503,
        firstByteMs: 20,
        durationMs: 25,
        kind: 'overloaded',
        message: 'busy',
        next: 'next-account',
      },
      {
        account: 'b',
        accountName: 'name of b',
        provider: 'openai',
        dialect: 'gemini',
        model: 'model of b',
        why: 'its turn',
        startedAt: T0 + 35,
        status: 200,
        firstByteMs: 7,
        durationMs: 107,
      },
    ]);
    expect(records[0]).toMatchObject({ account: 'b', modelServed: 'model of b' });
  });
});

describe('the bodies that are kept', () => {
  const error = new GatewayError('overloaded', 'busy');

  test.each([
    ['none', undefined, false, false],
    ['none', error, false, false],
    ['errors', undefined, false, false],
    ['errors', error, true, false],
    ['all', undefined, true, true],
    ['all', error, true, true],
  ] as const)('by the rule %s', (keep, thrown, request, answer) => {
    const { exchange, records } = open({}, { keep, limitBytes: 1000 });
    exchange.keepAnswer('an answer');
    exchange.close({ status: 200, ...(thrown === undefined ? {} : { error: thrown }) });
    expect(records[0]!.requestBody !== undefined).toBe(request);
    expect(records[0]!.answerBody !== undefined).toBe(answer);
  });

  test('are cut to their limit', () => {
    const { exchange, records } = open({}, { keep: 'all', limitBytes: 12 });
    exchange.keepAnswer('0123456789');
    exchange.keepAnswer('0123456789');
    exchange.close({ status: 200 });
    expect(records[0]!.requestBody).toBe(JSON.stringify(chatBody()).slice(0, 12));
    expect(records[0]!.answerBody).toBe('012345678901');
  });
});
