import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { invalidRequest } from '../base/gateway-error.ts';
import type { LinkedData } from '../translate/links.ts';
import { sniffMediaType } from '../translate/media-type.ts';
import { isPublicAddress } from './public-address.ts';
import type { Fetch } from './send.ts';

/** Gets what a client's link leads to. Throws `invalid-request` saying why it cannot be had. */
export type FetchMedia = (url: string) => Promise<LinkedData>;

/** What getting media needs from outside. */
export interface MediaPorts {
  readonly fetch: Fetch;
  /** All addresses of a name. */
  readonly lookUp: (host: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  /** The HTTP proxy to go through, if any. */
  readonly proxyUrl: () => Promise<string> | string | undefined;
}

/** Looks a name up as the system does, addresses of IPv4 first. */
export async function lookUp(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.sort((a, b) => a.family - b.family).map(({ address }) => address);
}

const LIMIT_MS = 10_000;
const LIMIT_BYTES = 20 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const MEDIA_TYPES = /^(?:image|audio|video)\/|^application\/pdf$/;
/** What servers say when they do not know. */
const UNTOLD_TYPES: ReadonlySet<string> = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/**
 * Makes the function that gets media for upstreams which take no links. A link is a client's word, so it must not lead into the
 * owner's network: only public addresses are asked, each name is looked up once and the very address that was checked is connected
 * to, and each redirect is checked anew. Nothing of the client's request goes along.
 */
export function createFetchMedia(ports: MediaPorts): FetchMedia {
  return async (url) => {
    const controller = new AbortController();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const stop = ports.clock.after(LIMIT_MS, () => {
      reject(invalidRequest(`it did not come within ${LIMIT_MS / 1000} s`));
      controller.abort();
    });
    try {
      return await Promise.race([follow(url, ports, controller.signal), tooLate]);
    } finally {
      stop();
      controller.abort();
    }
  };
}

async function follow(first: string, ports: MediaPorts, signal: AbortSignal): Promise<LinkedData> {
  let url = readAddress(first, undefined);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await ask(url, ports, signal);
    if (response.status < 300 || response.status > 399) return await readMedia(response);
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (location === null) throw invalidRequest('its server redirects to nowhere');
    url = readAddress(location, url);
  }
  throw invalidRequest('its server redirects too often');
}

function readAddress(text: string, base: URL | undefined): URL {
  if (!URL.canParse(text, base)) throw invalidRequest('it is no valid address');
  const url = new URL(text, base);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalidRequest('only http and https are followed');
  return url;
}

async function ask(url: URL, ports: MediaPorts, signal: AbortSignal): Promise<Response> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? await ports.lookUp(host).catch(() => []) : [host];
  if (addresses.length === 0) throw invalidRequest('its name cannot be resolved');
  // a name that leads to both is not made for us
  if (!addresses.every(isPublicAddress)) throw invalidRequest('its address is not public');
  const proxy = await ports.proxyUrl();
  for (const address of addresses.slice(0, MOST_ADDRESSES)) {
    try {
      return await ports.fetch(urlAt(url, address), requestFor(url, host, { signal, proxy }));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
    }
  }
  throw invalidRequest('its server cannot be reached');
}

const MOST_ADDRESSES = 3;

/** The URL with the address itself for the name, so that nobody looks it up once more; without user and password. */
function urlAt({ protocol, port, pathname, search }: URL, address: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}${pathname}${search}`;
}

function requestFor(
  url: URL,
  host: string,
  { signal, proxy }: { readonly signal: AbortSignal; readonly proxy: string | undefined },
): RequestInit {
  const options: BunFetchRequestInit = {
    headers: {
      host: url.host,
      accept: 'image/*, application/pdf, audio/*, video/*',
      // what is sent packed may be any size
      'accept-encoding': 'identity',
      'user-agent': 'Trivium',
    },
    redirect: 'manual',
    signal,
    // a connection that is kept would be found by its address, whatever name its certificate was checked for
    keepalive: false,
    ...(isIP(host) === 0 ? { tls: { serverName: host } } : {}),
    ...(proxy === undefined || proxy === '' ? {} : { proxy }),
  };
  return options as RequestInit;
}

async function readMedia(response: Response): Promise<LinkedData> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw invalidRequest(`its server answered with status ${response.status}`);
  }
  const told = (response.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (!MEDIA_TYPES.test(told) && !UNTOLD_TYPES.has(told)) {
    await response.body?.cancel();
    throw invalidRequest('it is no image, PDF, sound or video');
  }
  if (Number(response.headers.get('content-length')) > LIMIT_BYTES) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const data = (await readBytes(response)).toString('base64');
  const mimeType = sniffMediaType(data) ?? told;
  if (!MEDIA_TYPES.test(mimeType)) throw invalidRequest('it is no image, PDF, sound or video');
  if (data === '') throw invalidRequest('it is empty');
  return { mimeType, data };
}

async function readBytes(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return Buffer.alloc(0);
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    if (size > LIMIT_BYTES) {
      await reader.cancel();
      throw tooLarge();
    }
    pieces.push(read.value);
  }
  return Buffer.concat(pieces, size);
}

function tooLarge() {
  return invalidRequest(`it is larger than ${LIMIT_BYTES / 1024 / 1024} MB`);
}
