import type { Account } from '../base/account.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { DialectId } from '../translate/dialect-id.ts';
import type { Endpoint, Provider } from './provider.ts';

/** The root under which an account's endpoints lie. Throws `no-account` when neither its owner nor its provider named one. */
export function baseUrlOf(provider: Provider, account: Account): string {
  const baseUrl =
    provider.rootOf === undefined ? (account.baseUrl ?? provider.defaultBaseUrl) : provider.rootOf(account);
  if (baseUrl !== undefined) return baseUrl;
  const advice = provider.rootAdvice ?? `The account "${account.name}" has no base_url; ${provider.title} needs one.`;
  throw new GatewayError('no-account', advice);
}

/** The endpoints an account may be spoken to at: what its provider offers, its owner allows and its base URL leads to. */
export function endpointsOf(provider: Provider, account: Account): readonly Endpoint[] {
  const baseUrl = account.baseUrl ?? provider.defaultBaseUrl ?? '';
  return provider.endpoints.filter((endpoint) => {
    const listed = account.dialects.includes(endpoint.dialect);
    if (account.dialects.length > 0 && !listed) return false;
    if (endpoint.onlyWhenListed && !listed) return false;
    return endpoint.servedAt?.(baseUrl) ?? true;
  });
}

/**
 * The endpoint for one request: the client's own dialect where the account has it, so that the bytes pass; else the one in
 * which its provider serves the model best. Absent when the account has none at all.
 */
export function chooseEndpoint(
  provider: Provider,
  account: Account,
  request: { readonly dialect: DialectId; readonly model: string },
): Endpoint | undefined {
  const all = endpointsOf(provider, account);
  const own = all.find(({ dialect }) => dialect === request.dialect);
  if (own !== undefined && (own.servesModel?.(request.model) ?? true)) return own;
  const endpoints = all.filter(({ passesOnly }) => passesOnly !== true);
  const preferred = provider.preferredDialect?.(request.model);
  return endpoints.find(({ dialect }) => dialect === preferred) ?? endpoints[0];
}
