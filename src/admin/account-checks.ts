import type { Account, AccountId, ProviderId } from '../base/account.ts';
import { GatewayError, toGatewayError } from '../base/gateway-error.ts';
import type { ListedModel } from '../base/model-facts.ts';
import type { CredentialKeeper } from '../upstream/credential-keeper.ts';
import type { Provider, Send } from '../upstream/provider.ts';
import type { AccountItem } from './account-item.ts';
import type { AccountsAdmin } from './accounts.ts';
import { AdminError, notFound } from './admin-error.ts';

/** What asking the provider has shown. */
export interface CheckResult {
  readonly ok: boolean;
  readonly duration_ms: number;
  /** The models the provider named; absent when it has no list. */
  readonly models?: readonly string[];
  readonly error?: { readonly kind: string; readonly message: string };
}

/** Asks providers about accounts. */
export interface AccountChecks {
  /** Tries the credential without using a model. Good news ends every rest and trouble of the account. */
  test(id: AccountId, signal: AbortSignal): Promise<CheckResult>;
  /** Asks for the models anew and keeps them. Throws `AdminError` when the provider does not tell. */
  refresh(id: AccountId, signal: AbortSignal): Promise<AccountItem>;
}

/** What the checks work with. */
export interface CheckParts {
  readonly admin: Pick<AccountsAdmin, 'clearCooldown' | 'keepModels'>;
  readonly accounts: () => readonly Account[];
  readonly providers: { readonly [P in ProviderId]?: Provider };
  readonly send: Send;
  /** Gives accounts a credential that can be used now. */
  readonly credentials: Pick<CredentialKeeper, 'fresh' | 'renewed'>;
  readonly now: () => number;
}

const TOO_LATE = new GatewayError(
  'upstream-timeout',
  'The provider did not answer in time; the account was kept all the same.',
);

/** Makes the checks of accounts. */
export function createAccountChecks(parts: CheckParts): AccountChecks {
  return {
    test: async (id, signal) => {
      const account = find(parts, id);
      const startedAt = parts.now();
      try {
        const models = await askModels(parts, account, signal);
        parts.admin.clearCooldown(id);
        if (models !== undefined) parts.admin.keepModels(id, models);
        return {
          ok: true,
          duration_ms: parts.now() - startedAt,
          ...(models === undefined ? {} : { models: models.map(({ id: name }) => name) }),
        };
      } catch (thrown) {
        const { kind, message } = signal.aborted ? TOO_LATE : toGatewayError(thrown);
        return { ok: false, duration_ms: parts.now() - startedAt, error: { kind, message } };
      }
    },
    refresh: async (id, signal) => {
      const account = find(parts, id);
      const models = await askModels(parts, account, signal).catch((thrown) => {
        const { message } = toGatewayError(thrown);
        throw new AdminError('upstream_failed', `The models could not be asked for: ${message}`, { status: 502 });
      });
      return parts.admin.keepModels(id, models ?? account.models.map((name) => ({ id: name })));
    },
  };
}

function find(parts: CheckParts, id: AccountId): Account {
  const account = parts.accounts().find((one) => one.id === id);
  if (account === undefined) throw notFound(`account ${id}`);
  return account;
}

async function askModels(
  parts: CheckParts,
  account: Account,
  signal: AbortSignal,
): Promise<readonly ListedModel[] | undefined> {
  const provider = parts.providers[account.provider];
  if (provider?.listModels === undefined) return provider?.knownModels?.map((id) => ({ id }));
  const ready = await parts.credentials.fresh(account);
  try {
    return await provider.listModels(parts.send, ready, signal);
  } catch (thrown) {
    if (toGatewayError(thrown).kind !== 'credential-rejected') throw thrown;
    const renewed = await parts.credentials.renewed(ready);
    if (renewed === undefined) throw thrown;
    return provider.listModels(parts.send, renewed, signal);
  }
}
