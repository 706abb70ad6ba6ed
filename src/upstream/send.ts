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
    const address = addressOf(request.url);
    try {
      const way = isSocks(proxyUrl) ? await bridge(proxyUrl) : proxyUrl;
      const send: Try = ({ fresh }) =>
        ports.fetch(request.url, fetchOptions(request, attempt.signal, { fresh, proxyUrl: way }));
      const response = await sendOnce(send, answered.has(address), ports.clock);
      answered.add(address);
      return await refuseRedirect(response, address);
    } catch (thrown) {
      throw attempt.explain(thrown, address, proxyUrl);
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

/** An attempt's own signal, which aborts for the client or for the time; the client's alone ends the answer's body. */
function startAttempt(ports: SendPorts, request: UpstreamRequest, signal: AbortSignal) {
  const controller = new AbortController();
  const limitMs = ports.firstByteTimeoutMs();
  let late = false;
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const stopWaiting = ports.clock.after(limitMs, () => {
    late = true;
    controller.abort();
  });
  const explain = (thrown: unknown, address: string, proxyUrl: string | undefined): GatewayError => {
    signal.removeEventListener('abort', abort);
    if (thrown instanceof GatewayError) return thrown;
    if (signal.aborted) return canceled(signal.reason);
    if (late) return timedOut(address, limitMs);
    return unreachable(thrown, request.url, proxyUrl);
  };
  return { signal: controller.signal, stopWaiting, explain };
}

/** A redirect would carry the credential to an address the owner never named. */
async function refuseRedirect(response: Response, address: string): Promise<Response> {
  if (response.status < 300 || response.status > 399) return response;
  await response.body?.cancel();
  const location = response.headers.get('location')?.replace(/[?#].*$/s, '') ?? 'another address';
  const words = `${address} redirects (${response.status}) to ${location}; set the account's base_url to the final address.`;
  throw new GatewayError('upstream-failed', words, { code: 'redirect' });
}

function canceled(cause: unknown): GatewayError {
  return new GatewayError('canceled', 'The client ended the request.', { cause });
}

function timedOut(address: string, limitMs: number): GatewayError {
  return new GatewayError('upstream-timeout', `${address} sent no answer within ${Math.round(limitMs / 1_000)} s.`);
}
