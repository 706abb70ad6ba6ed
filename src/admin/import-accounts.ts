import { type Account, type AccountId, isSameLogin } from '../base/account.ts';
import { asString, isObject, type JsonObject } from '../base/json.ts';
import type { EnvironmentAccount } from '../config/environment-accounts.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { CheckResult } from './account-checks.ts';
import { readCredential } from './account-credential.ts';
import { readAccountFile } from './account-file.ts';
import type { AccountsAdmin } from './accounts.ts';
import { AdminError } from './admin-error.ts';
import { findRefreshTokens } from './find-refresh-tokens.ts';
import { readBody } from './read-fields.ts';

/** What became of one account of an import. */
export interface ImportedItem {
  readonly name: string;
  readonly id: AccountId | null;
  readonly outcome: 'added' | 'replaced' | 'unchanged' | 'skipped' | 'refused';
  /** Why, in a sentence for people. */
  readonly message: string;
  /** What asking the provider has shown; only of accounts that are new or changed. */
  readonly test?: CheckResult;
}

/** What became of a whole import. */
export interface ImportResult {
  readonly items: readonly ImportedItem[];
}

/** What importing works with. */
export interface ImportParts {
  readonly admin: Pick<AccountsAdmin, 'create' | 'patch'>;
  readonly store: Pick<AccountStore, 'list'>;
  /** Asks the provider about an account. */
  readonly test: (id: AccountId) => Promise<CheckResult>;
  /** The accounts that the gateway's own environment has keys for. */
  readonly environment: () => readonly EnvironmentAccount[];
}

/** Providers asked at a time. */
const TESTED_AT_ONCE = 8;

/**
 * Adds accounts from an export, a list, the environment or refresh tokens in a text. Done twice it adds nothing twice: an account
 * is known by its credential, then by its name. Throws `AdminError` when the body as a whole cannot be read.
 */
export async function importAccounts(parts: ImportParts, value: unknown): Promise<ImportResult> {
  const body = readBody(value);
  const wanted = await readWanted(parts, body);
  const replaces = body.replace === true;
  const items = wanted.map((one, at) => takeUp(parts, { body: one, at, replaces }));
  return { items: await testAll(parts, items) };
}

async function readWanted(parts: ImportParts, body: JsonObject): Promise<readonly JsonObject[]> {
  if (body.env === true) return parts.environment().map(bodyOfEnvironment);
  if (typeof body.text === 'string') return bodiesOfTokens(parts, body, body.text);
  const file = isObject(body.file) ? body.file : body;
  const read = await readAccountFile(file, asString(body.passphrase));
  if (read !== undefined) return read;
  const words = 'The body must be an exported file, {"accounts":[…]}, {"env":true}, or {"text","client_id"}.';
  throw new AdminError('wrong_body', words, { status: 400 });
}

/** The body of `POST /api/accounts` for an account that an environment has a key for. */
export function bodyOfEnvironment({ name, provider, apiKey, variable }: EnvironmentAccount): JsonObject {
  return { name, provider, credential: { type: 'api_key', api_key: apiKey }, note: `from ${variable}` };
}

/** The accounts of an environment that are not here yet. */
export function offeredAccounts(
  accounts: readonly Account[],
  environment: readonly EnvironmentAccount[],
): readonly Omit<EnvironmentAccount, 'apiKey'>[] {
  const isNew = (one: EnvironmentAccount) => findKnown(accounts, bodyOfEnvironment(one)).sameLogin === undefined;
  return environment.filter(isNew).map(({ apiKey: _, ...shown }) => shown);
}

function bodiesOfTokens({ store }: ImportParts, body: JsonObject, text: string): readonly JsonObject[] {
  const tokens = findRefreshTokens(text);
  if (tokens.length === 0) {
    throw new AdminError('wrong_field', 'text must hold refresh tokens; they begin with 1//.', {
      field: 'text',
      status: 400,
    });
  }
  const { client_id, client_secret, token_url, base_url, provider = 'gemini' } = body;
  const stem = asString(body.name) ?? String(provider);
  const taken = new Set(store.list().map(({ name }) => name.toLowerCase()));
  let number = 0;
  const nextName = () => {
    do number++;
    while (taken.has(`${stem} ${number}`.toLowerCase()));
    return `${stem} ${number}`;
  };
  return tokens.map((refresh_token) => ({
    name: nextName(),
    provider,
    base_url,
    credential: { type: 'oauth', client_id, client_secret, refresh_token, token_url },
  }));
}

interface Wanted {
  readonly body: JsonObject;
  readonly at: number;
  readonly replaces: boolean;
}

function takeUp(parts: ImportParts, { body, at, replaces }: Wanted): ImportedItem {
  const name = asString(body.name) ?? `number ${at + 1}`;
  try {
    const found = findKnown(parts.store.list(), body);
    if (found.sameLogin !== undefined) {
      const { id, name: known } = found.sameLogin;
      return { name, id, outcome: 'unchanged', message: `The account "${known}" has this credential already.` };
    }
    if (found.sameName === undefined) {
      return { name, id: parts.admin.create(body).id, outcome: 'added', message: 'The account was added.' };
    }
    if (!replaces) {
      const message = `There is another account with this name; it was left as it is. Send "replace": true to put this one in its place.`;
      return { name, id: found.sameName.id, outcome: 'skipped', message };
    }
    const { id } = parts.admin.patch(found.sameName.id, body);
    return { name, id, outcome: 'replaced', message: 'The account of this name was replaced.' };
  } catch (thrown) {
    if (!(thrown instanceof AdminError)) throw thrown;
    return { name, id: null, outcome: 'refused', message: thrown.message };
  }
}

function findKnown(
  accounts: readonly Account[],
  body: JsonObject,
): { readonly sameLogin?: Account; readonly sameName?: Account } {
  const credential = readCredential(body.credential) ?? { type: 'none' };
  const baseUrl = asString(body.base_url)?.replace(/\/+$/, '');
  const sameName = accounts.find(({ name }) => name.toLowerCase() === asString(body.name)?.trim().toLowerCase());
  const isSame = (one: Account) =>
    one.provider === body.provider && one.baseUrl === baseUrl && isSameLogin(one.credential, credential);
  // accounts without a credential are told apart by their names alone
  const sameLogin =
    credential.type === 'none' ? [sameName].find((one) => one !== undefined && isSame(one)) : accounts.find(isSame);
  return { ...(sameLogin === undefined ? {} : { sameLogin }), ...(sameName === undefined ? {} : { sameName }) };
}

async function testAll({ test }: ImportParts, items: readonly ImportedItem[]): Promise<readonly ImportedItem[]> {
  const tested = [...items];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]!;
      const isNew = item.id !== null && (item.outcome === 'added' || item.outcome === 'replaced');
      if (isNew) tested[at] = { ...item, test: await test(item.id) };
    }
  };
  await Promise.all(Array.from({ length: TESTED_AT_ONCE }, work));
  return tested;
}
