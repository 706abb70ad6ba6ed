import type { Account, Budget } from '../base/account.ts';
import { writeDollars } from '../base/money.ts';
import { maskProxyUrl } from '../config/addresses.ts';
import type { AccountState } from '../pool/account-state.ts';
import type { AccountStatus } from '../pool/account-status.ts';
import type { UsageSum } from '../store/usage-hours.ts';
import type { Provider } from '../upstream/provider.ts';
import { type MaskedCredential, maskCredential } from './account-credential.ts';
import { isoTime } from './read-fields.ts';

/** Tells how an account stands. */
export type ReadStatus = (state: AccountState, now: number) => AccountStatus;

/** Sums of tokens and requests. */
export interface UsageItem {
  readonly requests: number;
  readonly errors: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly reasoning: number;
  /** US dollars as a decimal string, over the requests whose price is known; null when there is none. */
  readonly cost: string | null;
}

/** An account as the admin API shows it. Null: there is none, or it is not known. */
export interface AccountItem {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly dialects: readonly string[];
  readonly base_url: string | null;
  readonly credential: MaskedCredential;
  readonly models: readonly string[];
  /** True when the owner listed the models. */
  readonly models_fixed: boolean;
  readonly enabled: boolean;
  readonly priority: number;
  readonly weight: number;
  readonly max_concurrent: number | null;
  readonly reserve_percent: number | null;
  readonly budget: { readonly requests_per_day?: number; readonly tokens_per_day?: number } | null;
  readonly proxy_url: string | null;
  readonly note: string | null;
  readonly created_at: string;
  readonly status: {
    readonly state: AccountStatus['state'];
    readonly reason: string | null;
    readonly since: string | null;
    readonly until: string | null;
    readonly advice: string | null;
    readonly models: readonly { readonly model: string; readonly state: string; readonly until: string | null }[];
  };
  readonly quota: readonly {
    readonly name: string;
    readonly model: string | null;
    readonly limit: number | null;
    readonly remaining: number | null;
    readonly resets_at: string | null;
  }[];
  readonly usage_today: UsageItem;
  readonly last_used_at: string | null;
  readonly last_error: { readonly at: string; readonly kind: string; readonly message: string } | null;
}

/** What an item is made of beside the account. */
export interface ItemParts {
  readonly state: AccountState;
  readonly status: AccountStatus;
  readonly provider?: Provider;
  readonly usage?: UsageSum;
}

/** Shows an account, secrets masked. */
export function showAccount(account: Account, parts: ItemParts): AccountItem {
  const { state, provider } = parts;
  const spoken =
    provider?.endpoints.filter((one) => !one.onlyWhenListed && !one.passesOnly).map((one) => one.dialect) ?? [];
  return {
    id: account.id,
    name: account.name,
    provider: account.provider,
    dialects: account.dialects.length > 0 ? account.dialects : spoken,
    base_url: account.baseUrl ?? provider?.defaultBaseUrl ?? null,
    credential: maskCredential(account.credential),
    models: account.models,
    models_fixed: account.modelsFixed,
    enabled: account.enabled,
    priority: account.priority,
    weight: account.weight,
    max_concurrent: account.maxConcurrent ?? null,
    reserve_percent: account.reservePercent ?? null,
    budget: showBudget(account.budget),
    proxy_url: account.proxyUrl === undefined ? null : maskProxyUrl(account.proxyUrl),
    note: account.note ?? null,
    created_at: isoTime(account.createdAt),
    status: showStatus(parts.status),
    quota: state.quota.map(showQuota),
    usage_today: showUsage(parts.usage),
    last_used_at: isoTime(state.lastUsedAt),
    last_error: state.lastError === undefined ? null : { ...state.lastError, at: isoTime(state.lastError.at) },
  };
}

/** Shows sums; without any, zeros. */
export function showUsage(sum: UsageSum | undefined): UsageItem {
  return {
    requests: sum?.requests ?? 0,
    errors: sum?.errors ?? 0,
    input: sum?.input ?? 0,
    output: sum?.output ?? 0,
    cached: sum?.cacheRead ?? 0,
    reasoning: sum?.reasoning ?? 0,
    cost: sum === undefined || sum.priced === 0 ? null : writeDollars(sum.cost),
  };
}

function showBudget(budget: Budget | undefined): AccountItem['budget'] {
  if (budget === undefined) return null;
  const { requestsPerDay, tokensPerDay } = budget;
  return {
    ...(requestsPerDay === undefined ? {} : { requests_per_day: requestsPerDay }),
    ...(tokensPerDay === undefined ? {} : { tokens_per_day: tokensPerDay }),
  };
}

function showStatus(status: AccountStatus): AccountItem['status'] {
  return {
    state: status.state,
    reason: status.reason ?? null,
    since: isoTime(status.since),
    until: isoTime(status.until),
    advice: status.advice ?? null,
    models: status.models.map(({ model, state, until }) => ({ model, state, until: isoTime(until) })),
  };
}

function showQuota(quota: AccountState['quota'][number]): AccountItem['quota'][number] {
  return {
    name: quota.name,
    model: quota.model ?? null,
    limit: quota.limit ?? null,
    remaining: quota.remaining ?? null,
    resets_at: isoTime(quota.resetsAt),
  };
}
