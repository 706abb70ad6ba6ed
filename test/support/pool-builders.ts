import type { Account } from '../../src/base/account.ts';
import { Secret } from '../../src/base/secret.ts';
import type { AccountState, Ask, Policy } from '../../src/pool/account-state.ts';

/** The time that tests of the pool begin at, in epoch milliseconds. */
export const T0 = 1_800_000_000_000;

/** An account of `openai` with a key, serving `gpt-5`; its name is its id unless given. */
export function anAccount(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    name: id,
    provider: 'openai',
    credential: { type: 'api_key', apiKey: new Secret(`sk-${id}-0123456789`) },
    models: ['gpt-5'],
    modelsFixed: false,
    dialects: [],
    enabled: true,
    priority: 0,
    weight: 1,
    createdAt: T0,
    ...change,
  };
}

/** The state of such an account, idle and well. */
export function aState(id: string, change: Partial<AccountState> = {}, account: Partial<Account> = {}): AccountState {
  return {
    account: anAccount(id, account),
    inFlight: 0,
    strikes: 0,
    modelStrikes: {},
    cooldowns: [],
    quota: [],
    turns: 0,
    ...change,
  };
}

/** A request for `gpt-5` that belongs to no conversation. */
export function anAsk(change: Partial<Ask> = {}): Ask {
  return { target: { model: 'gpt-5' }, tried: new Set(), ...change };
}

/** `cache_first` with ten seconds of patience and ties of five minutes. */
export function aPolicy(change: Partial<Policy> = {}): Policy {
  return { mode: 'cache_first', patienceMs: 10_000, bindingTtlMs: 300_000, ...change };
}

/** Whether an account may take a request: the law of the pool, said a second time in the plainest words. */
export function isEligible(state: AccountState, { target, tried }: Ask, now: number): boolean {
  const { account } = state;
  const rests = state.cooldowns.some(
    (rest) =>
      (rest.model === undefined || rest.model === target.model) &&
      (rest.family === undefined || target.model.includes(rest.family)) &&
      (rest.until > now || (rest.probedAt !== undefined && rest.probedAt + 10_000 > now)),
  );
  return (
    account.enabled &&
    state.trouble === undefined &&
    !rests &&
    !tried.has(account.id) &&
    state.inFlight < (account.maxConcurrent ?? Number.POSITIVE_INFINITY) &&
    account.models.includes(target.model) &&
    (target.account === undefined || target.account === account.id) &&
    (target.provider === undefined || target.provider === account.provider)
  );
}
