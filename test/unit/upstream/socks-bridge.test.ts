import { afterEach, describe, expect, test } from 'bun:test';
import { connect, createServer, type Socket } from 'node:net';
import { systemClock } from '../../../src/base/clock.ts';
import { createWatchdog } from '../../../src/base/watchdog.ts';
import { createSend } from '../../../src/upstream/send.ts';
import { createSocksBridge, readProxyRequest } from '../../../src/upstream/socks-bridge.ts';

const running: { stop(): unknown }[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.stop();
});

/** A SOCKS5 proxy that connects to one upstream whatever it is asked for, and remembers what that was. */
async function startSocks(upstreamPort: number, login?: string) {
  const asked: string[] = [];
  const server = createServer((client) => {
    client.on('error', () => {});
    void serveSocks(client, { upstreamPort, asked, login });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ stop: () => server.close() });
  return { asked, port: (server.address() as { port: number }).port };
}

interface SocksOptions {
  readonly upstreamPort: number;
  readonly asked: string[];
  readonly login: string | undefined;
}

async function serveSocks(client: Socket, { upstreamPort, asked, login }: SocksOptions): Promise<void> {
  const next = () => new Promise<Buffer>((resolve) => client.once('data', resolve));
  const greeting = await next();
  if (login === undefined) {
    client.write(Buffer.from([5, 0]));
  } else {
    if (!greeting.includes(2, 2)) return void client.end(Buffer.from([5, 255]));
    client.write(Buffer.from([5, 2]));
    const given = (await next()).subarray(1);
    const user = given.toString('utf8', 1, 1 + given[0]!);
    const password = given.toString('utf8', 2 + given[0]!);
    client.write(Buffer.from([1, `${user}:${password}` === login ? 0 : 1]));
  }
  const request = await next();
  const name = request[3] === 1 ? [...request.subarray(4, 8)].join('.') : request.toString('utf8', 5, 5 + request[4]!);
  asked.push(`${name}:${request.readUInt16BE(request.length - 2)}`);
  const upstream = connect(upstreamPort, '127.0.0.1', () => {
    client.write(Buffer.from([5, 0, 0, 3, 3, 97, 98, 99, 0, 80]));
    client.pipe(upstream).pipe(client);
  });
}

function startUpstream() {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) =>
      Response.json({ url: request.url, body: await request.text(), headers: Object.fromEntries(request.headers) }),
  });
  running.push({ stop: () => server.stop(true) });
  return server.port!;
}

const ask = (proxyUrl: string, url = 'http://model.example:8000/v1/x?y=1') =>
  createSend({
    fetch,
    clock: systemClock,
    watchdog: createWatchdog(systemClock),
    firstByteTimeoutMs: () => 5_000,
    proxyUrl: () => proxyUrl,
  })({ method: 'POST', url, headers: { 'x-own': 'a' }, body: 'z'.repeat(100_000) }, new AbortController().signal);

describe('createSocksBridge', () => {
  test('a request goes through, its name resolved by the proxy', async () => {
    const socks = await startSocks(startUpstream());
    const answer = (await (await ask(`socks5://127.0.0.1:${socks.port}`)).json()) as { body: string; headers: object };
    expect(answer.body.length).toBe(100_000);
    expect(answer.headers).toMatchObject({ host: 'model.example:8000', 'x-own': 'a' });
    expect(answer.headers).not.toHaveProperty('proxy-authorization');
    expect(socks.asked).toEqual(['model.example:8000']);
  });

  test('an address stays an address', async () => {
    const socks = await startSocks(startUpstream());
    await ask(`socks5h://127.0.0.1:${socks.port}`, 'http://10.1.2.3/');
    expect(socks.asked).toEqual(['10.1.2.3:80']);
  });

  test('one proxy serves requests to several hosts', async () => {
    const socks = await startSocks(startUpstream());
    const proxy = `socks5://127.0.0.1:${socks.port}`;
    const send = createSend({
      fetch,
      clock: systemClock,
      watchdog: createWatchdog(systemClock),
      firstByteTimeoutMs: () => 5_000,
      proxyUrl: () => proxy,
    });
    for (const host of ['a.example', 'b.example', 'a.example']) {
      const request = { method: 'GET', url: `http://${host}/`, headers: {} } as const;
      await (await send(request, new AbortController().signal)).text();
    }
    expect(socks.asked).toEqual(['a.example:80', 'b.example:80', 'a.example:80']);
  });

  test('user and password are shown to the proxy', async () => {
    const socks = await startSocks(startUpstream(), 'me:s p');
    expect((await ask(`socks5://me:s%20p@127.0.0.1:${socks.port}`)).status).toBe(200);
    const refused = ask(`socks5://me:wrong@127.0.0.1:${socks.port}`);
    await expect(refused).rejects.toMatchObject({ kind: 'upstream-unreachable' });
  });

  test('a proxy that is not there is named without its password', async () => {
    const refused = ask('socks5://me:secret@127.0.0.1:1');
    await expect(refused).rejects.toThrow(/through the proxy 127\.0\.0\.1:1/);
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  test('nobody else can use the bridge', async () => {
    const socks = await startSocks(startUpstream());
    const bridge = new URL(await createSocksBridge()(`socks5://127.0.0.1:${socks.port}`));
    const open = `http://127.0.0.1:${bridge.port}`;
    const response = await fetch('http://model.example/', { proxy: open } as RequestInit);
    expect(response.status).toBe(407);
    expect(socks.asked).toEqual([]);
  });
});

describe('readProxyRequest', () => {
  test('a tunnel names host and port', () => {
    const head = 'CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\nProxy-Authorization: Basic x';
    expect(readProxyRequest(head)).toEqual({ host: 'api.example', port: 443, authorization: 'Basic x' });
    expect(readProxyRequest('CONNECT [::1]:8443 HTTP/1.1')).toMatchObject({ host: '::1', port: 8_443 });
    expect(readProxyRequest('CONNECT api.example:80 HTTP/1.1')).toMatchObject({ port: 80 });
  });

  test('a whole URL becomes a path, and nothing of the proxy goes on', () => {
    const head =
      'POST http://h.example/a?b=c HTTP/1.1\r\nHost: h.example\r\nConnection: keep-alive\r\nProxy-Connection: x\r\nX: y';
    expect(readProxyRequest(head)).toEqual({
      host: 'h.example',
      port: 80,
      authorization: '',
      head: 'POST /a?b=c HTTP/1.1\r\nHost: h.example\r\nX: y\r\nconnection: close\r\n\r\n',
    });
  });

  test('anything else is no request', () => {
    expect(readProxyRequest('GET / HTTP/1.1')).toBeUndefined();
    expect(readProxyRequest('')).toBeUndefined();
  });
});
