import { isIPv4, type Socket } from 'node:net';

/** A SOCKS5 proxy, taken apart. */
export interface SocksProxy {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

const VERSION = 5;
const NO_AUTH = 0;
const PASSWORD_AUTH = 2;
const DEFAULT_PORT = 1080;

/** Reads `socks5://user:password@host:port`; throws a `TypeError` for text that is no URL. */
export function parseSocksUrl(url: string): SocksProxy {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORT : Number(port),
    ...(username === '' ? {} : { user: decodeURIComponent(username), password: decodeURIComponent(password) }),
  };
}

/**
 * Asks a SOCKS5 proxy, on a socket connected to it, for a connection to a host. The proxy resolves the name. Rejects when the
 * proxy refuses. https://www.rfc-editor.org/rfc/rfc1928
 */
export async function shakeHands(
  socket: Socket,
  proxy: SocksProxy,
  target: { host: string; port: number },
): Promise<void> {
  const read = createReader(socket);
  const methods = proxy.user === undefined ? [NO_AUTH] : [NO_AUTH, PASSWORD_AUTH];
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [, method] = await read(2);
  if (method === PASSWORD_AUTH && proxy.user !== undefined) {
    socket.write(Buffer.from([1, ...sized(proxy.user), ...sized(proxy.password ?? '')]));
    const [, denied] = await read(2);
    if (denied !== 0) throw new Error('the SOCKS proxy refused user and password');
  } else if (method !== NO_AUTH) {
    throw new Error('the SOCKS proxy wants another way to sign in');
  }
  socket.write(connectRequest(target));
  const [, reply, , kind] = await read(4);
  if (reply !== 0) throw new Error(`the SOCKS proxy could not connect (${reply})`);
  const [first] = kind === 3 ? await read(1) : [kind === 4 ? 16 : 4];
  await read(first! + 2);
  read.release();
}

function sized(text: string): number[] {
  const bytes = Buffer.from(text);
  return [bytes.length, ...bytes];
}

function connectRequest({ host, port }: { host: string; port: number }): Buffer {
  const address = isIPv4(host) ? [1, ...host.split('.').map(Number)] : [3, ...sized(host)];
  return Buffer.from([VERSION, 1, 0, ...address, port >> 8, port & 0xff]);
}

interface Reader {
  (count: number): Promise<Buffer>;
  /** Gives the socket back, with what was not read. */
  release(): void;
}

/** Reads so many bytes of a socket at a time. */
function createReader(socket: Socket): Reader {
  let kept = Buffer.alloc(0);
  let wake = () => {};
  let failure: Error | undefined;
  const take = (bytes: Buffer) => {
    kept = Buffer.concat([kept, bytes]);
    wake();
  };
  const fail = () => {
    failure = new Error('the SOCKS proxy closed the connection');
    wake();
  };
  socket.on('data', take).on('close', fail).on('error', fail);
  const read = async (count: number): Promise<Buffer> => {
    while (kept.length < count) {
      if (failure !== undefined) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const bytes = kept.subarray(0, count);
    kept = kept.subarray(count);
    return bytes;
  };
  const release = () => {
    socket.off('data', take).off('close', fail).off('error', fail);
    socket.pause();
    if (kept.length > 0) socket.unshift(kept);
  };
  return Object.assign(read, { release });
}
