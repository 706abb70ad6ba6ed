import type { AccountState, SchedulingMode } from './account-state.ts';
import { firstReset } from './allowance.ts';

/** The order in which accounts of the same priority are taken. */
export interface Rotation {
  /** Why the first one was taken, for the record. */
  readonly why: string;
  comesBefore(one: AccountState, other: AccountState, now: number): boolean;
}

const BY_TURN: Rotation = {
  why: 'its turn by weight',
  // of two whose turn it is, the one whose allowance is renewed first: what is left of it would be lost
  comesBefore: (one, other, now) => {
    const difference = dueAt(one) - dueAt(other);
    return difference === 0 ? resetsSooner(one, other, now) : difference < 0;
  },
};

const BY_LOAD: Rotation = {
  why: 'least loaded',
  comesBefore: (one, other, now) => {
    const difference = one.inFlight * other.account.weight - other.inFlight * one.account.weight;
    return difference === 0 ? BY_TURN.comesBefore(one, other, now) : difference < 0;
  },
};

/** The rotation of each scheduling mode. */
export const ROTATIONS: Record<SchedulingMode, Rotation> = {
  cache_first: BY_TURN,
  balance: BY_TURN,
  performance_first: BY_LOAD,
};

/**
 * The middle of an account's next turn. Each account takes a turn of length 1/weight at a time, and the one whose turn has its
 * middle first is next: over any stretch each serves its share, to within one request.
 */
function dueAt(state: AccountState): number {
  return state.turns + 0.5 / state.account.weight;
}

/** The middle of an account's last turn. The largest among the accounts that can serve tells how far the rotation is. */
export function lastDueAt(state: AccountState): number {
  return state.turns - 0.5 / state.account.weight;
}

/** The account's `turns` after one more turn. Who was away does not make up for it: it is lifted to where the others are. */
export function turnsAfter(state: AccountState, reached: number): number {
  return Math.max(state.turns, reached - 0.5 / state.account.weight) + 1 / state.account.weight;
}

function resetsSooner(one: AccountState, other: AccountState, now: number): boolean {
  if (one.quota.length === 0) return false;
  return firstReset(one, now) < firstReset(other, now);
}
