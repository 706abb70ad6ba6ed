import type { Account, AccountId } from '../base/account.ts';
import type { Clock } from '../base/clock.ts';
import { freshState, mergeAccount, restoreState } from './account-life.ts';
import type { AccountState, Ask, Choice, Lease, Outcome, Policy, Pool, SavedState } from './account-state.ts';
import { withRequest } from './allowance.ts';
import { type Bindings, createBindings, type KeptTies } from './binding.ts';
import { refusalError } from './refusal-words.ts';
import { concerns } from './rest-scope.ts';
import { choose, refusals } from './schedule.ts';
import { modelsOf } from './served-models.ts';
import { settle } from './settle.ts';
import { createWaitingQueue, type WaitingQueue } from './waiting.ts';

/** What the pool works with. */
export interface PoolPorts {
  readonly clock: Clock;
  readonly policy: () => Policy;
  /** Told of accounts whose strikes, rests, trouble or last error changed, so that they outlive a restart. */
  readonly onChange?: (states: readonly AccountState[]) => void;
  /** What an earlier run knew; taken up when `setAccounts` names the account. */
  readonly restored?: readonly SavedState[];
  /** The conversations' ties of an earlier run, and where those of this run are kept. Absent: they end with the process. */
  readonly ties?: KeptTies;
}

type Use = Extract<Choice, { type: 'use' }>;

interface Core {
  readonly ports: PoolPorts;
  readonly saved: Map<AccountId, SavedState>;
  readonly bindings: Bindings;
  readonly queue: WaitingQueue;
  states: AccountState[];
  places: ReadonlyMap<AccountId, number>;
}

/** Makes the one object that holds the accounts' changing state; empty until `setAccounts`. */
export function createPool(ports: PoolPorts): Pool {
  const core: Core = {
    ports,
    saved: new Map(ports.restored?.map((state) => [state.account, state])),
    bindings: createBindings(ports.ties),
    queue: createWaitingQueue({
      clock: ports.clock,
      refresh: (ask) => withBinding(core, ask),
      choose: (ask) => decide(core, ask),
      take: (ask, choice) => take(core, ask, choice),
      refusal: (ask, choice) => refusalOf(core, ask, choice),
    }),
    states: [],
    places: new Map(),
  };
  return {
    lease: (ask, signal) => lease(core, ask, signal),
    explain: (ask) => explain(core, ask),
    snapshot: () => core.states.slice(),
    setAccounts: (accounts) => setAccounts(core, accounts),
    clearCooldown: (account) => replace(core, account, (state) => freshState(state)),
  };
}

async function lease(core: Core, ask: Ask, signal: AbortSignal): Promise<Lease> {
  signal.throwIfAborted();
  // time may have freed an account since the last look; those who wait come first
  if (core.queue.size > 0) core.queue.wakeAll();
  const now = core.ports.clock.now();
  const asked = withBinding(core, { ...ask, waitingSince: now });
  const choice = decide(core, asked);
  switch (choice.type) {
    case 'use':
      return take(core, asked, choice);
    case 'refuse':
      throw refusalOf(core, asked, choice);
    case 'wait':
      return core.queue.enter(asked, choice.until, signal);
    default:
      return choice satisfies never;
  }
}

function explain(core: Core, ask: Ask): Choice {
  const asked = withBinding(core, ask);
  return { ...decide(core, asked), refusals: refusals(core.states, asked, core.ports.clock.now()) };
}

function decide(core: Core, ask: Ask): Choice {
  return choose(core.states, ask, core.ports.policy(), core.ports.clock.now());
}

function withBinding(core: Core, ask: Ask): Ask {
  if (ask.sessionKey === undefined || ask.opens) return ask;
  const bound = core.bindings.find(ask.sessionKey, ask.target.model, core.ports.clock.now());
  if (bound === ask.bound) return ask;
  const { bound: _, ...rest } = ask;
  return bound === undefined ? rest : { ...rest, bound };
}

function refusalOf(core: Core, ask: Ask, choice: Choice): Error {
  return refusalError(ask.target, choice.refusals, core.states, core.ports.clock.now());
}

