import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { accountAt, SERVICES, type UpstreamDialect } from '../support/accounts-at.ts';
import { ENDPOINTS, endpointOf } from '../support/endpoints.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import type { RecordedRequest } from '../support/fake-upstream/recorded-request.ts';
import { flood, text } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

const MB = 1024 * 1024;
/** What the gateway may need at the most, though the tests send it more than 3000: some bodies at the limit may wait to be collected. */
const MOST_MEMORY_MB = 1000;

describe('more than a gateway should take', () => {
  let upstream: FakeUpstream;
  let gateway: Gateway;

  beforeAll(async () => {
    upstream = await startFakeUpstream();
    gateway = await startGateway();
    for (const dialect of ['openai-chat', 'anthropic-messages'] as const) {
      await gateway.addAccount(accountAt(upstream, dialect, { name: dialect, models: [SERVICES[dialect].model] }));
    }
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream.stop();
  });

  /** Whatever has happened: the next request is served, and memory has not grown beyond measure. */
  const expectHealth = async () => {
    upstream.play(text('Still here.'));
    const endpoint = endpointOf('openai-responses');
    const { model } = SERVICES['anthropic-messages'];
    const answer = await fetch(gateway.url + endpoint.path(model), {
      method: 'POST',
      body: JSON.stringify(endpoint.body(model, 'Hello')),
    });
    expect(await answer.text()).toContain('Still here.');
    expect(memoryOf(gateway).peakMb).toBeLessThan(MOST_MEMORY_MB);
  };

  for (const endpoint of ENDPOINTS) {
    const send = (init: RequestInit) =>
      fetch(gateway.url + endpoint.path(SERVICES['anthropic-messages'].model), { method: 'POST', ...init });

    const expectTooLarge = async (response: Response) => {
      // Google's service says so with a 400
      expect(response.status).toBe(endpoint.dialect === 'gemini' ? 400 : 413);
      expect(endpoint.readError(await response.json())).toMatch(/100 MB.*max_body_mb/);
      expect(response.headers.get('x-trivium-verdict')).toBe('client-error');
    };

    test(`${endpoint.dialect}: 101 MB are refused, with their length said or not`, async () => {
      await expectTooLarge(await send({ body: new Uint8Array(101 * MB).fill(32) }));
      await expectTooLarge(await send({ body: endless(), duplex: 'half' } as RequestInit));
      await expectHealth();
    });
  }

  test('a small body that unpacks to a large one is refused', async () => {
    const large = new Uint8Array(200 * MB).fill(32);
    const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    const bombs = {
      gzip: gzipSync(large),
      deflate: deflateSync(large),
      br: brotliCompressSync(large, quick),
      zstd: zstdCompressSync(large),
      'gzip, gzip': gzipSync(gzipSync(large)),
    };
    for (const [encoding, body] of Object.entries(bombs)) {
      const headers = { 'content-encoding': encoding };
      const response = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body, headers });
      expect({ encoding, status: response.status }).toEqual({ encoding, status: 413 });
      expect(endpointOf('anthropic-messages').readError(await response.json())).toContain('100 MB');
    }
    await expectHealth();
  });

  test('a body that ends early, or is no HTTP, ends its connection and nothing else', async () => {
    const head = 'POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\n';
    const beginnings = [
      `${head}content-length: 1000\r\n\r\n{"model":"x"`,
      `${head}transfer-encoding: chunked\r\n\r\n10\r\n{"model":"x"`,
      `${head}transfer-encoding: chunked\r\n\r\nzz\r\n{"model":"x"`,
      `${head}content-length: ten\r\n\r\n{}`,
      'hello\r\n\r\n',
    ];
    for (const beginning of beginnings) {
      const socket = await openSocket(gateway);
      socket.end(beginning);
      expect(await readToEnd(socket)).not.toMatch(/HTTP\/1.1 (?!4)/);
    }
    await expectHealth();
  });

  for (const dialect of ['openai-chat', 'anthropic-messages'] as const satisfies readonly UpstreamDialect[]) {
    test(`a client that stops reading a stream of ${dialect} stops the upstream, not the gateway`, async () => {
      upstream.play(flood(160 * MB));
      const count = upstream.requests.length + 1;
      const before = memoryOf(gateway).nowMb;
      const socket = await openSocket(gateway);
      socket.pause();
      socket.write(chatRequest(SERVICES[dialect].model));
      const request = await upstream.arrived(count);
      await untilStill(request);
      expect(request.sentBytes).toBeLessThan(40 * MB);
      expect(memoryOf(gateway).nowMb - before).toBeLessThan(60);
      await expectHealth();

      // it reads on, and nothing was lost
      const received = await countBytes(socket, '[DONE]');
      expect(received).toBeGreaterThan(160 * MB);
      expect(await request.ended).toBe('answered');
      expect(memoryOf(gateway).peakMb).toBeLessThan(MOST_MEMORY_MB);
    });
  }
});

function endless(): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(MB).fill(32)) });
}

/** Memory of a process; zeros on a system that does not tell. */
function memoryOf({ pid }: Gateway): { readonly nowMb: number; readonly peakMb: number } {
  const file = `/proc/${pid}/status`;
  const facts = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(facts)?.[1] ?? 0) / 1024;
  return { nowMb: read('VmRSS'), peakMb: read('VmHWM') };
}

function chatRequest(model: string): string {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Go on and on.' }] });
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${body.length}`;
  return `${head}\r\n\r\n${body}`;
}

function openSocket({ port }: Gateway): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

async function readToEnd(socket: Socket): Promise<string> {
  let all = '';
  for await (const piece of socket) all += piece;
  return all;
}

/** Reads until these last words have come; answers how many bytes that were. */
function countBytes(socket: Socket, lastWords: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let tail = '';
    socket.on('data', (piece: Buffer) => {
      count += piece.length;
      tail = (tail + piece.subarray(-64).toString('latin1')).slice(-64);
      if (!tail.includes(lastWords)) return;
      socket.destroy();
      resolve(count);
    });
    socket.on('close', () => reject(new Error(`the stream ended after ${count} bytes`)));
    socket.resume();
  });
}

/** Resolves once an upstream gets no more bytes off: nobody can tell that something does not happen but by waiting a little. */
async function untilStill(request: RecordedRequest): Promise<void> {
  for (let same = 0, last = -1; same < 4; ) {
    same = request.sentBytes > 0 && request.sentBytes === last ? same + 1 : 0;
    last = request.sentBytes;
    await Bun.sleep(50);
  }
}
