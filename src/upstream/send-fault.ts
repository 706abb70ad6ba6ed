import { GatewayError } from '../base/gateway-error.ts';
import { asString } from '../base/json.ts';

/** What can be told of a failed connection. */
export interface SendFault {
  readonly code: string | undefined;
  /** True: the connection was closed before an answer came. */
  readonly reset: boolean;
  readonly reason: string;
}

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ConnectionClosed', 'ECONNABORTED', 'UND_ERR_SOCKET']);

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ECONNREFUSED|ConnectionRefused)$/, 'the connection was refused'],
  [/^(?:ENOTFOUND|EAI_AGAIN|ENODATA|DNS)/, 'its name cannot be resolved'],
  [/^(?:ETIMEDOUT|ConnectTimeout|ESOCKETTIMEDOUT)/, 'no connection came about in time'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/, 'there is no way to its network'],
  [/CERT|SIGNATURE|ISSUER|SELF_SIGNED|TLS|SSL/, 'its TLS certificate is not trusted'],
  [/^Malformed_HTTP/, 'its answer is not HTTP'],
  [/^(?:ERR_INVALID_URL|UnsupportedProxyProtocol)$/, 'the URL of the upstream or the proxy is not valid'],
  [/^Proxy|^407$/, 'the proxy refused'],
];

/** Reads what `fetch` threw, by its code: the words change from version to version. */
export function readSendFault(thrown: unknown): SendFault {
  const code = codeOf(thrown) ?? codeOf((thrown as { cause?: unknown } | undefined)?.cause);
  if (code !== undefined && RESET_CODES.has(code)) {
    return { code, reset: true, reason: 'the connection was closed before an answer came' };
  }
  const known = REASONS.find(([pattern]) => code !== undefined && pattern.test(code));
  return { code, reset: false, reason: known?.[1] ?? 'the connection failed' };
}

/** The error of an upstream that could not be reached: it names host, port and reason, and no more of the URL. */
export function unreachable(thrown: unknown, url: string, proxyUrl: string | undefined): GatewayError {
  const { code, reason } = readSendFault(thrown);
  const way = proxyUrl === undefined ? '' : ` through the proxy ${addressOf(proxyUrl)}`;
  const words = `${addressOf(url)} cannot be reached${way}: ${reason}${code === undefined ? '' : ` (${code})`}.`;
  return new GatewayError('upstream-unreachable', words, { cause: thrown, ...(code === undefined ? {} : { code }) });
}

/** Host and port of a URL, for people. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'The upstream';
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === 'https:' ? '443' : '80';
  return `${hostname}:${port === '' ? standard : port}`;
}

function codeOf(thrown: unknown): string | undefined {
  return asString((thrown as { code?: unknown } | undefined)?.code);
}
