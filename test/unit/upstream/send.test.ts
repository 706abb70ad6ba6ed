import { afterEach, describe, expect, test } from 'bun:test';
import { createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '../../../src/base/clock.ts';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import type { Watchdog, Watched } from '../../../src/base/watchdog.ts';
import type { UpstreamRequest } from '../../../src/upstream/provider.ts';
import { createSend, type SendPorts } from '../../../src/upstream/send.ts';

const running: { stop(): unknown }[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.stop();
});

const never = new AbortController().signal;
/** A watchdog that lets all time limits pass unseen. */
const asleep: Watchdog = { watch: () => {}, release: () => {} };

const sendWith = (ports: Partial<SendPorts> = {}) =>
  createSend({
    fetch,
    clock: systemClock,
    watchdog: asleep,
    firstByteTimeoutMs: () => 30_000,
    proxyUrl: () => undefined,
    ...ports,
  });

function serve(answer: (request: Request) => Response | Promise<Response>) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: answer });
  running.push({ stop: () => server.stop(true) });
  return `http://127.0.0.1:${server.port}`;
}

/** A server that decides over each connection byte for byte. */
async function serveRaw(connected: (socket: Socket, connection: number) => void): Promise<string> {
  let connections = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    connected(socket, ++connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ stop: () => server.close() });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const post = (url: string, change: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"model":"m"}',
  ...change,
});

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(GatewayError);
  return thrown as GatewayError;
}

describe('createSend', () => {
  test('sends method, headers and body as they are', async () => {
    const url = serve(async (request) =>
      Response.json({ headers: Object.fromEntries(request.headers), body: await request.text() }),
    );
    const response = await sendWith()(post(`${url}/x`, { body: new TextEncoder().encode('{"a":1}') }), never);
    expect(await response.json()).toMatchObject({
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
  });

  test('answers with error statuses as they are', async () => {
    const url = serve(() => new Response('slow down', { status: 429, headers: { 'retry-after': '7' } }));
    const response = await sendWith()(post(url), never);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.text()).toBe('slow down');
  });

  test('never follows a redirect, and does not repeat its query', async () => {
    let asked = 0;
    const url = serve(() => {
      asked++;
      return new Response('', { status: 307, headers: { location: 'https://elsewhere.example/v1?key=secret' } });
    });
    const error = await failureOf(sendWith()(post(url), never));
    expect(error.kind).toBe('upstream-failed');
    expect(error.message).toContain('https://elsewhere.example/v1;');
    expect(error.message).not.toContain('secret');
    expect(asked).toBe(1);
  });

  test('a refused connection names host, port and reason, and not the rest of the URL', async () => {
    const error = await failureOf(sendWith()(post('http://127.0.0.1:1/v1/chat?key=secret'), never));
    expect(error.kind).toBe('upstream-unreachable');
    expect(error.message).toBe('127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED).');
    expect(error.detail.code).toBe('ECONNREFUSED');
  });

  test('a name that does not resolve', async () => {
    const dns = Object.assign(new TypeError('getaddrinfo ENOTFOUND nowhere.invalid'), { code: 'ENOTFOUND' });
    const error = await failureOf(
      sendWith({ fetch: () => Promise.reject(dns) })(post('https://nowhere.invalid/v1'), never),
    );
    expect(error.message).toBe('nowhere.invalid:443 cannot be reached: its name cannot be resolved (ENOTFOUND).');
  });

  test('a proxy that is not there is named', async () => {
    const url = serve(() => new Response('ok'));
    const error = await failureOf(sendWith({ proxyUrl: () => 'http://user:secret@127.0.0.1:1' })(post(url), never));
    expect(error.kind).toBe('upstream-unreachable');
    expect(error.message).toContain('through the proxy 127.0.0.1:1');
    expect(error.message).not.toContain('secret');
  });

  test("an account's proxy comes before the general one", async () => {
    const seen: unknown[] = [];
    const fake = (_url: string, init: RequestInit) => {
      seen.push((init as { proxy?: string }).proxy);
      return Promise.resolve(new Response('ok'));
    };
    const send = sendWith({ fetch: fake, proxyUrl: () => 'http://general:1' });
    await send(post('http://host/'), never);
    await send(post('http://host/', { proxyUrl: 'http://own:1' }), never);
    expect(seen).toEqual(['http://general:1', 'http://own:1']);
  });

  test('an upstream that sends no headers in time', async () => {
    const url = serve(() => new Promise<Response>(() => {}));
    const eager: Watchdog = { watch: (watched) => queueMicrotask(() => watched.expire()), release: () => {} };
    const error = await failureOf(sendWith({ watchdog: eager, firstByteTimeoutMs: () => 120_000 })(post(url), never));
    expect(error.kind).toBe('upstream-timeout');
    expect(error.message).toEndWith('sent no answer within 120 s.');
  });

  test('the limit ends with the headers: a slow body is not cut', async () => {
    const watched = new Set<Watched>();
    const watchdog: Watchdog = {
      watch: (one) => void watched.add(one),
      release: (one) => void watched.delete(one),
    };
    const limits: number[] = [];
    const url = serve(() => {
      for (const { deadline } of watched) limits.push(deadline - systemClock.now());
      return new Response('ok');
    });
    await sendWith({ watchdog })(post(url), never);
    expect(limits).toHaveLength(1);
    expect(limits[0]).toBeGreaterThan(20_000);
    expect(watched.size).toBe(0);
  });

  test('a canceled request ends the one upstream, before its headers and within its body', async () => {
    const ended = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const silent = serve((request) => {
      arrived.resolve();
      request.signal.addEventListener('abort', () => ended.resolve());
      return new Promise<Response>(() => {});
    });
    const before = new AbortController();
    const waiting = failureOf(sendWith()(post(silent), before.signal));
    await arrived.promise;
    before.abort();
    expect((await waiting).kind).toBe('canceled');
    await ended.promise;

    const cut = Promise.withResolvers<void>();
    const talking = serve((request) => {
      request.signal.addEventListener('abort', () => cut.resolve());
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([65])) }));
    });
    const within = new AbortController();
    const response = await sendWith()(post(talking), within.signal);
    const reader = response.body!.getReader();
    await reader.read();
    within.abort();
    await expect(reader.read()).rejects.toThrow();
    await cut.promise;
  });

  test('a request that was canceled before it began is not sent', async () => {
    const fake = () => Promise.reject(new Error('must not be called'));
    const error = await failureOf(sendWith({ fetch: fake })(post('http://host/'), AbortSignal.abort()));
    expect(error.kind).toBe('canceled');
  });
});

