import { notInArray, sql } from 'drizzle-orm';
import type { AccountId } from '../base/account.ts';
import type { Clock } from '../base/clock.ts';
import { ERROR_TRAITS, type ErrorKind } from '../base/gateway-error.ts';
import { asNumber, asObject, asObjects, asString, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Log } from '../base/log.ts';
import type { AccountState, SavedState } from '../pool/account-state.ts';
import type { StoreDatabase } from './database.ts';
import { accountStates, accounts } from './schema.ts';
import { createWriteBehind } from './write-behind.ts';

/** The accounts' changing state at rest. */
export interface AccountStateStore {
  /** Those of all accounts there are; what removed accounts left behind is cleared away. */
  readAll(): readonly SavedState[];
  /** Keeps states; written a moment later, the last one of each account. Never waits and never throws. */
  save(states: readonly AccountState[]): void;
  flush(): void;
}

/** What the table of account states needs. */
export interface AccountStateParts {
  readonly database: StoreDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the table of account states. */
export function createAccountStateStore(parts: AccountStateParts): AccountStateStore {
  const { tables } = parts.database;
  const latest = new Map<AccountId, AccountState>();
  const waiting = new Set<AccountId>();
  const upsert = tables
    .insert(accountStates)
    .values({
      account: sql.placeholder('account'),
      state: sql.placeholder('state'),
      savedAt: sql.placeholder('savedAt'),
    })
    .onConflictDoUpdate({
      target: accountStates.account,
      set: { state: sql`excluded.state`, savedAt: sql`excluded.saved_at` },
    })
    .prepare();
  const changed = createWriteBehind<AccountId>({
    ...parts,
    write: (account) => {
      const state = latest.get(account);
      if (state === undefined) return;
      upsert.run({ account, state: JSON.stringify(toSaved(state)), savedAt: parts.clock.now() });
      waiting.delete(account);
    },
  });
  return {
    readAll: () => {
      const known = tables.select({ id: accounts.id }).from(accounts);
      tables.delete(accountStates).where(notInArray(accountStates.account, known)).run();
      return tables
        .select()
        .from(accountStates)
        .all()
        .map((row) => readState(row.account, row.state));
    },
    save: (states) => {
      for (const state of states) {
        latest.set(state.account.id, state);
        if (waiting.has(state.account.id)) continue;
        waiting.add(state.account.id);
        changed.add(state.account.id);
      }
    },
    flush: changed.flush,
  };
}

/** Only what outlives a restart: some of the state is the run's own. */
function toSaved(state: AccountState): Omit<SavedState, 'account'> {
  const { strikes, modelStrikes, cooldowns, trouble, quota, spent, lastUsedAt, lastError } = state;
  return {
    strikes,
    modelStrikes,
    cooldowns,
    quota,
    ...(trouble === undefined ? {} : { trouble }),
    ...(spent === undefined ? {} : { spent }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}

/** Reads what can be read; a damaged part is left out, since a cooldown too few costs one failed attempt. */
function readState(account: AccountId, json: string): SavedState {
  const value = asObject(tryParseJson(json)) ?? {};
  const lastUsedAt = asNumber(value.lastUsedAt);
  const trouble = readTrouble(asObject(value.trouble));
  const spent = readSpent(asObject(value.spent));
  const lastError = readLastError(asObject(value.lastError));
  return {
    account,
    strikes: asNumber(value.strikes) ?? 0,
    modelStrikes: readCounts(asObject(value.modelStrikes)),
    cooldowns: asObjects(value.cooldowns).flatMap(readCooldown),
    quota: asObjects(value.quota).flatMap(readQuota),
    ...(trouble === undefined ? {} : { trouble }),
    ...(spent === undefined ? {} : { spent }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}

function readCounts(counts: JsonObject = {}): SavedState['modelStrikes'] {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([model, count]) => (typeof count === 'number' ? [[model, count]] : [])),
  );
}

function readCooldown(value: JsonObject): SavedState['cooldowns'] {
  const kind = readKind(value.kind);
  const since = asNumber(value.since);
  const until = asNumber(value.until);
  if (kind === undefined || since === undefined || until === undefined) return [];
  const model = asString(value.model);
  const family = asString(value.family);
  return [
    {
      since,
      until,
      kind,
      reason: asString(value.reason) ?? '',
      ...(model === undefined ? {} : { model }),
      ...(family === undefined ? {} : { family }),
    },
  ];
}

function readQuota(value: JsonObject): SavedState['quota'] {
  const name = asString(value.name);
  if (name === undefined) return [];
  const model = asString(value.model);
  const figures = ['limit', 'remaining', 'resetsAt'].flatMap((field) => {
    const figure = asNumber(value[field]);
    return figure === undefined ? [] : [[field, figure] as const];
  });
  return [{ name, ...(model === undefined ? {} : { model }), ...Object.fromEntries(figures) }];
}

function readSpent(value: JsonObject | undefined): SavedState['spent'] {
  const day = asNumber(value?.day);
  if (day === undefined) return undefined;
  return { day, requests: asNumber(value?.requests) ?? 0, tokens: asNumber(value?.tokens) ?? 0 };
}

function readTrouble(value: JsonObject | undefined): SavedState['trouble'] {
  const since = asNumber(value?.since);
  if (since === undefined || (value?.state !== 'invalid' && value?.state !== 'forbidden')) return undefined;
  return { state: value.state, since, reason: asString(value.reason) ?? '' };
}

function readLastError(value: JsonObject | undefined): SavedState['lastError'] {
  const at = asNumber(value?.at);
  const kind = readKind(value?.kind);
  if (at === undefined || kind === undefined) return undefined;
  return { at, kind, message: asString(value?.message) ?? '' };
}

function readKind(value: unknown): ErrorKind | undefined {
  return typeof value === 'string' && Object.hasOwn(ERROR_TRAITS, value) ? (value as ErrorKind) : undefined;
}
