import type { AccountId } from '../base/account.ts';
import type { UsageQuery, UsageSum } from '../store/usage-hours.ts';

const DAY_MS = 86_400_000;

/** The sums of each account since the day began, in UTC as everything the admin API tells. */
export function usageToday(
  sums: (query: UsageQuery) => readonly UsageSum[],
  now: number,
): ReadonlyMap<AccountId, UsageSum> {
  const from = Math.floor(now / DAY_MS) * DAY_MS;
  return new Map(sums({ from, by: 'account' }).map((sum) => [sum.group, sum]));
}
