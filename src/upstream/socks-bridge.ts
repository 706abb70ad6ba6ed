import { timingSafeEqual } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { newShortId } from '../base/id.ts';
import { parseSocksUrl, type SocksProxy, shakeHands } from './socks-handshake.ts';

/** Bytes that the head of a proxied request may have. */
const MAX_HEAD = 64 * 1024;

/** Gives an HTTP proxy that leads through a SOCKS proxy. */
export type SocksBridge = (socksUrl: string) => Promise<string>;

/**
 * Makes the bridge by which `fetch`, which knows HTTP proxies only, uses SOCKS proxies: for each of them a listener on the
 * loopback interface, open only to who knows its password. It does not keep the process alive.
 */
export function createSocksBridge(): SocksBridge {
  const started = new Map<string, Promise<string>>();
  return (socksUrl) => {
    const known = started.get(socksUrl);
    if (known !== undefined) return known;
    const starting = startBridge(parseSocksUrl(socksUrl));
    started.set(socksUrl, starting);
    return starting;
  };
}

/** The proxy as one that `fetch` knows, which are HTTP proxies only. */
export function asHttpProxy(proxyUrl: string | undefined, bridge: SocksBridge): string | undefined | Promise<string> {
  return proxyUrl !== undefined && /^socks(?:5h?)?:/i.test(proxyUrl) ? bridge(proxyUrl) : proxyUrl;
}

async function startBridge(proxy: SocksProxy): Promise<string> {
  const password = newShortId('bridge');
  const expected = `Basic ${Buffer.from(`trivium:${password}`).toString('base64')}`;
  const server = createServer((client) => serveClient(client, proxy, expected));
  const port = await listenAnywhere(server);
  return `http://trivium:${password}@127.0.0.1:${port}`;
}

function listenAnywhere(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      resolve((server.address() as { port: number }).port);
    });
  });
}

function serveClient(client: Socket, proxy: SocksProxy, expected: string): void {
  let head = Buffer.alloc(0);
  const readHead = (bytes: Buffer) => {
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) {
      if (head.length > MAX_HEAD) client.destroy();
      return;
    }
    client.off('data', readHead);
    client.pause();
    const rest = head.subarray(end + 4);
    bridge({ client, proxy, expected }, head.toString('latin1', 0, end), rest).catch(() => client.destroy());
  };
  client.on('error', () => client.destroy());
  client.on('data', readHead);
}

interface Visit {
  readonly client: Socket;
  readonly proxy: SocksProxy;
  readonly expected: string;
}

async function bridge({ client, proxy, expected }: Visit, head: string, rest: Buffer): Promise<void> {
  const request = readProxyRequest(head);
  if (request === undefined || !isSame(request.authorization, expected)) {
    client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  const upstream = connect(proxy.port, proxy.host);
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
  await shakeHands(upstream, proxy, request);
  if (request.head === undefined) client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  else upstream.write(request.head, 'latin1');
  if (rest.length > 0) upstream.write(rest);
  upstream.pipe(client);
  client.pipe(upstream);
}

/** What a client of the bridge wants; `head` is what its upstream is to get, absent for a tunnel. */
interface ProxyRequest {
  readonly host: string;
  readonly port: number;
  readonly authorization: string;
  readonly head?: string;
}

/** Reads the head of a request to a proxy: `CONNECT host:port`, or a method with a whole URL. */
export function readProxyRequest(head: string): ProxyRequest | undefined {
  const [line = '', ...headers] = head.split('\r\n');
  const [method = '', target = '', version = 'HTTP/1.1'] = line.split(' ');
  const tunnel = method === 'CONNECT';
  const address = tunnel ? `http://${target}` : target;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port, pathname, search } = new URL(address);
  const authorization =
    headers.find((header) => /^proxy-authorization:/i.test(header))?.replace(/^[^:]*:\s*/, '') ?? '';
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port), authorization };
  if (tunnel) return { ...place, port: Number(target.slice(target.lastIndexOf(':') + 1)) };
  // one request for each connection: the next one may be for another host
  const kept = headers.filter((header) => !/^(?:proxy-[^:]*|connection):/i.test(header));
  return {
    ...place,
    head: [`${method} ${pathname}${search} ${version}`, ...kept, 'connection: close', '', ''].join('\r\n'),
  };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
