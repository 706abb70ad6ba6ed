import {
  type Account,
  type AccountId,
  type Credential,
  isLasting,
  isSameLogin,
  type RenewableCredential,
} from '../base/account.ts';
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';

/** What renewing credentials needs from outside. Without `renew` only lasting credentials are kept. */
export interface KeeperPorts {
  readonly clock: Clock;
  /** Asks the provider for a new credential. Throws `credential-rejected` when it refuses for good. */
  readonly renew?: (account: Account, signal: AbortSignal) => Promise<Credential>;
  /** The credential as it is stored now: somebody else may have renewed it. */
  readonly load?: (account: AccountId) => Credential | undefined;
  /**
   * Writes a new credential down in place of the one it was made from; called before the credential is used, since a rotated
   * token exists only once.
   */
  readonly save?: (account: AccountId, credential: Credential, from: Credential) => void | Promise<void>;
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
/** One that runs out within this time is renewed while it still serves, so that nobody waits. */
const EARLY_MS = 5 * 60_000;
/** The share of a token's life that is left when it is renewed early: short-lived ones would be renewed all the time. */
const EARLY_SHARE = 0.2;
/** How long a renewal may take; all requests of the account wait for it. */
const LIMIT_MS = 15_000;

/** An account as the pool knows it, and the same with the credential that is used. */
interface Held {
  readonly source: Account;
  readonly account: Account;
}

interface Keeping {
  readonly ports: KeeperPorts;
  readonly running: Map<AccountId, Promise<Credential>>;
  readonly held: Map<AccountId, Held>;
  /** When a credential was made. */
  readonly bornAt: WeakMap<Credential, number>;
  /** Credentials whose early renewal was begun. */
  readonly early: WeakSet<Credential>;
}

/** Makes the keeper. One renewal runs for an account at a time; all who need it wait for the same one. */
export function createCredentialKeeper(ports: KeeperPorts): CredentialKeeper {
  const keeping: Keeping = {
    ports,
    running: new Map(),
    held: new Map(),
    bornAt: new WeakMap(),
    early: new WeakSet(),
  };
  return {
    fresh: async (account) => {
      if (isLasting(account.credential) || ports.renew === undefined) return account;
      const known = current(keeping, account);
      const left = timeLeft(known.credential, ports.clock.now());
      if (left > MARGIN_MS) {
        if (left <= EARLY_MS) renewEarly(keeping, known, left);
        return known;
      }
      return hold(keeping, account, await renew(keeping, known));
    },
    renewed: async (account) => {
      if (isLasting(account.credential) || ports.renew === undefined) return undefined;
      const known = current(keeping, account);
      // somebody else has renewed it since this attempt began
      const isNewer = tokenOf(known.credential) !== tokenOf(account.credential);
      if (isNewer && !keeping.running.has(account.id)) return known;
      return hold(keeping, account, await renew(keeping, known));
    },
    forget: (account) => void keeping.held.delete(account),
  };
}

/** The account with the newest credential that is known here, always as the same object, since ways are kept by it. */
function current({ held }: Keeping, account: Account): Account {
  const known = held.get(account.id);
  if (known === undefined || known.source === account || known.account === account) return known?.account ?? account;
  const { credential } = known.account;
  const isOurs =
    isSameLogin(account.credential, known.source.credential) || isSameLogin(account.credential, credential);
  if (!isOurs) return account;
  const renewed = { source: account, account: { ...account, credential } };
  held.set(account.id, renewed);
  return renewed.account;
}

function hold({ held }: Keeping, source: Account, credential: Credential): Account {
  const known = held.get(source.id);
  if (known?.account.credential === credential && (known.source === source || known.account === source)) {
    return known.account;
  }
  const account = { ...source, credential };
  held.set(source.id, { source, account });
  return account;
}

function renew(keeping: Keeping, account: Account): Promise<Credential> {
  const { running } = keeping;
  const started = running.get(account.id);
  if (started !== undefined) return started;
  const renewal = renewOnce(keeping, account).finally(() => running.delete(account.id));
  running.set(account.id, renewal);
  return renewal;
}

async function renewOnce(keeping: Keeping, account: Account): Promise<Credential> {
  const { ports } = keeping;
  const first = newerStored(ports, account.credential, account.id);
  if (first !== undefined && isUsable(first, ports.clock.now())) return first;
  const from = first ?? account.credential;
  try {
    return await ask(keeping, account, from);
  } catch (thrown) {
    // a token that was rotated elsewhere meanwhile explains the refusal
    const second = newerStored(ports, from, account.id);
    if (second === undefined) throw thrown;
    return isUsable(second, ports.clock.now()) ? second : await ask(keeping, account, second);
  }
}

/** The stored credential, where it is another than the one known. */
function newerStored(ports: KeeperPorts, known: Credential, id: AccountId): RenewableCredential | undefined {
  const stored = ports.load?.(id);
  if (stored === undefined || isLasting(stored)) return undefined;
  return isSameLogin(stored, known) && tokenOf(stored) === tokenOf(known) ? undefined : stored;
}

async function ask(keeping: Keeping, account: Account, from: Credential): Promise<Credential> {
  const { ports, bornAt } = keeping;
  const credential = await inTime(ports, { ...account, credential: from });
  bornAt.set(credential, ports.clock.now());
  await ports.save?.(account.id, credential, from);
  return credential;
}

async function inTime({ clock, renew: make }: KeeperPorts, account: Account): Promise<Credential> {
  const abort = new AbortController();
  const late = Promise.withResolvers<never>();
  const stop = clock.after(LIMIT_MS, () => {
    const words = `The token of the account "${account.name}" could not be renewed within ${LIMIT_MS / 1000} s.`;
    late.reject(new GatewayError('upstream-timeout', words));
    abort.abort();
  });
  try {
    return await Promise.race([make!(account, abort.signal), late.promise]);
  } finally {
    stop();
  }
}

/** Begins to renew a token that still serves, once; if that fails there is time to try again when it has to be. */
function renewEarly(keeping: Keeping, account: Account, left: number): void {
  const { credential } = account;
  if (isLasting(credential) || keeping.early.has(credential)) return;
  const bornAt = keeping.bornAt.get(credential);
  const life = bornAt === undefined ? Number.POSITIVE_INFINITY : (credential.expiresAt ?? bornAt) - bornAt;
  if (left > life * EARLY_SHARE) return;
  keeping.early.add(credential);
  renew(keeping, account).then(
    (renewed) => void hold(keeping, keeping.held.get(account.id)?.source ?? account, renewed),
    () => {},
  );
}

function isUsable(credential: Credential, now: number): boolean {
  return timeLeft(credential, now) > MARGIN_MS;
}

/** Milliseconds for which a credential serves. */
function timeLeft(credential: Credential, now: number): number {
  if (isLasting(credential)) return Number.POSITIVE_INFINITY;
  if (credential.accessToken === undefined) return 0;
  return credential.expiresAt === undefined ? Number.POSITIVE_INFINITY : credential.expiresAt - now;
}

function tokenOf(credential: Credential): string | undefined {
  return isLasting(credential) ? undefined : credential.accessToken?.reveal();
}
