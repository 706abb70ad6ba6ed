import { asc, eq } from 'drizzle-orm';
import type { Account, AccountId, Budget, Credential, ProviderId } from '../base/account.ts';
import { PROVIDER_IDS } from '../base/account.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import type { StoreDatabase } from './database.ts';
import { accountStates, accounts } from './schema.ts';
import type { Vault } from './vault.ts';

/** A stored account that this program cannot use, kept until its owner removes it. */
export interface UnreadableAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly reason: string;
}

/** The accounts at rest. A change is on the disk when its call has returned. */
export interface AccountStore {
  /** The oldest first. */
  list(): readonly Account[];
  unreadable(): readonly UnreadableAccount[];
  /** The account with an id, as it is stored now. */
  get(id: AccountId): Account | undefined;
  /** Adds the account or replaces the one with its id. */
  put(account: Account): void;
  /** Removes the account with all that the pool knew of it; false when there is none. */
  remove(id: AccountId): boolean;
}

type AccountRow = typeof accounts.$inferSelect;
type Reading = { readonly account: Account } | { readonly unreadable: UnreadableAccount };

/** Opens the table of accounts; credentials pass through the vault both ways. */
export function createAccountStore(database: StoreDatabase, vault: Vault): AccountStore {
  const { tables } = database;
  const readAll = () =>
    tables
      .select()
      .from(accounts)
      .orderBy(asc(accounts.createdAt), asc(accounts.id))
      .all()
      .map((row) => readAccount(row, vault));
  return {
    list: () => readAll().flatMap((one) => ('account' in one ? [one.account] : [])),
    unreadable: () => readAll().flatMap((one) => ('unreadable' in one ? [one.unreadable] : [])),
    get: (id) => {
      const row = tables.select().from(accounts).where(eq(accounts.id, id)).get();
      const read = row === undefined ? undefined : readAccount(row, vault);
      return read !== undefined && 'account' in read ? read.account : undefined;
    },
    put: (account) =>
      database.durably(() => {
        const row = writeAccount(account, vault);
        tables.insert(accounts).values(row).onConflictDoUpdate({ target: accounts.id, set: row }).run();
      }),
    remove: (id) =>
      database.durably(() => {
        tables.delete(accountStates).where(eq(accountStates.account, id)).run();
        return tables.delete(accounts).where(eq(accounts.id, id)).returning({ id: accounts.id }).all().length > 0;
      }),
  };
}

function readAccount(row: AccountRow, vault: Vault): Reading {
  const provider = PROVIDER_IDS.find((id) => id === row.provider);
  if (provider === undefined) return refuse(row, `The provider ${row.provider} is not known to this version.`);
  const opened = asObject(tryParseJson(vault.open(row.sealed, sealPlace(row.id)) ?? ''));
  const credential = readCredential(asObject(opened?.credential));
  if (credential === undefined) return refuse(row, 'The stored credential cannot be read.');
  return { account: { ...readPlainFields(row, provider), credential, ...readProxy(opened) } };
}

function refuse(row: AccountRow, reason: string): Reading {
  return { unreadable: { id: row.id, name: row.name, reason } };
}

function readPlainFields(row: AccountRow, provider: ProviderId): Omit<Account, 'credential'> {
  const budget = readBudget(row.budget);
  const modelFacts = asObject(tryParseJson(row.modelFacts ?? ''));
  return {
    id: row.id,
    name: row.name,
    provider,
    ...(row.baseUrl === null ? {} : { baseUrl: row.baseUrl }),
    models: readWords(row.models),
    modelsFixed: row.modelsFixed,
    // written by this program alone, from what it had read field by field
    ...(modelFacts === undefined ? {} : { modelFacts: modelFacts as Account['modelFacts'] & object }),
    dialects: readWords(row.dialects),
    enabled: row.enabled,
    priority: asNumber(row.priority) ?? 0,
    weight: Math.max(1, asNumber(row.weight) ?? 1),
    ...(row.maxConcurrent === null ? {} : { maxConcurrent: row.maxConcurrent }),
    ...(row.reservePercent === null ? {} : { reservePercent: row.reservePercent }),
    ...(budget === undefined ? {} : { budget }),
    ...(row.note === null ? {} : { note: row.note }),
    createdAt: row.createdAt,
  };
}