function take(core: Core, ask: Ask, choice: Use): Lease {
  const id = choice.account;
  const now = core.ports.clock.now();
  const place = core.places.get(id)!;
  const before = core.states[place]!;
  const taken = { ...before, inFlight: before.inFlight + 1, lastUsedAt: now, turns: choice.turns ?? before.turns };
  const counted = before.account.budget === undefined ? taken : withRequest(taken, now);
  core.states[place] = counted.cooldowns.length === 0 ? counted : probing(counted, ask.target.model, now);
  if (ask.bound === id) tie(core, ask, id);
  let inUse = true;
  return {
    account: before.account,
    target: ask.target,
    why: choice.why,
    answered: () => {
      if (inUse) report(core, { ask, id, inFlight: 0 }, { type: 'served', startedAt: now });
    },
    settle: (outcome) => {
      if (!inUse) return;
      inUse = false;
      report(core, { ask, id, inFlight: -1 }, { ...outcome, startedAt: now });
    },
  };
}

/** Marks the rests that are over: until one request was served, no other goes there. */
function probing(state: AccountState, model: string, now: number): AccountState {
  const cooldowns = state.cooldowns.map((one) => (concerns(one, model) ? { ...one, probedAt: now } : one));
  return { ...state, cooldowns };
}

function report(core: Core, use: { ask: Ask; id: AccountId; inFlight: number }, outcome: Outcome): void {
  const { ask, id } = use;
  if (outcome.type === 'served') tie(core, ask, id);
  replace(core, id, (before) => {
    const after = settle(before, ask.target, outcome, core.ports.clock.now());
    return { ...after, inFlight: Math.max(0, before.inFlight + use.inFlight) };
  });
}

function tie(core: Core, { sessionKey, target }: Ask, account: AccountId): void {
  // a conversation goes back from a fallback as soon as it can
  if (sessionKey === undefined || core.states[core.places.get(account) ?? -1]?.account.fallback === true) return;
  const life = { now: core.ports.clock.now(), ttlMs: core.ports.policy().bindingTtlMs };
  core.bindings.tie(sessionKey, target.model, account, life);
}

function replace(core: Core, id: AccountId, change: (state: AccountState) => AccountState): void {
  const place = core.places.get(id);
  if (place === undefined) return;
  const before = core.states[place]!;
  const after = change(before);
  core.states[place] = after;
  if (core.queue.size > 0) core.queue.wakeAll();
  if (isWorthSaving(before, after)) core.ports.onChange?.([after]);
}

function isWorthSaving(before: AccountState, after: AccountState): boolean {
  return (
    before.cooldowns !== after.cooldowns ||
    before.strikes !== after.strikes ||
    before.modelStrikes !== after.modelStrikes ||
    before.trouble !== after.trouble ||
    after.account.budget !== undefined ||
    before.lastError !== after.lastError
  );
}

function setAccounts(core: Core, accounts: readonly Account[]): void {
  const served = new Map<string, ReadonlySet<string>>();
  const changed: AccountState[] = [];
  const states = accounts.map((account) => {
    const place = core.places.get(account.id);
    const before = place === undefined ? undefined : core.states[place]!;
    const state =
      before === undefined ? restoreState(account, core.saved.get(account.id)) : mergeAccount(before, account);
    if (before !== undefined && isWorthSaving(before, state)) changed.push(state);
    return { ...state, served: shareSet(served, account) };
  });
  core.saved.clear();
  core.states = states;
  core.places = new Map(accounts.map((account, place) => [account.id, place]));
  core.queue.wakeAll();
  if (changed.length > 0) core.ports.onChange?.(changed);
}

/** Accounts with the same models share one set, which makes a pass over many of them cheap. */
function shareSet(sets: Map<string, ReadonlySet<string>>, account: Account): ReadonlySet<string> {
  const models = modelsOf(account);
  const key = models.join('\n');
  const known = sets.get(key);
  if (known !== undefined) return known;
  const set = new Set(models);
  sets.set(key, set);
  return set;
}
