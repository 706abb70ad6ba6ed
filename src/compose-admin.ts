import { createAccountChecks } from './admin/account-checks.ts';
import { createAccountsAdmin } from './admin/accounts.ts';
import { createAliasesAdmin } from './admin/aliases.ts';
import { makeBackup } from './admin/backup.ts';
import { createClientKeysAdmin } from './admin/client-keys.ts';
import { createExchangesAdmin, type ExchangesAdmin } from './admin/exchanges.ts';
import { writeMetrics } from './admin/metrics.ts';
import { isAdminPassword } from './admin/password.ts';
import { explainModel } from './admin/resolve.ts';
import { createServiceAdmin } from './admin/service.ts';
import type { SettingsAdmin } from './admin/settings.ts';
import { readStats } from './admin/stats.ts';
import type { Account } from './base/account.ts';
import { invalidRequest } from './base/gateway-error.ts';
import { isObject } from './base/json.ts';
import type { Core, CoreParts } from './compose.ts';
import { composeAdditions } from './compose-additions.ts';
import { backupFolder } from './config/paths.ts';
import type { Settings } from './config/settings.ts';
import { accountStatus } from './pool/account-status.ts';
import { type AccessPolicy, createGate } from './routes/admin/access.ts';
import type { AdminParts } from './routes/admin/index.ts';
import type { DialectId } from './translate/dialect-id.ts';
import { translateText } from './translate/translate-text.ts';
import { readJob } from './translate/translation-job.ts';
import { chooseEndpoint } from './upstream/endpoint.ts';
import { PROVIDERS } from './upstream/registry.ts';
import { VERSION } from './version.ts';

/** Joins what an owner can do over the running parts. */
export function composeAdmin(
  parts: CoreParts,
  core: Core,
  ports: { readonly settings: SettingsAdmin; readonly address: () => string },
): AdminParts {
  const { stores, clock, log } = parts;
  const { now } = clock;
  const keeper = core.credentials;
  const { sums } = stores.exchanges;
  const accounts = createAccountsAdmin({
    store: stores.accounts,
    pool: { ...core.pool, setAccounts: core.reload },
    providers: PROVIDERS,
    readStatus: accountStatus,
    sums,
    now,
    onChange: keeper.forget,
  });
  const checks = createAccountChecks({
    admin: accounts,
    accounts: core.accounts,
    providers: PROVIDERS,
    send: core.relayPorts.send,
    credentials: keeper,
    now,
  });
  return {
    ...composeAdditions({
      accounts,
      checks,
      store: stores.accounts,
      now,
      send: core.relayPorts.send,
      address: ports.address,
    }),
    accounts,
    checks,
    log,
    settings: ports.settings,
    aliases: createAliasesAdmin({ store: stores.aliases, accounts: core.accounts, onChange: core.reload }),
    clientKeys: createClientKeysAdmin({ store: stores.clientKeys, sums, now, onChange: core.keyHolders.setKeys }),
    service: createServiceAdmin({ accounts: core.pool.snapshot, address: ports.address }),
    exchanges: composeExchanges(parts, core),
    explain: (body) => explainModel({ resolve: core.resolve, pool: core.pool, chooseDialect }, body),
    translate: (body) => {
      if (!isObject(body)) throw invalidRequest('The body must be a JSON object.');
      return translateText(readJob(body), now());
    },
    stats: (query) => readStats({ sums, accounts: core.accounts, clientKeys: stores.clientKeys.list, now }, query),
    backup: () => makeBackup({ database: stores.database, folder: backupFolder(parts.settings().data_dir), now }),
    metrics: composeMetrics(parts, core),
    gate: createGate(() => readAccess(parts.settings()), now),
  };
}

function chooseDialect(account: Account, dialect: DialectId, model: string): DialectId | undefined {
  const provider = PROVIDERS[account.provider];
  return provider === undefined ? undefined : chooseEndpoint(provider, account, { dialect, model })?.dialect;
}

function readAccess({ admin_password: password, api_key: key }: Settings): AccessPolicy {
  return {
    apiKey: key?.reveal() ?? '',
    isPassword: (shown) => isAdminPassword(password, shown),
    ...(password === undefined ? {} : { passwordHash: password.reveal() }),
  };
}

function composeExchanges({ stores, clock }: CoreParts, core: Core): ExchangesAdmin {
  return createExchangesAdmin({
    store: stores.exchanges,
    accounts: core.accounts,
    clientKeys: stores.clientKeys.list,
    runningExchanges: core.relayPorts.running ?? new Map(),
    now: clock.now,
  });
}

function composeMetrics({ clock }: CoreParts, core: Core): () => string {
  const startedAt = clock.now();
  return () =>
    writeMetrics({
      version: VERSION,
      counters: core.counters,
      accounts: core.pool.snapshot,
      readStatus: accountStatus,
      running: () => core.relayPorts.running?.size ?? 0,
      now: clock.now,
      startedAt,
      memoryBytes: () => process.memoryUsage.rss(),
    });
}
