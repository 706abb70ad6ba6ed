import { existsSync, readFileSync } from 'node:fs';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { type CostOf, createCostOf } from './base/prices.ts';
import { backupFolder, databaseFile, pricesFile } from './config/paths.ts';
import { choosePrices, type OpenedPrices } from './config/price-catalog.ts';
import type { ResolvedSettings } from './config/resolve.ts';
import { type AccountStateStore, createAccountStateStore } from './store/account-states.ts';
import { type AccountStore, createAccountStore } from './store/accounts.ts';
import { type AliasStore, createAliasStore } from './store/aliases.ts';
import { type ClientKeyStore, createClientKeyStore } from './store/client-keys.ts';
import { openDatabase, type StoreDatabase } from './store/database.ts';
import { createExchangeStore, type ExchangeStore } from './store/exchanges.ts';
import { createFactStore, type FactStore } from './store/facts.ts';
import { createResponseStore, type ResponseStore } from './store/responses.ts';
import { createSealStore, type SealStore } from './store/seals.ts';
import { createSettingStore, type SettingStore } from './store/settings.ts';
import { createTieStore, type TieStore } from './store/ties.ts';
import { type ClosingTokenRatioStore, createTokenRatioStore } from './store/token-ratios.ts';
import { createUsageStore, type UsageStore } from './store/usage-hours.ts';
import { openVault } from './store/vault.ts';
import { systemKeychain } from './store/vault-key.ts';

/** Everything that is kept in the data folder. */
export interface Stores {
  readonly database: StoreDatabase;
  readonly facts: FactStore;
  readonly settings: SettingStore;
  readonly accounts: AccountStore;
  readonly states: AccountStateStore;
  readonly ties: TieStore;
  readonly aliases: AliasStore;
  readonly exchanges: ExchangeStore;
  readonly usage: UsageStore;
  readonly tokenRatios: ClosingTokenRatioStore;
  readonly seals: SealStore;
  readonly responses: ResponseStore;
  readonly clientKeys: ClientKeyStore;
  readonly prices: OpenedPrices;
  readonly costOf: CostOf;
  /** Writes what is still waiting and closes the file. */
  close(): void;
}

/** Opens the data folder, making it at the first start. Throws `StoreError` in words for people. */
export async function openStores(
  resolved: ResolvedSettings,
  ports: { readonly clock: Clock; readonly log: Log; readonly migrationsFolder: string },
): Promise<Stores> {
  const { clock, log, migrationsFolder } = ports;
  const dataFolder = resolved.values.data_dir;
  const database = openDatabase({
    file: databaseFile(dataFolder),
    backupFolder: backupFolder(dataFolder),
    migrationsFolder,
    now: clock.now(),
  });
  const facts = createFactStore(database);
  const vault = await openVault(facts, {
    folder: dataFolder,
    // a folder that was put somewhere by hand may move to another machine, and takes its key along
    ...(resolved.sources.data_dir === 'default' ? { keychain: systemKeychain } : {}),
  });
  const prices = openPrices(dataFolder);
  const costOf = createCostOf(prices.catalog);
  const usage = createUsageStore(database);
  const states = createAccountStateStore({ database, clock, log });
  const ties = createTieStore({ database, clock, log });
  const tokenRatios = createTokenRatioStore({ database, clock, log });
  const seals = createSealStore({ database, vault, clock, log });
  const exchanges = createExchangeStore({ database, usage, clock, log, costOf });
  const responses = createResponseStore({ database, clock, log });
  return {
    database,
    facts,
    usage,
    states,
    ties,
    exchanges,
    tokenRatios,
    seals,
    responses,
    prices,
    costOf,
    clientKeys: createClientKeyStore(database),
    settings: createSettingStore(database, vault),
    accounts: createAccountStore(database, vault),
    aliases: createAliasStore(database),
    close: () => {
      exchanges.flush();
      states.flush();
      ties.flush();
      tokenRatios.flush();
      seals.flush();
      responses.flush();
      database.close();
    },
  };
}

/** The prices that count. A file that cannot be read is no reason not to start: they gate nothing. */
export function openPrices(dataFolder: string): OpenedPrices {
  const file = pricesFile(dataFolder);
  try {
    return choosePrices(existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  } catch (thrown) {
    return { ...choosePrices(undefined), fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
