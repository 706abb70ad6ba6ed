import { describe, expect, test } from 'bun:test';
import { createTokenRatios, learnRatio, type TokenRatio } from '../../../../src/relay/counting/token-ratios.ts';
import type { ExchangeRecord } from '../../../../src/relay/exchange.ts';

const NEW: TokenRatio = { model: 'm', dialect: 'openai-chat', mean: 0, variance: 0, count: 0 };

function exchange(input: number | undefined, change: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id: 'e',
    at: 0,
    dialect: 'openai-chat',
    path: '/',
    client: 'c',
    modelAsked: 'm',
    modelServed: 'm',
    status: 200,
    streamed: false,
    attempts: [],
    durationMs: 1,
    losses: [],
    ...(input === undefined ? {} : { usage: { input } }),
    ...change,
  };
}

const body = (length: number, text = '') => new TextEncoder().encode(text.padEnd(length, 'x'));

function setUp(...known: readonly TokenRatio[]) {
  const saved: TokenRatio[] = [];
  const ratios = createTokenRatios({ readAll: () => known, save: (ratio) => saved.push(ratio) });
  return { ratios, saved };
}

describe('the ratio of tokens to bytes', () => {
  test('is learnt from what upstreams counted, and saved', () => {
    const { ratios, saved } = setUp();
    ratios.learn(exchange(1000), body(4000));
    expect(Math.exp(ratios.of('m', 'openai-chat')!.mean)).toBeCloseTo(0.25);
    expect(saved).toHaveLength(1);
    expect(ratios.of('m', 'gemini')).toBeUndefined();
  });

  test('is known after a restart', () => {
    const { ratios } = setUp({ ...NEW, mean: -1, count: 3 });
    expect(ratios.of('m', 'openai-chat')).toMatchObject({ mean: -1, count: 3 });
  });

  test('is averaged, and its spread told', () => {
    const both = [0.2, 0.3].reduce((ratio, value) => learnRatio(ratio, value)!, NEW);
    expect(Math.exp(both.mean)).toBeCloseTo(Math.sqrt(0.06));
    expect(Math.sqrt(both.variance)).toBeCloseTo(Math.log(1.5) / 2);
  });

  test('follows a model that changes', () => {
    let ratio = { ...NEW, mean: Math.log(0.2), count: 64 };
    for (let time = 0; time < 500; time++) ratio = learnRatio(ratio, 0.3)!;
    expect(Math.exp(ratio.mean)).toBeCloseTo(0.3, 2);
  });

  test.each<[string, ExchangeRecord, Uint8Array]>([
    ['that nobody counted', exchange(undefined), body(4000)],
    ['that the gateway counted', exchange(1000, { usage: { input: 1000, estimated: true } }), body(4000)],
    ['that are mostly wrapping', exchange(20), body(4000)],
    ['with a picture', exchange(1000), body(4000, '"source":{"type":"base64"')],
    ['with a hidden history', exchange(1000), body(4000, '"previous_response_id":"r"')],
    ['that came to more than text can', exchange(9000), body(4000)],
  ])('is not learnt from requests %s', (_what, record, bytes) => {
    const { ratios, saved } = setUp();
    ratios.learn(record, bytes);
    expect(saved).toEqual([]);
  });

  test('is not led astray by one odd request', () => {
    const known = { ...NEW, mean: Math.log(0.25), count: 10 };
    expect(learnRatio(known, 0.9)).toBeUndefined();
  });

  test('is looked after now and then only, once it is known', () => {
    const { ratios, saved } = setUp();
    for (let time = 0; time < 168; time++) ratios.learn(exchange(1000), body(4000));
    expect(saved).toHaveLength(8 + 10);
  });
});
