import { describe, expect, test } from 'bun:test';
import type { UpstreamRequest } from '../../../src/upstream/provider.ts';
import { aCall, answers, carry, claudeAccount, claudeAnswer, claudeBody } from '../../support/relay-set-up.ts';

const BETAS = 'a-2025-01-01,b-2026-01-01';
const call = () => aCall('anthropic-messages', claudeBody(), { headers: { 'anthropic-beta': BETAS } });
const refuses = (message: string) =>
  answers({ type: 'error', error: { type: 'invalid_request_error', message } }, { status: 400 });
const fine = answers(claudeAnswer());
const at = (baseUrl: string, provider: 'anthropic' | 'anthropic-compatible' = 'anthropic-compatible') => ({
  accounts: [claudeAccount('a', { provider, baseUrl })],
});
const VERCEL = at('https://ai-gateway.vercel.sh');
const betas = (sent: readonly UpstreamRequest[]) => sent.map(({ headers }) => headers['anthropic-beta']);

describe('flags of anthropic-beta (R25)', () => {
  test('the one that a service names is left out, the others stay, and it is told', async () => {
    const { status, sent, headers } = await carry(
      call(),
      [refuses('Unexpected value `a-2025-01-01` for betas'), fine],
      VERCEL,
    );
    expect(status).toBe(200);
    expect(betas(sent)).toEqual([BETAS, 'b-2026-01-01']);
    expect(headers['x-trivium-warnings']).toBe('beta');
  });

  test('all of them are left out where it names none', async () => {
    const { status, sent } = await carry(call(), [refuses('invalid beta flag'), fine], VERCEL);
    expect([status, betas(sent)]).toEqual([200, [BETAS, undefined]]);
  });

  test('a service that still refuses is told of as it is', async () => {
    const { status, sent } = await carry(call(), [refuses('invalid beta flag'), refuses('invalid beta flag')], VERCEL);
    expect([status, sent.length]).toEqual([400, 2]);
  });

  test('another refusal, and one of Anthropic itself, are for the client to hear', async () => {
    const other = await carry(call(), [refuses('max_tokens: must be positive')], VERCEL);
    expect([other.status, other.sent.length]).toEqual([400, 1]);
    const own = await carry(call(), [refuses('Unexpected value `a-2025-01-01`')], at('http://a.test', 'anthropic'));
    expect([own.status, betas(own.sent)]).toEqual([400, [BETAS]]);
  });

  test('a server of which nothing is known hears of none', async () => {
    const { sent } = await carry(call(), [fine], at('http://a.test'));
    expect(betas(sent)).toEqual([undefined]);
  });
});
