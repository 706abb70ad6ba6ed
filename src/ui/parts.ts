import type { AccountChecks, CheckResult } from '../admin/account-checks.ts';
import type { AccountItem } from '../admin/account-item.ts';
import type { AccountsAdmin } from '../admin/accounts.ts';
import type { ConformanceAdmin } from '../admin/conformance.ts';
import type { ImportResult } from '../admin/import-accounts.ts';
import type { ServiceAdmin } from '../admin/service.ts';
import type { EnvironmentAccount } from '../config/environment-accounts.ts';
import type { AssetUrl } from './assets.ts';
import type { Texts } from './locales/en.ts';

/** What the pages work with. */
export interface UiParts {
  readonly texts: Texts;
  readonly asset: AssetUrl;
  readonly accounts: AccountsAdmin;
  /** Adds an account and asks its provider for the models it serves. */
  readonly addAccount: (body: unknown) => Promise<AccountItem & { readonly test?: CheckResult }>;
  readonly importAccounts: (body: unknown) => Promise<ImportResult>;
  /** Accounts that the environment of the gateway has keys for. */
  readonly offeredAccounts: () => readonly Omit<EnvironmentAccount, 'apiKey'>[];
  readonly checks: AccountChecks;
  readonly service: ServiceAdmin;
  readonly conformance: ConformanceAdmin;
  /** Runs a page's action for the owner; anybody else is led to the sign-in page. */
  enter(request: Request, address: string | undefined, act: () => Response | Promise<Response>): Promise<Response>;
  /** Opens a session; `undefined` for a wrong password, else the `set-cookie` value. */
  signIn(password: string, address: string | undefined): Promise<string | undefined>;
  /** Ends a session; answers the `set-cookie` value. */
  signOut(request: Request): string;
}
