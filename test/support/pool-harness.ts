import { GatewayError } from '../../src/base/gateway-error.ts';
import type { AccountState, Ask, Lease, Policy, Pool, SavedState } from '../../src/pool/account-state.ts';
import { createPool } from '../../src/pool/pool.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { anAccount, anAsk, aPolicy, T0 } from './pool-builders.ts';

/** How an attempt that met a rate limit ended. */
export const LIMITED = { type: 'failed', kind: 'rate-limited', message: 'slow down' } as const;

/** The signal of a client that never goes. */
export const FOREVER = new AbortController().signal;

/** A pool of the accounts `a` and `b` with what a test looks at and moves. */
export interface PoolSetUp {
  readonly clock: FakeClock;
  readonly pool: Pool;
  /** All states that the pool wanted saved. */
  readonly saved: AccountState[];
  lease(ask?: Partial<Ask>): Promise<Lease>;
}

/** Makes a pool of the accounts `a` and `b`. */
export function setUpPool(change: { policy?: Partial<Policy>; restored?: readonly SavedState[] } = {}): PoolSetUp {
  const clock = createFakeClock(T0);
  const saved: AccountState[] = [];
  const pool = createPool({
    clock,
    policy: () => aPolicy(change.policy),
    onChange: (states) => saved.push(...states),
    ...(change.restored === undefined ? {} : { restored: change.restored }),
  });
  pool.setAccounts([anAccount('a'), anAccount('b')]);
  return { clock, pool, saved, lease: (ask = {}) => pool.lease(anAsk(ask), FOREVER) };
}

/** The gateway error that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  const thrown = await promise.then(
    () => undefined,
    (error) => error,
  );
  if (!(thrown instanceof GatewayError)) throw new Error(`no gateway error: ${thrown}`);
  return thrown;
}

/** What became of a lease so far. */
export interface Fate {
  lease?: Lease;
  error?: unknown;
}

/** Watches a lease without waiting for it. */
export function watch(promise: Promise<Lease>): Fate {
  const fate: Fate = {};
  promise.then(
    (lease) => {
      fate.lease = lease;
    },
    (error) => {
      fate.error = error;
    },
  );
  return fate;
}

/** The state of one account. */
export function stateOf(pool: Pool, id: string): AccountState {
  return pool.snapshot().find((state) => state.account.id === id)!;
}
