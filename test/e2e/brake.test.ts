import { describe, expect, test } from 'bun:test';
import type { ExchangeItem } from '../../src/admin/exchange-item.ts';
import type { Page } from '../../src/admin/read-fields.ts';
import { accountAt, SERVICES, UPSTREAM_DIALECTS } from '../support/accounts-at.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { cutStream, hangBeforeHeaders } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';

async function runningId(gateway: Gateway): Promise<string> {
  for (;;) {
    const [item] = (await gateway.api<Page<ExchangeItem>>('/api/requests/running')).body.items;
    if (item !== undefined && item.attempts > 0) return item.id;
    await Bun.sleep(5);
  }
}

describe.each(UPSTREAM_DIALECTS)('the brake, with an upstream of %s', (dialect) => {
  const { model } = SERVICES[dialect];

  test.each([
    ['before the headers', hangBeforeHeaders, false],
    ['before the headers of a stream', hangBeforeHeaders, true],
    ['in the middle of a stream', cutStream(2, 'hang'), true],
  ])('ends a request %s, on both sides, and is nobody’s fault', async (_, scenario, stream) => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway();
    for (const name of ['one', 'two']) {
      await gateway.addAccount({ ...accountAt(upstream, dialect, { models: [model] }), name });
    }
    upstream.play(scenario);
    const answer = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    const id = await runningId(gateway);
    await upstream.arrived();
    // a stream that has begun is stopped in its middle
    if (scenario !== hangBeforeHeaders) await answer;
    expect((await gateway.api(`/api/requests/${id}/stop`, { method: 'POST' })).status).toBe(200);
    const response = await answer;
    expect(response.status).toBe(scenario === hangBeforeHeaders ? 499 : 200);
    expect(await response.text()).toContain('The owner of the gateway stopped this request.');
    expect(upstream.generations).toHaveLength(1);
    const record = (await gateway.api<ExchangeItem>(`/api/requests/${id}`)).body;
    expect(record.error).toBe('The owner of the gateway stopped this request.');
    const accounts = await gateway.api<Page<{ status: { state: string } }>>('/api/accounts');
    expect(accounts.body.items.every(({ status }) => status.state === 'ready')).toBe(true);
    expect((await gateway.api<Page<ExchangeItem>>('/api/requests/running')).body.items).toEqual([]);
    expect((await gateway.api(`/api/requests/${id}/stop`, { method: 'POST' })).status).toBe(409);
  });
});
