import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../base/gateway-error.ts';

/** Who must show a key: contract §2. */
export type AuthMode = 'off' | 'strict' | 'all_except_health' | 'auto';

/** What a request must show to be let in. */
export interface KeyPolicy {
  readonly mode: AuthMode;
  readonly allowLan: boolean;
  readonly apiKey: string;
}

/** Lets a request in, or throws `client-unauthenticated` naming the headers that are accepted. */
export function checkClientKey(request: Request, url: URL, policy: KeyPolicy, isHealth: boolean): void {
  if (!asksKey(policy, isHealth)) return;
  const shown = shownKeys(request, url);
  if (shown.some((key) => sameSecret(key, policy.apiKey))) return;
  const fault = shown.length === 0 ? 'No API key was sent.' : 'The API key is wrong.';
  const accepted = 'Send it as "Authorization: Bearer KEY", "x-api-key: KEY", "x-goog-api-key: KEY" or "?key=KEY".';
  throw new GatewayError('client-unauthenticated', `${fault} ${accepted} It is shown at /ui/proxy.`);
}

/** Whether the mode asks for a key here. */
export function asksKey(policy: KeyPolicy, isHealth: boolean): boolean {
  switch (policy.mode) {
    case 'off':
      return false;
    case 'strict':
      return true;
    case 'all_except_health':
      return !isHealth;
    case 'auto':
      return policy.allowLan && !isHealth;
    default:
      return policy.mode satisfies never;
  }
}

/** Every key a request shows; some clients send two. */
function shownKeys(request: Request, url: URL): string[] {
  const { headers } = request;
  const authorization = headers.get('authorization')?.replace(/^bearer\s+/i, '');
  const all = [
    authorization,
    headers.get('x-api-key'),
    headers.get('x-goog-api-key'),
    headers.get('api-key'),
    url.searchParams.get('key'),
  ];
  return all.filter((key): key is string => typeof key === 'string' && key !== '').map((key) => key.trim());
}

/** Compares in constant time: the digests have one length, whatever was sent. */
export function sameSecret(shown: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(expected));
}
