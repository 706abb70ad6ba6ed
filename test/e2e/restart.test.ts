import { describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { AccountItem } from '../../src/admin/account-item.ts';
import type { ExchangeItem } from '../../src/admin/exchange-item.ts';
import { accountAt, SERVICES } from '../support/accounts-at.ts';
import { openAiChatClient } from '../support/clients/openai-chat.ts';
import { type Gateway, runToEnd, startGateway } from '../support/executable.ts';
import { cutStream, rateLimited, text } from '../support/fake-upstream/scenario.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { withFolder } from '../support/temporary-store.ts';

const { model } = SERVICES['openai-chat'];

const list = async <T>(gateway: Gateway, path: string) => (await gateway.api<{ items: T[] }>(path)).body.items;
const ask = (gateway: Gateway, change: { stream?: boolean; model?: string } = {}) =>
  openAiChatClient.ask({ url: gateway.url, model, prompt: 'Hello', stream: false, ...change });

describe('a second start on the same folder', () => {
  test('keeps accounts, settings, aliases, exchanges and rests', async () => {
    await using upstream = await startFakeUpstream();
    await withFolder(async (folder) => {
      const environment = { TRIVIUM_LOG_LEVEL: 'debug' };
      const before = await startGateway({ folder, environment });
      const added = await before.addAccount(
        accountAt(upstream, 'openai-chat', { models: [model, 'other'], note: 'ours' }),
      );
      await before.api('/api/aliases', { method: 'PUT', body: { items: [{ name: 'best', targets: [{ model }] }] } });
      await before.api('/api/settings', { method: 'PATCH', body: { patience_s: 0, retention_days: 7 } });
      expect((await ask(before, { model: 'best' })).text).toBe('Hello from the fake upstream.');
      upstream.play(rateLimited(300));
      await ask(before, { model: 'other' }).catch((error) => expect(error.status).toBe(429));
      const settings = await list<{ key: string }>(before, '/api/settings');
      const [aliases, exchanges] = [
        await list(before, '/api/aliases'),
        await list<ExchangeItem>(before, '/api/requests'),
      ];
      expect(exchanges.map(({ status }) => status)).toEqual([429, 200]);
      expect(await before.stop()).toBe(0);

      await using after = await startGateway({ folder, environment });
      expect(await list(after, '/api/aliases')).toEqual(aliases);
      expect(await list<ExchangeItem>(after, '/api/requests')).toEqual(exchanges);
      expect(withoutPort(await list<{ key: string }>(after, '/api/settings'))).toEqual(withoutPort(settings));
      const account = (await after.api<AccountItem>(`/api/accounts/${added.id}`)).body;
      expect(account).toMatchObject({
        name: 'work',
        note: 'ours',
        models: [model, 'other'],
        usage_today: { requests: 2 },
      });
      expect(account.status.models).toMatchObject([{ model: 'other', state: 'cooling' }]);
      // the rest is kept, and so is the credential: the one model answers, the other is not asked for
      upstream.play(text('Again.'));
      const asked = upstream.generations.length;
      await ask(after, { model: 'other' }).catch((error) => expect(error.status).toBe(429));
      expect(upstream.generations.length).toBe(asked);
      expect((await ask(after, { model: 'best' })).text).toBe('Again.');
      expect(upstream.generations.at(-1)!.headers.authorization).toBe('Bearer sk-upstream');
    });
  });

  test('after a kill in the midst of a stream has lost nothing that was told', async () => {
    await using upstream = await startFakeUpstream();
    await withFolder(async (folder) => {
      const before = await startGateway({ folder });
      const added = await before.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
      for (let count = 0; count < 5; count++) await ask(before);
      expect((await list(before, '/api/requests')).length).toBe(5);
      upstream.play(cutStream(2, 'hang'));
      const stream = await fetch(`${before.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
      });
      await stream.body!.getReader().read();
      await before.api(`/api/accounts/${added.id}`, { method: 'PATCH', body: { note: 'the last word' } });
      await before.kill();

      await using after = await startGateway({ folder });
      expect((await after.api<AccountItem>(`/api/accounts/${added.id}`)).body.note).toBe('the last word');
      expect((await list(after, '/api/requests')).length).toBe(5);
      upstream.play(text('Well again.'));
      expect((await ask(after, { stream: true })).text).toBe('Well again.');
    });
  });

  test('while the first runs is served by neither port nor folder in disorder', async () => {
    await using first = await startGateway();
    const second = await runToEnd(['serve', '--port', String(first.port), '--data-dir', first.folder]);
    expect(second.code).toBe(4);
    expect(second.stderr).toContain(`cannot listen on 127.0.0.1:${first.port}: the port is in use.`);
    expect((await first.api('/healthz')).status).toBe(200);
  });
});

describe('the end', () => {
  test('a signal lets running streams come to theirs, and takes no more', async () => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
    upstream.play(text('One word after the other, and another.', { chunks: 8, pauseMs: 60 }));
    const running = ask(gateway, { stream: true });
    await upstream.arrived(1);
    const stopping = gateway.stop();
    await gateway.said('stopping');
    await expect(fetch(`${gateway.url}/healthz`)).rejects.toThrow();
    expect((await running).text).toBe('One word after the other, and another.');
    expect(await stopping).toBe(0);
  });

  test('a second signal ends at once', async () => {
    await using upstream = await startFakeUpstream();
    await using gateway = await startGateway();
    await gateway.addAccount(accountAt(upstream, 'openai-chat', { models: [model] }));
    upstream.play(cutStream(1, 'hang'));
    const running = ask(gateway, { stream: true }).catch(() => {});
    await upstream.arrived(1);
    void gateway.stop();
    await gateway.said('stopping');
    // an end that waited for the stream would be a good one
    expect(await gateway.stop()).not.toBe(0);
    await running;
  });
});

describe('a start that cannot be', () => {
  test('a port in use, by whomever, ends with one sentence and 4', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await withFolder(async (folder) => {
      const { code, stderr, stdout } = await runToEnd(['--port', String(port), '--data-dir', join(folder, 'data')]);
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: the port is in use\\. .*--port ${port + 1}`),
      );
      expect(stderr.trim().split('\n').length).toBe(1);
    });
    other.close();
  });

  const wrong: readonly (readonly [string[], { [name: string]: string }, RegExp])[] = [
    [['--port', '99999'], {}, /port.*"99999".*--port.*0.*65535/],
    [['--auth-mode', 'open'], {}, /auth_mode.*"open".*off.*strict/],
    [[], { TRIVIUM_PORT: 'eight' }, /port.*"eight".*TRIVIUM_PORT/],
    [[], { TRIVIUM_API_KEY: 'secret-without-prefix' }, /api_key.*TRIVIUM_API_KEY.*"sk-"/],
    [['--allow-lan-access', '--auth-mode', 'off'], {}, /allow_open_lan/],
    [['--colour', 'red'], {}, /colour/],
    [['fly'], {}, /no command "fly"/],
    [['serve', 'now'], {}, /now/],
  ];
  test.each(wrong)('%j %j ends with 2 and says what is allowed', async (words, environment, sentence) => {
    await withFolder(async (folder) => {
      const { code, stderr } = await runToEnd(words, { environment: { HOME: folder, ...environment } });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) });
      expect(stderr).not.toContain('secret-without-prefix');
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  test('a data folder that cannot be made ends with 1 and names it', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const { code, stderr } = await runToEnd(['--port', '0', '--data-dir', join(file, 'data')]);
      expect(code).toBe(1);
      expect(stderr).toContain(join(file, 'data'));
      expect(stderr).not.toContain('    at ');
    });
  });
});

