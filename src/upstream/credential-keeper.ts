import type { Account, AccountId, Credential } from '../base/account.ts';
import type { Clock } from '../base/clock.ts';

/** What renewing credentials needs from outside. Without `renew` only lasting credentials are kept. */
export interface KeeperPorts {
  readonly clock: Clock;
  /** Asks the provider for a new credential. Throws `credential-rejected` when it refuses for good. */
  readonly renew?: (account: Account) => Promise<Credential>;
  /** Writes a new credential down; called before the credential is used, since a rotated token exists only once. */
  readonly save?: (account: AccountId, credential: Credential) => Promise<void>;
}

/** Hands out accounts whose credential can be used now. */
export interface CredentialKeeper {
  /** The account with a credential that has not run out, renewed if it had to be. */
  fresh(account: Account): Promise<Account>;
  /** After a refusal: the account with a new credential, or `undefined` when its credential cannot be renewed. */
  renewed(account: Account): Promise<Account | undefined>;
  /** Forgets what was renewed for an account, because its owner changed or removed it. */
  forget(account: AccountId): void;
}

/** A token that runs out within this time is renewed before it is used. */
const MARGIN_MS = 60_000;

/** Makes the keeper. One renewal runs for an account at a time; all who need it wait for the same one. */
export function createCredentialKeeper(ports: KeeperPorts): CredentialKeeper {
  const running = new Map<AccountId, Promise<Credential>>();
  const latest = new Map<AccountId, Credential>();

  const renew = (account: Account): Promise<Credential> => {
    const started = running.get(account.id);
    if (started !== undefined) return started;
    const renewal = renewAndSave(ports, account)
      .then((credential) => {
        latest.set(account.id, credential);
        return credential;
      })
      .finally(() => running.delete(account.id));
    running.set(account.id, renewal);
    return renewal;
  };
  const current = (account: Account): Account => withCredential(account, latest.get(account.id));

  return {
    fresh: async (account) => {
      const known = current(account);
      return isUsable(known.credential, ports.clock.now()) ? known : withCredential(account, await renew(known));
    },
    renewed: async (account) => {
      if (ports.renew === undefined || account.credential.type !== 'oauth') return undefined;
      const known = current(account);
      // somebody else has renewed it since this attempt began
      if (known.credential !== account.credential && !running.has(account.id)) return known;
      return withCredential(account, await renew(known));
    },
    forget: (account) => void latest.delete(account),
  };
}

async function renewAndSave(ports: KeeperPorts, account: Account): Promise<Credential> {
  if (ports.renew === undefined) return account.credential;
  const credential = await ports.renew(account);
  await ports.save?.(account.id, credential);
  return credential;
}

function isUsable(credential: Credential, now: number): boolean {
  if (credential.type !== 'oauth') return true;
  if (credential.accessToken === undefined) return false;
  return credential.expiresAt === undefined || credential.expiresAt - MARGIN_MS > now;
}

function withCredential(account: Account, credential: Credential | undefined): Account {
  return credential === undefined || credential === account.credential ? account : { ...account, credential };
}
