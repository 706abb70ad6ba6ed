import { expect, test } from 'bun:test';
import { startGateway } from '../support/executable.ts';

test('GET /metrics counts what was served, and asks for what the admin API asks for', async () => {
  const environment = { TRIVIUM_ADMIN_PASSWORD: 'owner' };
  await using gateway = await startGateway({ environment });
  const body = JSON.stringify({ model: 'trivium-echo', messages: [{ role: 'user', content: 'Hello' }] });
  await (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body })).text();
  expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401);
  const response = await fetch(`${gateway.url}/metrics`, { headers: { authorization: 'Bearer owner' } });
  expect(response.headers.get('content-type')).toStartWith('text/plain; version=0.0.4');
  const text = await response.text();
  expect(text).toContain(
    'trivium_requests_total{dialect="openai-chat",model="trivium-echo",account="demo",outcome="2xx"} 1\n',
  );
  expect(text).toContain('trivium_account_state{account="demo",provider="echo",state="ready"} 1\n');
});
