import type { AccountState } from '../pool/account-state.ts';
import { AdminError } from './admin-error.ts';

/** The service as the admin API shows it. */
export interface ServiceItem {
  readonly state: 'running' | 'stopped';
  /** Where it listens: `http://127.0.0.1:8045`. */
  readonly address: string;
  /** Accounts that are switched on and whose credential is not refused. */
  readonly active_accounts: number;
}

/** Starts and stops the client API; the UI and the admin API go on. */
export interface ServiceAdmin {
  isRunning(): boolean;
  get(): ServiceItem;
  /** Throws `no_accounts` when no account is switched on. Starting what runs changes nothing. */
  start(): ServiceItem;
  stop(): ServiceItem;
}

/** What starting and stopping work with. */
export interface ServiceParts {
  readonly accounts: () => readonly AccountState[];
  readonly address: () => string;
}

/** Makes the operations on the service, which runs from the start: health depends on no account. */
export function createServiceAdmin(parts: ServiceParts): ServiceAdmin {
  let running = true;
  const get = (): ServiceItem => ({
    state: running ? 'running' : 'stopped',
    address: parts.address(),
    active_accounts: countActive(parts.accounts()),
  });
  return {
    isRunning: () => running,
    get,
    start: () => {
      if (!parts.accounts().some(({ account }) => account.enabled)) throw emptyPool(parts.accounts().length);
      running = true;
      return get();
    },
    stop: () => {
      running = false;
      return get();
    },
  };
}

/** How many accounts could serve if none had to rest. */
function countActive(states: readonly AccountState[]): number {
  return states.filter(({ account, trouble }) => account.enabled && trouble === undefined).length;
}

function emptyPool(accounts: number): AdminError {
  const advice = accounts === 0 ? 'Add an account first.' : 'Switch an account on or add one first.';
  return new AdminError('no_accounts', `The gateway has no account that could serve. ${advice}`, { status: 409 });
}