describe('a kept connection that the upstream has closed', () => {
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

  test('is replaced once, and the request succeeds on a new one', async () => {
    const seen: string[] = [];
    const url = await serveRaw((socket, connection) => {
      let requests = 0;
      socket.on('data', () => {
        seen.push(`connection ${connection}`);
        if (++requests === 1) socket.write(ok);
        else socket.destroy();
      });
    });
    const send = sendWith();
    await (await send(post(url), never)).text();
    const again = await send(post(url), never);
    expect(await again.text()).toBe('ok');
    expect(seen).toEqual(['connection 1', 'connection 1', 'connection 2']);
  });

  test('is not suspected before the upstream has ever answered: the request is sent once', async () => {
    let requests = 0;
    const url = await serveRaw((socket) => {
      socket.on('data', () => {
        requests++;
        socket.destroy();
      });
    });
    const error = await failureOf(sendWith()(post(url), never));
    expect(error.kind).toBe('upstream-unreachable');
    expect(error.message).toContain('closed before an answer came');
    expect(requests).toBe(1);
  });

  test('is not suspected when the upstream worked on the request for a while', async () => {
    let time = 0;
    const clock = { ...systemClock, now: () => time };
    let calls = 0;
    const fake = () => {
      if (++calls === 1) return Promise.resolve(new Response('ok'));
      time += 30_000;
      return Promise.reject(Object.assign(new TypeError('closed'), { code: 'ECONNRESET' }));
    };
    const send = sendWith({ fetch: fake, clock });
    await send(post('http://host/'), never);
    await failureOf(send(post('http://host/'), never));
    expect(calls).toBe(2);
  });

  test('is replaced only once', async () => {
    let calls = 0;
    const fake = () => {
      if (++calls === 1) return Promise.resolve(new Response('ok'));
      return Promise.reject(Object.assign(new TypeError('closed'), { code: 'ECONNRESET' }));
    };
    const send = sendWith({ fetch: fake });
    await send(post('http://host/'), never);
    expect((await failureOf(send(post('http://host/'), never))).kind).toBe('upstream-unreachable');
    expect(calls).toBe(3);
  });
});
