import type { Quota } from '../base/account.ts';
import type { DialectId } from '../translate/dialect-id.ts';

/** Where header values are read: a `Headers`, or anything with the same `get`. */
export interface HeaderSource {
  get(name: string): string | null | undefined;
}

const OPENAI_DIMENSIONS = ['requests', 'tokens'];
const ANTHROPIC_DIMENSIONS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];
const OPENAI_SIGNS = [
  'x-ratelimit-remaining-requests',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-remaining',
  'x-ratelimit-limit-requests',
];
const NO_QUOTA: readonly Quota[] = [];
const ANTHROPIC_WINDOWS = ['5h', '7d'];
const UNIT_MS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * What the headers of an answer tell of the account's allowances. Gemini tells nothing in headers.
 * https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
 * https://docs.claude.com/en/api/rate-limits#response-headers
 */
export function readQuota(dialect: DialectId, headers: HeaderSource, now: number): readonly Quota[] {
  switch (dialect) {
    case 'openai-chat':
    case 'openai-completions':
    case 'openai-responses':
      return readOpenAi(headers, now);
    case 'anthropic-messages':
      return [...readAnthropic(headers), ...readAnthropicWindows(headers)];
    case 'gemini':
      return [];
    default:
      return dialect satisfies never;
  }
}

/** Milliseconds of a duration as rate-limit headers write it: `1s`, `6m0s`, `120ms`, `1h2m3s`, `2m59.56s`. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
    total += Number(amount) * UNIT_MS[unit!]!;
  return Math.round(total);
}

function readOpenAi(headers: HeaderSource, now: number): readonly Quota[] {
  // most servers tell nothing, and every answer passes here
  if (!OPENAI_SIGNS.some((name) => headers.get(name) != null)) return NO_QUOTA;
  const named = OPENAI_DIMENSIONS.map((name) => {
    const reset = parseDuration(headers.get(`x-ratelimit-reset-${name}`) ?? '');
    return makeQuota(name, {
      limit: readCount(headers.get(`x-ratelimit-limit-${name}`)),
      remaining: readCount(headers.get(`x-ratelimit-remaining-${name}`)),
      resetsAt: reset === undefined ? undefined : now + reset,
    });
  });
  // OpenRouter has one allowance without a name, reset at an epoch time in milliseconds
  const single = makeQuota('requests', {
    limit: readCount(headers.get('x-ratelimit-limit')),
    remaining: readCount(headers.get('x-ratelimit-remaining')),
    resetsAt: readCount(headers.get('x-ratelimit-reset')),
  });
  return [...named, single].filter((quota) => quota !== undefined);
}

function readAnthropic(headers: HeaderSource): Quota[] {
  const quotas = ANTHROPIC_DIMENSIONS.map((name) => {
    const resetsAt = Date.parse(headers.get(`anthropic-ratelimit-${name}-reset`) ?? '');
    return makeQuota(name, {
      limit: readCount(headers.get(`anthropic-ratelimit-${name}-limit`)),
      remaining: readCount(headers.get(`anthropic-ratelimit-${name}-remaining`)),
      resetsAt: Number.isNaN(resetsAt) ? undefined : resetsAt,
    });
  });
  return quotas.filter((quota) => quota !== undefined);
}

/** The windows of a subscription, whose use is told as a share of 1; it may exceed 1. */
function readAnthropicWindows(headers: HeaderSource): Quota[] {
  const quotas = ANTHROPIC_WINDOWS.map((name) => {
    const used = readCount(headers.get(`anthropic-ratelimit-unified-${name}-utilization`));
    const reset = readCount(headers.get(`anthropic-ratelimit-unified-${name}-reset`));
    return makeQuota(name, {
      limit: used === undefined ? undefined : 1,
      remaining: used === undefined ? undefined : Math.max(0, 1 - used),
      resetsAt: reset === undefined ? undefined : reset * 1_000,
    });
  });
  return quotas.filter((quota) => quota !== undefined);
}

interface Figures {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetsAt: number | undefined;
}

function makeQuota(name: string, { limit, remaining, resetsAt }: Figures): Quota | undefined {
  // Azure sends a limit of 0 where it has none
  if (limit === 0 || (limit === undefined && remaining === undefined)) return undefined;
  return {
    name,
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetsAt === undefined ? {} : { resetsAt }),
  };
}

/** A figure that is not negative; Azure writes −1 for one it does not know. */
function readCount(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
