import type { CanonicalRequest, Message } from '../canonical/request.ts';
import { approximated, type Loss } from '../loss.ts';
import { addStubTools } from './add-stub-tools.ts';
import { dropEmpty } from './drop-empty.ts';
import { fillAfterResults } from './fill-after-results.ts';
import { fixArguments, fixCallIds, putCallsLast } from './fix-calls.ts';
import { continuePrefill, startWithUser, trimPrefill } from './fix-ends.ts';
import { keepOwnThoughts } from './keep-own-thoughts.ts';
import { mergeTurns, prefixNames } from './merge-turns.ts';
import { moveMedia } from './move-media.ts';
import type { OrderRules } from './order-rules.ts';
import { pairResults } from './pair-results.ts';
import { placeSystem } from './place-system.ts';

/** One repair: the messages in order, or the very same list when nothing was wrong. */
export type RepairPass = (messages: readonly Message[], rules: OrderRules) => readonly Message[];

/** The repairs in the order in which they build on each other. */
const PASSES: readonly RepairPass[] = [
  keepOwnThoughts,
  pairResults,
  moveMedia,
  dropEmpty,
  placeSystem,
  putCallsLast,
  prefixNames,
  mergeTurns,
  fillAfterResults,
  fixArguments,
  fixCallIds,
  startWithUser,
  trimPrefill,
];

/**
 * The request with its conversation in an order the target takes. Deterministic and append-only: the same
 * beginning of a history always gives the same beginning of the result.
 */
export function repairMessages(
  request: CanonicalRequest,
  rules: OrderRules,
): { readonly request: CanonicalRequest; readonly losses: readonly Loss[] } {
  const repaired = PASSES.reduce((messages, pass) => pass(messages, rules), request.messages);
  const messages = continuePrefill(repaired, rules);
  const losses =
    messages === repaired
      ? []
      : [approximated('prefill', 'The target cannot continue a begun answer; it is asked to.')];
  const ordered = messages === request.messages ? request : { ...request, messages };
  return { request: addStubTools(ordered, rules), losses };
}
