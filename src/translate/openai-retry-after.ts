import { asNumber, asObject, asObjects, asString, type JsonObject } from '../base/json.ts';

/** Where a waiting time may stand. */
export interface RetrySources {
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  /** The error object of the body. */
  readonly error: JsonObject;
  readonly message: string;
  /** Epoch milliseconds; absent when unknown, and then no point in time is read. */
  readonly now?: number;
}

const SECOND = 1000;
const LEAST_MS = SECOND;
const MOST_MS = 8 * 24 * 3600 * SECOND;

/**
 * The milliseconds until another try can succeed, from the most trustworthy place that tells; `undefined` when none does.
 * https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
 */
export function readRetryAfter(sources: RetrySources): number | undefined {
  for (const read of READERS) {
    const ms = read(sources);
    if (ms !== undefined && ms >= 0) return Math.min(Math.max(Math.ceil(ms), LEAST_MS), MOST_MS);
  }
  return undefined;
}

const READERS: readonly ((sources: RetrySources) => number | undefined)[] = [
  ({ headers }) => readNumber(headers['retry-after-ms']),
  readRetryHeader,
  readBody,
  readResetHeaders,
  ({ message }) => readText(message),
];

function readNumber(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === '' ? undefined : asNumber(Number(text));
}

function readRetryHeader({ headers, now }: RetrySources): number | undefined {
  const text = headers['retry-after'];
  const seconds = readNumber(text);
  if (seconds !== undefined) return seconds * SECOND;
  return text === undefined ? undefined : untilTime(Date.parse(text), now);
}

function untilTime(time: number | undefined, now: number | undefined): number | undefined {
  if (time === undefined || now === undefined || Number.isNaN(time)) return undefined;
  return Math.max(0, time - now);
}

/** OpenAI's window limits, Google's `RetryInfo`, and the headers that OpenRouter repeats in its body. */
function readBody({ error, now }: RetrySources): number | undefined {
  const seconds = asNumber(error.resets_in_seconds);
  if (seconds !== undefined) return seconds * SECOND;
  const resetsAt = asNumber(error.resets_at);
  if (resetsAt !== undefined) return untilTime(resetsAt * SECOND, now);
  const delay = asObjects(error.details)
    .map((detail) => asString(detail.retryDelay))
    .find((text) => text !== undefined);
  if (delay !== undefined) return readDuration(delay);
  const headers = asObject(asObject(error.metadata)?.headers);
  return untilTime(readNumber(asString(headers?.['X-RateLimit-Reset'])), now);
}

/** The reset of the dimension that is used up. Azure writes −1 for figures it does not know. */
function readResetHeaders({ headers }: RetrySources): number | undefined {
  const waits = ['requests', 'tokens']
    .filter((dimension) => readNumber(headers[`x-ratelimit-remaining-${dimension}`]) === 0)
    .map((dimension) => readDuration(headers[`x-ratelimit-reset-${dimension}`] ?? ''))
    .filter((ms) => ms !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AMOUNTS = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** The milliseconds of a duration such as `6m0s`, `120ms` or `92h27m28s`; `undefined` for any other text. */
export function readDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(AMOUNTS)) total += Number(amount) * UNITS[unit!]!;
  return total;
}

function readText(message: string): number | undefined {
  const span = /(?:again|retry|resets?) (?:in|after) ((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)/i.exec(message)?.[1];
  if (span !== undefined) return readDuration(span);
  const words = /(?:again|retry|resets?) (?:in|after) (\d+(?:\.\d+)?) ?(second|minute|hour)/i.exec(message);
  return words === null ? undefined : Number(words[1]) * UNITS[words[2]![0]!.toLowerCase()]!;
}
