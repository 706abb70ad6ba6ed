import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../base/gateway-error.ts';
import type { EffectiveAuthMode } from '../config/exposure.ts';

/** Who holds one of the named client keys. */
export interface KeyHolder {
  readonly id: string;
  allows(model: string): boolean;
  /** Throws `client-unauthenticated` when the key is switched off or has expired. */
  enter(): void;
  /** Takes a request from its limits. Throws `client-forbidden`, `rate-limited` or `quota-exhausted`. */
  admit(model: string): void;
}

/** What a request must show to be let in. */
export interface KeyPolicy {
  /** Which paths ask for the key; `auto` has been decided. */
  readonly mode: EffectiveAuthMode;
  readonly apiKey: string;
  /** Who holds a key as it was shown. Absent: there are no keys beside the one. */
  readonly findHolder?: (key: string) => KeyHolder | undefined;
}

/**
 * Lets a request in, or throws `client-unauthenticated` naming the headers that are accepted. Answers who holds the key, when it is
 * one of the named ones; where no key is asked none is looked at.
 */
export function checkClientKey(
  request: Request,
  url: URL,
  policy: KeyPolicy,
  isHealth: boolean,
): KeyHolder | undefined {
  if (!asksKey(policy, isHealth)) return undefined;
  const shown = shownKeys(request, url);
  if (shown.some((key) => sameSecret(key, policy.apiKey))) return undefined;
  const holder = findHolder(shown, policy);
  if (holder !== undefined) {
    holder.enter();
    return holder;
  }
  const fault = shown.length === 0 ? 'No API key was sent.' : 'The API key is wrong.';
  const accepted = 'Send it as "Authorization: Bearer KEY", "x-api-key: KEY", "x-goog-api-key: KEY" or "?key=KEY".';
  throw new GatewayError(
    'client-unauthenticated',
    `${fault} ${accepted} It is the value of the setting api_key, or a client key of its own.`,
  );
}

function findHolder(shown: readonly string[], { findHolder: find }: KeyPolicy): KeyHolder | undefined {
  if (find === undefined) return undefined;
  for (const key of shown) {
    const holder = find(key);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

function asksKey({ mode }: KeyPolicy, isHealth: boolean): boolean {
  return mode === 'strict' || (mode === 'all_except_health' && !isHealth);
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
