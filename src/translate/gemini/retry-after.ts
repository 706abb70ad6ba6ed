import { asObject, asString, type JsonObject } from '../../base/json.ts';
import type { UpstreamFailure } from '../dialect.ts';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const LONGEST = 8 * DAY;

/** The places where an error may say when to come back. */
export interface RetrySources {
  readonly message: string;
  readonly details: readonly JsonObject[];
}

/** Milliseconds until the upstream wants to hear of us again, between a second and eight days; `undefined` when it says nothing. */
export function readRetryAfter(error: RetrySources, failure: UpstreamFailure | undefined): number | undefined {
  const wait = readHeaders(failure) ?? readDetails(error.details, failure?.now) ?? readText(error.message);
  return wait === undefined ? undefined : Math.min(LONGEST, Math.max(SECOND, Math.round(wait)));
}

function readHeaders(failure: UpstreamFailure | undefined): number | undefined {
  const exact = Number(failure?.headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(exact)) return exact;
  const written = failure?.headers['retry-after'];
  if (written === undefined || written === '' || failure === undefined) return undefined;
  const seconds = Number(written);
  if (Number.isFinite(seconds)) return seconds * SECOND;
  const date = Date.parse(written);
  return Number.isNaN(date) ? undefined : date - failure.now;
}

function readDetails(details: readonly JsonObject[], now: number | undefined): number | undefined {
  for (const detail of details) {
    const metadata = asObject(detail.metadata);
    const wait = readDuration(asString(detail.retryDelay)) ?? readDuration(asString(metadata?.quotaResetDelay));
    if (wait !== undefined) return wait;
    const reset = Date.parse(asString(metadata?.quotaResetTimeStamp) ?? '');
    if (!Number.isNaN(reset) && now !== undefined) return reset - now;
  }
  return undefined;
}

function readText(message: string): number | undefined {
  return readDuration(/(?:retry|try again|resets?) (?:in|after) ((?:[\d.]+(?:ms|h|m|s))+)/i.exec(message)?.[1]);
}

/** When a used-up quota comes back, where the error names the quota's own end; milliseconds, within the same bounds. */
export function readQuotaReset(details: readonly JsonObject[], now: number | undefined): number | undefined {
  const ofQuota = details.filter(
    (detail) => asObject(detail.metadata) !== undefined && detail.retryDelay === undefined,
  );
  const wait = readDetails(ofQuota, now);
  return wait === undefined ? undefined : Math.min(LONGEST, Math.max(SECOND, Math.round(wait)));
}

const UNITS: { readonly [unit: string]: number | undefined } = { h: 3600 * SECOND, m: 60 * SECOND, s: SECOND, ms: 1 };

/** The milliseconds of `34.4s`, `2h1m1s` or `510.7ms`. */
export function readDuration(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) sum += Number(count) * (UNITS[unit!] ?? 0);
  return sum;
}

/** Milliseconds until the next midnight in California, when quotas by day begin anew. */
export function timeToMidnightPacific(now: number): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const read = (type: string) => Number(clock.formatToParts(now).find((part) => part.type === type)?.value ?? 0);
  const passed = ((read('hour') * 60 + read('minute')) * 60 + read('second')) * SECOND;
  return DAY - passed;
}
