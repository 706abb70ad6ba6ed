import type { CanonicalRequest } from './canonical/request.ts';
import type { DialectId } from './dialect-id.ts';
import { dropped, type Loss } from './loss.ts';

/** Whether a request only warms its own vendor's cache: it wants no token of an answer, and no other vendor has such a request. */
export function isPrewarm(dialect: DialectId, request: CanonicalRequest): boolean {
  return dialect === 'anthropic-messages' && request.sampling.maxTokens === 0;
}

/** What such a request loses at any other vendor's. */
export const PREWARM_LOSSES: readonly Loss[] = [
  dropped('prewarm', 'The target has no cache that a request without an answer could warm.'),
];
