import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Watchdog, Watched } from '../base/watchdog.ts';
import type { Send, UpstreamRequest } from './provider.ts';
import { addressOf, readSendFault, unreachable } from './send-fault.ts';
import { asHttpProxy, createSocksBridge } from './socks-bridge.ts';

/** What the network looks like from here: the part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What sending needs from outside. Limits are read for each request, since settings change while running. */
export interface SendPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly watchdog: Watchdog;
  /** Milliseconds an upstream may take until the headers of its answer. */
  readonly firstByteTimeoutMs: () => number;
  /** The proxy for accounts without one of their own. */
  readonly proxyUrl: () => string | undefined;
}

/** The network itself. */
export const callNetwork: Fetch = (url, init) => fetch(url, init);

/** A kept connection that the upstream had closed fails at once; what fails later was being worked on. */
const STALE_CONNECTION_MS = 2_000;

/** One request on its way to its headers. */
interface Sending {
  readonly request: UpstreamRequest;
  /** The signal of the one who asked. */
  readonly asked: AbortSignal;
  readonly controller: AbortController;
  readonly limit: HeaderLimit;
}

/** The time limit for the headers of an answer. */
interface HeaderLimit extends Watched {
  readonly ms: number;
  passed: boolean;
}

/** Makes the one function that calls the network. */
export function createSend(ports: SendPorts): Send {
  // only an upstream that has answered before can have left a connection behind
  const answered = new Set<string>();
  const bridge = createSocksBridge();
  return async (request, signal) => {
    if (signal.aborted) throw canceled(signal.reason);
    const sending = startSending(ports, request, signal);
    const proxyUrl = request.proxyUrl ?? ports.proxyUrl();
    const origin = originOf(request.url);
    try {
      const way = await asHttpProxy(proxyUrl, bridge);
      const response = await sendOnce(ports, sending, answered.has(origin), way);
      answered.add(origin);
      if (response.status >= 300 && response.status <= 399) return await refuseRedirect(response, request.url);
      return response;
    } catch (thrown) {
      throw explain(sending, thrown, proxyUrl);
    } finally {
      ports.watchdog.release(sending.limit);
    }
  };
}

/**
 * Puts the time limit for the headers on a request. A caller that gives its own controller has joined it to the client already;
 * for others the client's signal is followed here until the answer's body has ended.
 */
function startSending(ports: SendPorts, request: UpstreamRequest, asked: AbortSignal): Sending {
  const controller = request.abort ?? new AbortController();
  if (request.abort === undefined)
    asked.addEventListener('abort', () => controller.abort(asked.reason), { once: true });
  const ms = Math.min(ports.firstByteTimeoutMs(), request.withinMs ?? Number.POSITIVE_INFINITY);
  const limit: HeaderLimit = {
    ms,
    passed: false,
    deadline: ports.clock.now() + ms,
    expire: () => {
      limit.passed = true;
      controller.abort();
    },
  };
  ports.watchdog.watch(limit);
  return { request, asked, controller, limit };
}

/**
 * Sends, and sends again over a new connection when a kept one turns out to have been closed by the upstream: the request had
 * not been read then. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
async function sendOnce(
  ports: SendPorts,
  sending: Sending,
  mayBeStale: boolean,
  proxyUrl: string | undefined,
): Promise<Response> {
  const { url } = sending.request;
  const options = fetchOptions(sending, proxyUrl);
  if (!mayBeStale) return ports.fetch(url, options);
  const startedAt = ports.clock.now();
  try {
    return await ports.fetch(url, options);
  } catch (thrown) {
    const isStale = readSendFault(thrown).reset && ports.clock.now() - startedAt < STALE_CONNECTION_MS;
    if (!isStale) throw thrown;
    return await ports.fetch(url, { ...options, keepalive: false });
  }
}

function fetchOptions({ request, controller }: Sending, proxyUrl: string | undefined): RequestInit {
  const options: BunFetchRequestInit & { timeout: false } = {
    method: request.method,
    headers: request.headers,
    signal: controller.signal,
    redirect: 'manual',
    // our own limits stand in its place: it would cut streams that think for minutes
    timeout: false,
  };
  if (request.body !== undefined) options.body = request.body as BodyInit;
  if (proxyUrl !== undefined && proxyUrl !== '') options.proxy = proxyUrl;
  return options as RequestInit;
}

function explain({ request, asked, limit }: Sending, thrown: unknown, proxyUrl: string | undefined): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (limit.passed) return timedOut(addressOf(request.url), limit.ms);
  if (asked.aborted) return canceled(asked.reason);
  return unreachable(thrown, request.url, proxyUrl);
}

/** A redirect would carry the credential to an address the owner never named. */
async function refuseRedirect(response: Response, url: string): Promise<never> {
  await response.body?.cancel();
  const address = addressOf(url);
  const location = response.headers.get('location')?.replace(/[?#].*$/s, '') ?? 'another address';
  const words = `${address} redirects (${response.status}) to ${location}; set the account's base_url to the final address.`;
  throw new GatewayError('upstream-failed', words, { code: 'redirect' });
}

/** Scheme, host and port of a URL, cut and not parsed: every request passes here. */
function originOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  return path < 0 ? url : url.slice(0, path);
}

function canceled(cause: unknown): GatewayError {
  return new GatewayError('canceled', 'The client ended the request.', { cause });
}

function timedOut(address: string, limitMs: number): GatewayError {
  return new GatewayError('upstream-timeout', `${address} sent no answer within ${Math.round(limitMs / 1_000)} s.`);
}
