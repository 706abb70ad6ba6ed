import { isLasting } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Lease } from '../pool/account-state.ts';
import type { Dialect } from '../translate/dialect.ts';
import type { Provider } from '../upstream/provider.ts';
import type { Journey } from './journey.ts';

/** What of a plan hangs on the account's credential. */
interface CredentialPlan {
  readonly lease: Lease;
  readonly provider: Provider;
  readonly upstream: Dialect;
}

/** True for an account whose credential may have to be renewed before it is used. */
export function mayExpire({ account }: Lease): boolean {
  return !isLasting(account.credential);
}

/** The plan with a credential that has not run out. Throws what renewing throws, and `canceled`. */
export async function withFreshCredential<P extends CredentialPlan>({ ports, call }: Journey, plan: P): Promise<P> {
  const { lease, provider, upstream } = plan;
  const account = await ports.credentials?.fresh(lease.account);
  if (call.signal.aborted) throw new GatewayError('canceled', 'The client closed the connection.');
  if (account === undefined || account === lease.account) return plan;
  return { ...plan, lease: { ...lease, account }, authorization: provider.authorize(account, upstream.id) };
}

/**
 * What is to be said of a refused credential: that it has been renewed, so that the account is asked again; why it could not be
 * renewed; or the refusal itself, for a credential that lasts.
 */
export async function renewRefused(
  { ports }: Journey,
  { lease }: CredentialPlan,
  refused: GatewayError,
): Promise<GatewayError> {
  try {
    const account = await ports.credentials?.renewed(lease.account);
    if (account === undefined) return refused;
    return new GatewayError(refused.kind, refused.message, { ...refused.detail, renewed: true });
  } catch (thrown) {
    return thrown instanceof GatewayError ? thrown : refused;
  }
}
