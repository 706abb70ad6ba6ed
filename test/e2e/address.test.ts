import { describe, expect, test } from 'bun:test';
import { createServer, type Server } from 'node:net';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { resolveSettings } from '../../src/config/resolve.ts';
import { openStores } from '../../src/open-stores.ts';
import { accountAt, SERVICES } from '../support/accounts-at.ts';
import { openAiChatClient } from '../support/clients/openai-chat.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { MIGRATIONS, withFolder } from '../support/temporary-store.ts';

const { model } = SERVICES['openai-chat'];
const WORDS = 'One word after the other.';

const health = async (port: number) => (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
const patch = (port: number, body: unknown) =>
  fetch(`http://127.0.0.1:${port}/api/settings`, { method: 'PATCH', body: JSON.stringify(body) });

/** A gateway whose port is its owner's choice, so that it can be changed. */
async function startAtStoredPort(folder: string): Promise<Gateway> {
  const settings = resolveSettings({ flags: { data_dir: folder }, environment: {} });
  const stores = await openStores(settings, { clock: systemClock, log: silentLog, migrationsFolder: MIGRATIONS });
  stores.settings.change({ port: (await holdPort()).release() });
  stores.close();
  return startGateway({ folder, flags: { port: undefined } });
}

describe('the address changes while it runs', () => {
  test('a new port is listened at, what runs at the old one comes to its end, and the next start keeps it', async () => {
    await using upstream = await startFakeUpstream();
    await withFolder(async (folder) => {
      const gateway = await startAtStoredPort(folder);
      await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
      upstream.play(text(WORDS, { chunks: 6, pauseMs: 50 }));
      const running = openAiChatClient.ask({ url: gateway.url, model, prompt: 'Hello', stream: true });
      await upstream.arrived(1);
      const port = (await holdPort()).release();
      expect((await patch(gateway.port, { port })).status).toBe(200);
      expect(await health(port)).toBe(200);
      await expect(health(gateway.port)).rejects.toThrow();
      expect((await running).text).toBe(WORDS);
      const service = await fetch(`http://127.0.0.1:${port}/api/service`);
      expect(await service.json()).toMatchObject({ state: 'running', address: `http://127.0.0.1:${port}` });
      expect(await gateway.stop()).toBe(0);

      await using again = await startGateway({ folder, flags: { port: undefined } });
      expect(again.port).toBe(port);
    });
  });

  test('a stream at a former address is waited for when the program ends', async () => {
    await using upstream = await startFakeUpstream();
    await withFolder(async (folder) => {
      await using gateway = await startAtStoredPort(folder);
      await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
      upstream.play(text(WORDS, { chunks: 6, pauseMs: 50 }));
      const running = openAiChatClient.ask({ url: gateway.url, model, prompt: 'Hello', stream: true });
      await upstream.arrived(1);
      const port = (await holdPort()).release();
      expect((await patch(gateway.port, { port })).status).toBe(200);
      expect(await gateway.stop()).toBe(0);
      expect((await running).text).toBe(WORDS);
    });
  });

  test('a port in use is refused, and nothing changes', async () => {
    const other = await holdPort();
    await withFolder(async (folder) => {
      await using gateway = await startAtStoredPort(folder);
      const refused = await patch(gateway.port, { port: other.port, retention_days: 9 });
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('the port is in use') } });
      expect(await health(gateway.port)).toBe(200);
      const { items } = (await gateway.api<{ items: { key: string; value: unknown }[] }>('/api/settings')).body;
      const read = (key: string) => items.find((item) => item.key === key)?.value;
      expect([read('port'), read('retention_days')]).toEqual([gateway.port, 30]);
    });
    other.release();
  });

  test('the network is let in and shut out at the same port', async () => {
    await using gateway = await startGateway({ flags: { 'auth-mode': 'auto' } });
    const key = await gateway.api<{ items: { key: string; value: string }[] }>('/api/settings');
    expect(key.status).toBe(200);
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(200);
    expect((await patch(gateway.port, { allow_lan_access: true })).status).toBe(200);
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
    expect((await patch(gateway.port, { allow_lan_access: false })).status).toBe(200);
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(200);
  });

  test('a port that was fixed at the start is not changed by a setting', async () => {
    await using gateway = await startGateway();
    const refused = await patch(gateway.port, { port: 9999 });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { field: 'port' } });
  });
});

/** Takes a free port; `release` gives it back and tells it. */
async function holdPort(): Promise<{ readonly port: number; release(): number }> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    release: () => {
      server.close();
      return port;
    },
  };
}
