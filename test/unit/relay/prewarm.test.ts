import { describe, expect, test } from 'bun:test';
import { aCall, answers, bodyOf, carry, claudeAccount, claudeAnswer, claudeBody } from '../../support/relay-set-up.ts';

const warm = (more: object = {}) =>
  aCall('anthropic-messages', claudeBody({ model: 'gpt-4o', max_tokens: 0, ...more }));

describe('a request that wants no token', () => {
  test('is answered at once for an upstream of another dialect, which is not asked', async () => {
    const { status, text, sent, headers, records, state } = await carry(warm(), []);
    expect([status, sent.length]).toEqual([200, 0]);
    expect(JSON.parse(text)).toMatchObject({
      type: 'message',
      content: [],
      stop_reason: 'max_tokens',
      usage: { output_tokens: 0 },
    });
    expect(headers['x-trivium-warnings']).toBe('prewarm');
    expect(records[0]).toMatchObject({ status: 200 });
    expect(state('a')).toMatchObject({ inFlight: 0, strikes: 0 });
  });

  test('as a stream too', async () => {
    const { answer, text, sent } = await carry(warm({ stream: true }), []);
    expect([answer.type, sent.length]).toEqual(['stream', 0]);
    expect([...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).toEqual([
      'message_start',
      'message_delta',
      'message_stop',
    ]);
  });

  test('reaches its own vendor as it is', async () => {
    const body = claudeBody({ max_tokens: 0 });
    const { sent } = await carry(aCall('anthropic-messages', body), [answers(claudeAnswer(''))], {
      accounts: [claudeAccount('c')],
    });
    expect(JSON.parse(bodyOf(sent[0]))).toEqual(body);
  });

  test('is refused where nothing may be lost', async () => {
    const body = claudeBody({ model: 'gpt-4o', max_tokens: 0 });
    const { status } = await carry(aCall('anthropic-messages', body, { strict: true }), []);
    expect(status).toBe(400);
  });
});