function readWords(json: string): readonly string[] {
  return asArray(tryParseJson(json)).filter((word) => typeof word === 'string');
}

function readBudget(json: string | null): Budget | undefined {
  const budget = asObject(tryParseJson(json ?? ''));
  if (budget === undefined) return undefined;
  const requestsPerDay = asNumber(budget.requestsPerDay);
  const tokensPerDay = asNumber(budget.tokensPerDay);
  return {
    ...(requestsPerDay === undefined ? {} : { requestsPerDay }),
    ...(tokensPerDay === undefined ? {} : { tokensPerDay }),
  };
}

function readProxy(opened: JsonObject | undefined): { readonly proxyUrl?: string } {
  const proxyUrl = asString(opened?.proxyUrl);
  return proxyUrl === undefined ? {} : { proxyUrl };
}

function readCredential(value: JsonObject | undefined): Credential | undefined {
  if (value?.type === 'none') return { type: 'none' };
  if (value?.type === 'api_key') {
    const apiKey = asString(value.apiKey);
    return apiKey === undefined ? undefined : { type: 'api_key', apiKey: new Secret(apiKey) };
  }
  if (value?.type === 'service_account') {
    const json = asString(value.json);
    return json === undefined ? undefined : { type: 'service_account', json: new Secret(json), ...readToken(value) };
  }
  return value?.type === 'oauth' ? readOauth(value) : undefined;
}

function readOauth(value: JsonObject): Credential | undefined {
  const clientId = asString(value.clientId);
  const refreshToken = asString(value.refreshToken);
  if (clientId === undefined || refreshToken === undefined) return undefined;
  const clientSecret = asString(value.clientSecret);
  const tokenUrl = asString(value.tokenUrl);
  return {
    type: 'oauth',
    clientId,
    refreshToken: new Secret(refreshToken),
    ...(clientSecret === undefined ? {} : { clientSecret: new Secret(clientSecret) }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
    ...readToken(value),
  };
}

function readToken(value: JsonObject): { readonly accessToken?: Secret; readonly expiresAt?: number } {
  const accessToken = asString(value.accessToken);
  const expiresAt = asNumber(value.expiresAt);
  return {
    ...(accessToken === undefined ? {} : { accessToken: new Secret(accessToken) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function writeAccount(account: Account, vault: Vault): AccountRow {
  const secrets = { credential: revealCredential(account.credential), proxyUrl: account.proxyUrl };
  return {
    id: account.id,
    name: account.name,
    provider: account.provider,
    sealed: vault.seal(JSON.stringify(secrets), sealPlace(account.id)),
    baseUrl: account.baseUrl ?? null,
    models: JSON.stringify(account.models),
    modelsFixed: account.modelsFixed,
    modelFacts: account.modelFacts === undefined ? null : JSON.stringify(account.modelFacts),
    dialects: JSON.stringify(account.dialects),
    enabled: account.enabled,
    priority: account.priority,
    weight: account.weight,
    maxConcurrent: account.maxConcurrent ?? null,
    reservePercent: account.reservePercent ?? null,
    budget: account.budget === undefined ? null : JSON.stringify(account.budget),
    note: account.note ?? null,
    createdAt: account.createdAt,
  };
}

/** The credential with its secrets in the clear: it goes into the vault and nowhere else. */
function revealCredential(credential: Credential): JsonObject {
  return Object.fromEntries(
    Object.entries(credential).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}

function sealPlace(id: AccountId): string {
  return `account ${id}`;
}
