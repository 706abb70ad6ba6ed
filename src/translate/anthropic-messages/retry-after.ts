import type { LimitScope } from '../../base/gateway-error.ts';
import type { UpstreamFailure } from '../dialect.ts';

const SECOND_MS = 1000;
const LONGEST_MS = 8 * 24 * 3600 * SECOND_MS;
/** https://docs.claude.com/en/api/rate-limits#response-headers */
const DIMENSIONS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * Milliseconds until another try can succeed, from one second to eight days: what the server asks for, at least until the longest
 * window that is used up opens again; else the reset of a spent dimension; else what the message says.
 */
export function readRetryAfter({ headers, now }: UpstreamFailure, message: string): number | undefined {
  const asked = readAsked(headers, now);
  const windows = decisiveWindows(headers).map(({ resetsAt }) => resetsAt - now);
  const dimensions = DIMENSIONS.filter((name) => headers[`anthropic-ratelimit-${name}-remaining`] === '0').map(
    (name) => Date.parse(headers[`anthropic-ratelimit-${name}-reset`] ?? '') - now,
  );
  const longest =
    largest([asked, ...windows]) ?? untilUnified(headers, now) ?? largest(dimensions) ?? readSaid(message);
  return longest === undefined ? undefined : Math.min(LONGEST_MS, Math.max(SECOND_MS, Math.ceil(longest)));
}

type Headers = UpstreamFailure['headers'];

/** A window that is used up. */
interface Window {
  /** What follows its length in its name: nothing for all models, else the family it is for. */
  readonly of: string;
  /** Epoch milliseconds. */
  readonly resetsAt: number;
}

/**
 * The headers that name a window: `5h`, `7d`, and `7d_opus` for a family. There are windows whose suffix is no family; they hold
 * for the model that was asked.
 */
const WINDOW_STATUS = /^anthropic-ratelimit-unified-(\d+[hd])(?:[_-](\w+))?-status$/;
const CLAIMS_OF_ACCOUNT = /^(?:five_hour|seven_day)$/;
const FAMILIES = ['opus', 'sonnet', 'haiku'];

/** What the windows that are used up hold for; `undefined` for the model alone. */
export function scopeOfWindows(headers: Headers): LimitScope | undefined {
  const windows = decisiveWindows(headers);
  if (windows.length > 0) {
    return windows.every(({ of }) => of === '') ? { type: 'account' } : familyScope(windows[0]!.of);
  }
  const claim = headers['anthropic-ratelimit-unified-representative-claim'] ?? '';
  return CLAIMS_OF_ACCOUNT.test(claim) ? { type: 'account' } : familyScope(claim.replace('seven_day_', ''));
}

function familyScope(name: string): LimitScope | undefined {
  const family = FAMILIES.find((one) => name === one);
  return family === undefined ? undefined : { type: 'family', family };
}

/** The used-up windows of the whole account, which keep every model away; without such, those of families. */
function decisiveWindows(headers: Headers): readonly Window[] {
  const spent = Object.entries(headers).flatMap(([name, status]): Window[] => {
    const match = status === 'rejected' ? WINDOW_STATUS.exec(name) : null;
    if (match === null) return [];
    return [{ of: match[2] ?? '', resetsAt: Number(headers[name.replace(/status$/, 'reset')]) * SECOND_MS }];
  });
  const whole = spent.filter(({ of }) => of === '');
  return whole.length > 0 ? whole : spent;
}

/** The end of the limit that decided, where no window is named. */
function untilUnified(headers: Headers, now: number): number | undefined {
  if (headers['anthropic-ratelimit-unified-status'] !== 'rejected') return undefined;
  const reset = readNumber(headers['anthropic-ratelimit-unified-reset']);
  return reset === undefined ? undefined : reset * SECOND_MS - now;
}

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
