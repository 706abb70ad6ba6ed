import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Send, UpstreamRequest } from './provider.ts';
import { addressOf, readSendFault, unreachable } from './send-fault.ts';
import { createSocksBridge } from './socks-bridge.ts';

/** What the network looks like from here: the part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What sending needs from outside. Limits are read for each request, since settings change while running. */
export interface SendPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Milliseconds an upstream may take until the headers of its answer. */
  readonly firstByteTimeoutMs: () => number;
  /** The proxy for accounts without one of their own. */
  readonly proxyUrl: () => string | undefined;
}

/** The network itself. */
export const callNetwork: Fetch = (url, init) => fetch(url, init);

/** A kept connection that the upstream had closed fails at once; what fails later was being worked on. */
const STALE_CONNECTION_MS = 2_000;

/** One try to send: it ends with headers, or with whatever `fetch` threw. */
type Try = (options: { readonly fresh: boolean }) => Promise<Response>;

/** Makes the one function that calls the network. */
export function createSend(ports: SendPorts): Send {
  // only an upstream that has answered before can have left a connection behind
  const answered = new Set<string>();
  const bridge = createSocksBridge();
  return async (request, signal) => {
    if (signal.aborted) throw canceled(signal.reason);
    const proxyUrl = request.proxyUrl ?? ports.proxyUrl();
    const attempt = startAttempt(ports, request, signal);
    const origin = originOf(request.url);
    try {
      const way = isSocks(proxyUrl) ? await bridge(proxyUrl) : proxyUrl;
      const send: Try = ({ fresh }) =>
        ports.fetch(request.url, fetchOptions(request, attempt.signal, { fresh, proxyUrl: way }));
      const response = await sendOnce(send, answered.has(origin), ports.clock);
      answered.add(origin);
      if (response.status >= 300 && response.status <= 399) return await refuseRedirect(response, request.url);
      return response;
    } catch (thrown) {
      throw attempt.explain(thrown, proxyUrl);
    } finally {
      attempt.stopWaiting();
    }
  };
}

/**
 * Sends, and sends again over a new connection when a kept one turns out to have been closed by the upstream: the request had
 * not been read then. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
async function sendOnce(send: Try, mayBeStale: boolean, clock: Clock): Promise<Response> {
  const startedAt = clock.now();
  try {
    return await send({ fresh: false });
  } catch (thrown) {
    const stale = mayBeStale && readSendFault(thrown).reset && clock.now() - startedAt < STALE_CONNECTION_MS;
    if (!stale) throw thrown;
    return await send({ fresh: true });
  }
}

function fetchOptions(
  request: UpstreamRequest,
  signal: AbortSignal,
  way: { readonly fresh: boolean; readonly proxyUrl: string | undefined },
): RequestInit {
  const options: BunFetchRequestInit & { timeout: false } = {
    method: request.method,
    headers: { 'accept-encoding': 'identity', ...request.headers },
    signal,
    redirect: 'manual',
    // our own limits stand in its place: it would cut streams that think for minutes
    timeout: false,
    ...(request.body === undefined ? {} : { body: request.body as BodyInit }),
    ...(way.fresh ? { keepalive: false } : {}),
    ...(way.proxyUrl === undefined || way.proxyUrl === '' ? {} : { proxy: way.proxyUrl }),
  };
  return options as RequestInit;
}

/** `fetch` knows HTTP proxies only. */
function isSocks(proxyUrl: string | undefined): proxyUrl is string {
  return proxyUrl !== undefined && /^socks(?:5h?)?:/i.test(proxyUrl);
}

/**
 * Puts the time limit for the headers on a request. A caller that gives its own controller has joined it to the client already;
 * for others the client's signal is followed here until the answer's body has ended.
 */
function startAttempt(ports: SendPorts, request: UpstreamRequest, signal: AbortSignal) {
  const controller = request.abort ?? new AbortController();
  const limitMs = ports.firstByteTimeoutMs();
  let late = false;
  const follow = () => controller.abort(signal.reason);
  if (request.abort === undefined) signal.addEventListener('abort', follow, { once: true });
  const stopWaiting = ports.clock.after(limitMs, () => {
    late = true;
    controller.abort();
  });
  const explain = (thrown: unknown, proxyUrl: string | undefined): GatewayError => {
    if (request.abort === undefined) signal.removeEventListener('abort', follow);
    if (thrown instanceof GatewayError) return thrown;
    if (late) return timedOut(addressOf(request.url), limitMs);
    if (signal.aborted) return canceled(signal.reason);
    return unreachable(thrown, request.url, proxyUrl);
  };
  return { signal: controller.signal, stopWaiting, explain };
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
