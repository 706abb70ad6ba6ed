import { networkInterfaces } from 'node:os';
import { GatewayError } from '../base/gateway-error.ts';

/** Which Host names and Origins are let in. */
export interface OriginPolicy {
  readonly allowLan: boolean;
  /** Host names besides the loopback ones. */
  readonly allowedHosts: readonly string[];
  /** Origins besides our own. */
  readonly allowedOrigins: readonly string[];
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/**
 * Refuses a request whose Host is not ours (a web page can make any name point at this machine) or whose Origin is another
 * site's (a web page must not spend the owner's accounts). Throws `client-forbidden`.
 */
export function checkOrigin(request: Request, policy: OriginPolicy): void {
  const host = request.headers.get('host');
  if (host !== null && !isAllowedHost(host, policy)) {
    const name = hostName(host);
    throw new GatewayError(
      'client-forbidden',
      `The host "${name}" is not allowed. Add it to the setting allowed_hosts.`,
    );
  }
  const origin = request.headers.get('origin');
  if (origin !== null && !isAllowedOrigin(origin, host, policy)) {
    const remedy = 'Add it to the setting allowed_origins if you trust it.';
    throw new GatewayError('client-forbidden', `Requests from pages of "${origin}" are not allowed. ${remedy}`);
  }
}

/** Whether a Host header names this gateway. */
export function isAllowedHost(host: string, policy: OriginPolicy): boolean {
  const name = hostName(host);
  if (LOOPBACK.has(name) || policy.allowedHosts.some((allowed) => hostFits(name, allowed))) return true;
  return policy.allowLan && lanAddresses().includes(name.replaceAll(/[[\]]/g, ''));
}

/** Whether pages of an Origin may call: our own, and those the owner named. */
export function isAllowedOrigin(origin: string, host: string | null, policy: OriginPolicy): boolean {
  if (policy.allowedOrigins.includes(origin)) return true;
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}

/** The addresses by which other machines reach this one. */
export function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal)
    .map((address) => address.address);
}

function hostFits(name: string, allowed: string): boolean {
  return allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : hostName(allowed) === name;
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}
