import type { KeyBudget } from '../base/client-key.ts';
import { writeDollars } from '../base/money.ts';

/** What is left of an allowance by the minute; it fills evenly and holds a minute's worth. */
export interface Bucket {
  readonly level: number;
  /** Epoch milliseconds at which it was so full. */
  readonly at: number;
}

/** What was used up in a day or a month. */
export interface Spent {
  /** Start of the day or month, in epoch milliseconds. */
  readonly start: number;
  readonly requests: number;
  readonly tokens: number;
  /** Billionths of a US dollar. */
  readonly cost: number;
}

/** Lengths of time that budgets are for. */
export type Period = 'day' | 'month';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How full a bucket is now. */
export function fill(bucket: Bucket, perMinute: number, now: number): Bucket {
  const since = Math.max(0, now - bucket.at);
  return { level: Math.min(perMinute, bucket.level + (since * perMinute) / MINUTE_MS), at: now };
}

/** Milliseconds until a bucket holds so much. */
export function waitFor(bucket: Bucket, perMinute: number, wanted: number): number {
  return Math.max(0, Math.ceil(((wanted - bucket.level) * MINUTE_MS) / perMinute));
}

/** Start of the day or month of a time, in UTC. */
export function startOf(period: Period, time: number): number {
  if (period === 'day') return Math.floor(time / DAY_MS) * DAY_MS;
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** When the budget of a period begins anew. */
export function endOf(period: Period, time: number): number {
  if (period === 'day') return startOf(period, time) + DAY_MS;
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** What counts now: what was spent in an earlier period does not. */
export function spentSince(spent: Spent, start: number): Spent {
  return spent.start === start ? spent : { start, requests: 0, tokens: 0, cost: 0 };
}

const BUDGETS = {
  day: { requests: 'requestsPerDay', tokens: 'tokensPerDay', cost: 'costPerDay' },
  month: { requests: 'requestsPerMonth', tokens: 'tokensPerMonth', cost: 'costPerMonth' },
} as const;

/** Which budget of a period is used up, in words: "100 tokens a day"; `undefined` while there is something left of each. */
export function usedUp(budget: KeyBudget, period: Period, spent: Spent): string | undefined {
  const keys = BUDGETS[period];
  const { requests, tokens, cost } = keys;
  if (spent.requests >= (budget[requests] ?? Number.POSITIVE_INFINITY))
    return `${budget[requests]} requests a ${period}`;
  if (spent.tokens >= (budget[tokens] ?? Number.POSITIVE_INFINITY)) return `${budget[tokens]} tokens a ${period}`;
  const most = budget[cost];
  return most !== undefined && spent.cost >= most ? `${writeDollars(most)} US dollars a ${period}` : undefined;
}
