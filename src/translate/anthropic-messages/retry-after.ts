import type { UpstreamFailure } from '../dialect.ts';

const SECOND_MS = 1000;
const LONGEST_MS = 8 * 24 * 3600 * SECOND_MS;
/** https://docs.claude.com/en/api/rate-limits#response-headers */
const DIMENSIONS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];
const WINDOWS = ['5h', '7d'];

/**
 * Milliseconds until another try can succeed, from one second to eight days: what the server asks for, at least until the longest
 * window that is used up opens again; else the reset of a spent dimension; else what the message says.
 */
export function readRetryAfter({ headers, now }: UpstreamFailure, message: string): number | undefined {
  const asked = readAsked(headers, now);
  const windows = WINDOWS.filter((name) => headers[`anthropic-ratelimit-unified-${name}-status`] === 'rejected').map(
    (name) => Number(headers[`anthropic-ratelimit-unified-${name}-reset`]) * SECOND_MS - now,
  );
  const dimensions = DIMENSIONS.filter((name) => headers[`anthropic-ratelimit-${name}-remaining`] === '0').map(
    (name) => Date.parse(headers[`anthropic-ratelimit-${name}-reset`] ?? '') - now,
  );
  const longest = largest([asked, ...windows]) ?? largest(dimensions) ?? readSaid(message);
  return longest === undefined ? undefined : Math.min(LONGEST_MS, Math.max(SECOND_MS, Math.ceil(longest)));
}

type Headers = UpstreamFailure['headers'];

function readAsked(headers: Headers, now: number): number | undefined {
  const exact = readNumber(headers['retry-after-ms']);
  if (exact !== undefined) return exact;
  const text = headers['retry-after'];
  const seconds = readNumber(text);
  if (seconds !== undefined) return seconds * SECOND_MS;
  return text === undefined ? undefined : Date.parse(text) - now;
}

function readNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}

function readSaid(message: string): number | undefined {
  const said = /try again in (\d+(?:\.\d+)?) ?(ms|s|m|h)\b/i.exec(message);
  if (said === null) return undefined;
  const units: { readonly [unit: string]: number } = { ms: 1, s: SECOND_MS, m: 60 * SECOND_MS, h: 3600 * SECOND_MS };
  return Number(said[1]) * units[said[2]!.toLowerCase()]!;
}

function largest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time): time is number => time !== undefined && Number.isFinite(time));
  return known.length === 0 ? undefined : Math.max(...known);
}
