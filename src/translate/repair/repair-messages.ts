import type { CanonicalRequest } from '../canonical/request.ts';
import type { Loss } from '../loss.ts';
import type { OrderRules } from './order-rules.ts';

/**
 * The request with its conversation in an order the target takes: rules O1 to O19. Deterministic and append-only: the same
 * beginning of a history always gives the same beginning of the result.
 */
export function repairMessages(
  request: CanonicalRequest,
  _rules: OrderRules,
): { readonly request: CanonicalRequest; readonly losses: readonly Loss[] } {
  return { request, losses: [] };
}
