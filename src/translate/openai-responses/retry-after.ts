import { asNumber, asObject, asString, type JsonObject } from '../../base/json.ts';

const SECOND = 1000;
const LEAST_MS = SECOND;
const MOST_MS = 8 * 24 * 3600 * SECOND;

/** Where a waiting time may stand, and the time it is read at. */
export interface RetryFacts {
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  readonly error: JsonObject;
  readonly message: string;
  /** Epoch milliseconds; 0 when nobody knows, and then no time of day is read. */
  readonly now: number;
}

/** How many milliseconds to wait, from the most trustworthy place that tells; `undefined` when none does. */
export function readRetryAfter(facts: RetryFacts): number | undefined {
  for (const read of SOURCES) {
    const ms = read(facts);
    if (ms !== undefined && Number.isFinite(ms) && ms >= 0) return Math.min(Math.max(Math.ceil(ms), LEAST_MS), MOST_MS);
  }
  return undefined;
}

const SOURCES: readonly ((facts: RetryFacts) => number | undefined)[] = [
  ({ headers }) => numberIn(headers['retry-after-ms']),
  ({ headers, now }) => fromRetryAfter(headers['retry-after'], now),
  fromBody,
  fromResetHeaders,
  ({ message }) => fromText(message),
];

function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === '' ? undefined : asNumber(Number(text));
}

function fromRetryAfter(text: string | undefined, now: number): number | undefined {
  const seconds = numberIn(text);
  if (seconds !== undefined) return seconds * SECOND;
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}

function fromBody({ error, now }: RetryFacts): number | undefined {
  const seconds = asNumber(error.resets_in_seconds);
  if (seconds !== undefined) return seconds * SECOND;
  if (now === 0) return undefined;
  const at = asNumber(error.resets_at);
  return at === undefined ? fromMetadata(error, now) : Math.max(at * SECOND - now, 0);
}

// OpenRouter repeats the headers of the limit inside the error
function fromMetadata(error: JsonObject, now: number): number | undefined {
  const reset = numberIn(asString(asObject(asObject(error.metadata)?.headers)?.['X-RateLimit-Reset']));
  return reset === undefined ? undefined : Math.max(reset - now, 0);
}

function fromResetHeaders({ headers }: RetryFacts): number | undefined {
  const waits = ['requests', 'tokens']
    .filter((dimension) => numberIn(headers[`x-ratelimit-remaining-${dimension}`]) === 0)
    .map((dimension) => parseDuration(headers[`x-ratelimit-reset-${dimension}`]))
    .filter((ms) => ms !== undefined);
  const windows = ['primary', 'secondary']
    .filter((window) => (numberIn(headers[`x-codex-${window}-used-percent`]) ?? 0) >= 100)
    .map((window) => numberIn(headers[`x-codex-${window}-reset-after-seconds`]))
    .filter((seconds) => seconds !== undefined)
    .map((seconds) => seconds * SECOND);
  const all = [...waits, ...windows];
  return all.length === 0 ? undefined : Math.max(...all);
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 24 * 3600 * SECOND,
};

/** The milliseconds of a duration such as `1h2m3.5s` or `120ms`; `undefined` for other text. */
export function parseDuration(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) total += Number(amount) * UNITS[unit!]!;
  return total;
}

function fromText(message: string): number | undefined {
  const duration = /try again in ((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)/i.exec(message)?.[1];
  if (duration !== undefined) return parseDuration(duration);
  const words = /try again in (\d+(?:\.\d+)?) ?(second|minute|hour)/i.exec(message);
  return words === null ? undefined : Number(words[1]) * UNITS[words[2]![0]!]!;
}
