import { randomBytes } from 'node:crypto';
import { type AccountsAdmin, createAccountsAdmin } from '../../src/admin/accounts.ts';
import { silentLog } from '../../src/base/log.ts';
import { accountStatus } from '../../src/pool/account-status.ts';
import { createPool } from '../../src/pool/pool.ts';
import { createAccountStore } from '../../src/store/accounts.ts';
import type { StoreDatabase } from '../../src/store/database.ts';
import { createExchangeStore } from '../../src/store/exchanges.ts';
import { createUsageStore } from '../../src/store/usage-hours.ts';
import { createVault, type Vault } from '../../src/store/vault.ts';
import { PROVIDERS } from '../../src/upstream/registry.ts';
import { handClock, openInMemory } from './temporary-store.ts';

/** The real parts behind an owner's operations, on a database that is gone with the test. */
export function openOwner(database: StoreDatabase = openInMemory(), vault: Vault = createVault(randomBytes(32))) {
  const clock = handClock();
  const store = createAccountStore(database, vault);
  const usage = createUsageStore(database);
  const exchanges = createExchangeStore({ database, usage, clock, log: silentLog, costOf: () => undefined });
  const pool = createPool({ clock, policy: () => ({ mode: 'balance', patienceMs: 0, bindingTtlMs: 1000 }) });
  pool.setAccounts(store.list());
  const changed: string[] = [];
  const admin: AccountsAdmin = createAccountsAdmin({
    store,
    pool,
    providers: PROVIDERS,
    readStatus: accountStatus,
    sums: exchanges.sums,
    now: clock.now,
    onChange: (id) => changed.push(id),
  });
  return { database, vault, clock, store, exchanges, pool, admin, changed };
}