describe('the folder it is started in', () => {
  test('changes nothing: no .env, no bunfig.toml, no package.json is read', async () => {
    await withFolder(async (startIn) => {
      writeFileSync(join(startIn, '.env'), 'TRIVIUM_AUTH_MODE=strict\nTRIVIUM_LOG_LEVEL=nonsense\n');
      writeFileSync(join(startIn, '.env.production'), 'TRIVIUM_AUTH_MODE=strict\n');
      writeFileSync(join(startIn, 'bunfig.toml'), 'preload = ["./trap.ts"]\n');
      writeFileSync(join(startIn, 'trap.ts'), `require('node:fs').writeFileSync('${join(startIn, 'sprung')}', '');`);
      writeFileSync(join(startIn, 'package.json'), '{ not json');
      writeFileSync(join(startIn, 'tsconfig.json'), '{ not json');
      await using gateway = await startGateway({ startIn });
      expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(200);
      expect(existsSync(join(startIn, 'sprung'))).toBe(false);
      expect(readdirSync(startIn).sort()).toEqual([
        '.env',
        '.env.production',
        'bunfig.toml',
        'package.json',
        'trap.ts',
        'tsconfig.json',
      ]);
    });
  });

  test('may be one that is not readable, and the data folder relative to it', async () => {
    await withFolder(async (startIn) => {
      mkdirSync(join(startIn, 'here'));
      await using gateway = await startGateway({ startIn: join(startIn, 'here'), folder: '../there' });
      expect(existsSync(join(startIn, 'there', 'trivium.db'))).toBe(true);
      chmodSync(join(startIn, 'here'), 0o300);
      expect((await fetch(`${gateway.url}/ui`)).status).toBe(200);
    });
  });
});

function withoutPort<T extends { key: string }>(settings: readonly T[]): T[] {
  return settings.filter(({ key }) => key !== 'port');
}
