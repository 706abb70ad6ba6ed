import type { Account, AccountId, ProviderId, Quota } from '../base/account.ts';
import type { ErrorKind, LimitScope } from '../base/gateway-error.ts';
import type { Spent } from './allowance.ts';

/** Provider and upstream model chosen for a request. Without `provider` and `account` any account that serves the model will do. */
export interface Target {
  /** The name the upstream knows the model by. */
  readonly model: string;
  readonly provider?: ProviderId;
  readonly account?: AccountId;
  /** True: no account of the provider lists the model, so those whose owner has not fixed the list are asked for it all the same. */
  readonly unlisted?: boolean;
}

/** A rest that an account, one model of it, or a family of models takes. */
export interface Cooldown {
  /** Without model and family the whole account rests. */
  readonly model?: string;
  /** A word in the names of the models that rest, such as `opus`. */
  readonly family?: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly kind: ErrorKind;
  /** The provider's own words, for people. */
  readonly reason: string;
  /**
   * Epoch milliseconds at which a request set out to try whether the rest is over. A rest stays on record until the account
   * has served, since the back-off decays on success only.
   */
  readonly probedAt?: number;
}

/** A lasting trouble of the credential; ends when the owner changes or tests the account, or it serves again. */
export interface Trouble {
  readonly state: 'invalid' | 'forbidden';
  readonly since: number;
  readonly reason: string;
}

/** An account with all that scheduling may know of it. */
export interface AccountState {
  readonly account: Account;
  readonly inFlight: number;
  /** Failures in a row, counted for the whole account, for each model and (as `family:NAME`) for each family; a success takes them back. */
  readonly strikes: number;
  readonly modelStrikes: { readonly [model: string]: number };
  readonly cooldowns: readonly Cooldown[];
  readonly trouble?: Trouble;
  readonly quota: readonly Quota[];
  /** What counts towards the account's budget; absent without one. */
  readonly spent?: Spent;
  /** Epoch milliseconds. */
  readonly lastUsedAt?: number;
  readonly lastError?: { readonly at: number; readonly kind: ErrorKind; readonly message: string };
  /** How often it was chosen, scaled by its weight: the smooth weighted round robin's memory. */
  readonly turns: number;
  /** The models it serves, for quick look-up. Absent: `account.models` is searched. */
  readonly served?: ReadonlySet<string>;
}

/** The part of an account's state that outlives a restart. */
export interface SavedState
  extends Pick<
    AccountState,
    'strikes' | 'modelStrikes' | 'cooldowns' | 'trouble' | 'quota' | 'spent' | 'lastUsedAt' | 'lastError'
  > {
  readonly account: AccountId;
}

export const SCHEDULING_MODES = ['cache_first', 'balance', 'performance_first'] as const;
export type SchedulingMode = (typeof SCHEDULING_MODES)[number];

/** The owner's rules for choosing. */
export interface Policy {
  readonly mode: SchedulingMode;
  /** The longest wait for an account when none can serve now. */
  readonly patienceMs: number;
  /** A conversation's tie to its account ends after so long without a request. */
  readonly bindingTtlMs: number;
}

/** What an attempt needs of the pool. */
export interface Ask {
  readonly target: Target;
  /** What ties the requests of one conversation together. */
  readonly sessionKey?: string;
  /** True: the request begins the conversation, so that no account knows it yet; it is tied where it is served. */
  readonly opens?: boolean;
  /** Accounts this exchange has tried already. */
  readonly tried: ReadonlySet<AccountId>;
  /** The account the conversation is tied to; the pool fills it in. */
  readonly bound?: AccountId;
  /** Epoch milliseconds at which waiting began; the pool fills it in. Absent: now. */
  readonly waitingSince?: number;
  /** Epoch milliseconds after which the request waits no more, whatever the patience. */
  readonly deadline?: number;
  /** About how many tokens an account without the conversation in its cache has to read. */
  readonly promptTokens?: number;
}

/** Why an account could not be taken, for `resolve`, the Monitor and the error message. */
export interface Refusal {
  readonly account: AccountId;
  readonly name: string;
  readonly reason:
    | 'disabled'
    | 'invalid'
    | 'forbidden'
    | 'cooling'
    | 'reserved'
    | 'over-budget'
    | 'full'
    | 'tried'
    | 'model-not-served';
  /** Epoch milliseconds at which it can serve again, when known. */
  readonly until?: number;
  readonly detail?: string;
}

/** What scheduling decides. */
export type Choice =
  | {
      readonly type: 'use';
      readonly account: AccountId;
      readonly why: string;
      /** Of the accounts passed over; gathered by `explain` only. */
      readonly refusals: readonly Refusal[];
      /** What the account's `turns` become when it is taken. Absent: it was not its turn that decided. */
      readonly turns?: number;
    }
  | { readonly type: 'wait'; readonly until: number; readonly refusals: readonly Refusal[] }
  | { readonly type: 'refuse'; readonly retryAt?: number; readonly refusals: readonly Refusal[] };

/**
 * How an attempt ended, as the pool hears it. `startedAt` (epoch milliseconds, filled in by the pool) tells what the attempt
 * could know: one begun before a rest does not end it, and its failure is no further strike.
 */
export type Outcome =
  | {
      readonly type: 'served';
      readonly quota?: readonly Quota[];
      /** The tokens of the attempt, where its account has a budget. */
      readonly tokens?: number;
      readonly startedAt?: number;
    }
  | {
      readonly type: 'failed';
      readonly kind: ErrorKind;
      readonly message: string;
      readonly retryAfterMs?: number;
      /** What a limit holds for. Absent: what the kind of the failure says. */
      readonly scope?: LimitScope;
      readonly quota?: readonly Quota[];
      readonly tokens?: number;
      readonly startedAt?: number;
    }
  | { readonly type: 'canceled'; readonly tokens?: number; readonly startedAt?: number };

/** The right to use an account for one attempt. The first settlement counts, later ones do nothing. */
export interface Lease {
  readonly account: Account;
  readonly target: Target;
  readonly why: string;
  /**
   * Tells that the upstream has begun to answer: strikes and rests end now and not only when a long answer does. The account
   * stays in use until the settlement.
   */
  answered?(): void;
  settle(outcome: Outcome): void;
}

/** The one object that holds the accounts' changing state. */
export interface Pool {
  /**
   * Takes the account that serves the next attempt, waiting up to the policy's patience when all are resting. Throws
   * `no-account` or `pool-cooling` (with `retryAfterMs` of the earliest), or the signal's reason.
   */
  lease(ask: Ask, signal: AbortSignal): Promise<Lease>;
  /** What would be chosen now, without taking it. */
  explain(ask: Ask): Choice;
  snapshot(): readonly AccountState[];
  /** Replaces the set of accounts; the state of those that stay is kept. */
  setAccounts(accounts: readonly Account[]): void;
  /** Ends every cooldown, strike and trouble of an account. */
  clearCooldown(account: AccountId): void;
}
