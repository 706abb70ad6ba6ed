import type { AccountChecks } from './admin/account-checks.ts';
import { writeAccountFile } from './admin/account-file.ts';
import type { AccountsAdmin } from './admin/accounts.ts';
import { importAccounts, offeredAccounts } from './admin/import-accounts.ts';
import { createSignIns } from './admin/sign-ins.ts';
import type { AccountId } from './base/account.ts';
import { asObject } from './base/json.ts';
import { environmentAccounts } from './config/environment-accounts.ts';
import { processEnvironment } from './config/resolve.ts';
import type { AdminParts } from './routes/admin/index.ts';
import type { AccountStore } from './store/accounts.ts';
import { GOOGLE_SCOPES, serverOf } from './upstream/google-oauth.ts';
import { exchangeCode } from './upstream/oauth.ts';
import type { Send } from './upstream/provider.ts';

/** How long adding an account may wait for its provider's list of models. */
const MODELS_TIMEOUT_MS = 5000;
const EXCHANGE_TIMEOUT_MS = 15_000;

/** What adding accounts is made of. */
interface AdditionParts {
  readonly accounts: AccountsAdmin;
  readonly checks: AccountChecks;
  readonly store: AccountStore;
  readonly now: () => number;
  readonly send: Send;
  readonly address: () => string;
}

/** Joins the ways in which accounts come and go: one, many, out of files and the environment. */
export function composeAdditions({
  accounts,
  checks,
  store,
  now,
  send,
  address,
}: AdditionParts): Pick<
  AdminParts,
  'addAccount' | 'importAccounts' | 'exportAccounts' | 'offeredAccounts' | 'signIns'
> {
  const test = (id: AccountId) => checks.test(id, AbortSignal.timeout(MODELS_TIMEOUT_MS));
  const environment = () => environmentAccounts(processEnvironment());
  const addAccount: AdminParts['addAccount'] = async (body) => {
    const { test: wish, ...account } = asObject(body) ?? {};
    const added = accounts.create(asObject(body) === undefined ? body : account);
    const isKnown = /^(?:api_key|none)$/.test(added.credential.type) && added.models_fixed;
    if (wish === false || (isKnown && wish !== true)) return added;
    // a provider that does not tell its models in time can still be asked for any of them
    const found = await test(added.id);
    return { ...accounts.get(added.id), test: found };
  };
  return {
    addAccount,
    signIns: createSignIns({
      now,
      address,
      serverOf,
      scopes: GOOGLE_SCOPES,
      exchange: (grant) => exchangeCode({ send, now }, grant, AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)),
      addAccount,
    }),
    importAccounts: (body) => importAccounts({ admin: accounts, store, test, environment }, body),
    exportAccounts: (protection) => writeAccountFile(store.list(), protection, new Date(now()).toISOString()),
    offeredAccounts: () => offeredAccounts(store.list(), environment()),
  };
}
