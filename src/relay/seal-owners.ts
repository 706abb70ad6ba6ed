import { type JsonObject, tryParseJson } from '../base/json.ts';
import { findSeals, mayHoldSeals, mayHoldSealsIn } from '../translate/find-seals.ts';
import { isAccountBound } from '../translate/seal-origin.ts';
import type { SseFrame } from '../translate/stream/sse.ts';
import type { AttemptPlan } from './attempt.ts';
import type { Journey } from './journey.ts';
import { hashKey } from './seal-memory.ts';

/*
 * Seals that pass tell not whose they are. Where a vendor ties them to an account, the memory holds the owner of each; it is
 * asked only in conversations that have moved from one account to another.
 */

/** More than one account has answered in this conversation. */
const MOVED = '*';

/** Tells of a seal whether another account owns it. `undefined` when no seal in this request can be another's. */
export function foreignSeals(journey: Journey, plan: AttemptPlan): ((value: string) => boolean) | undefined {
  const { call, ports, session } = journey;
  const { origin } = plan;
  if (!isAccountBound(origin) || ports.seals.isEmpty() || session?.opens) return undefined;
  const served = session === undefined ? undefined : ports.seals.find(conversationKey(session.sessionKey, plan));
  if (served === origin.account || !mayHoldSealsIn(call.body.bytes)) return undefined;
  return (value) => {
    const owner = ports.seals.find(sealKey(value));
    return owner !== undefined && owner !== origin.account;
  };
}

/** Notes that an account has answered in a conversation. */
export function noteServed(journey: Journey, plan: AttemptPlan): void {
  const { ports, session } = journey;
  if (session === undefined || !plan.passes || !isAccountBound(plan.origin)) return;
  const key = conversationKey(session.sessionKey, plan);
  const served = ports.seals.find(key);
  const { account } = plan.origin;
  if (served === undefined) ports.seals.keep(key, account);
  else if (served !== account && served !== MOVED) ports.seals.keep(key, MOVED);
}

/** Looks at the frames of a passing stream for seals; `undefined` when the vendor ties them to no account. */
export function watchOwners(journey: Journey, plan: AttemptPlan): ((frame: SseFrame) => void) | undefined {
  if (!isAccountBound(plan.origin)) return undefined;
  return ({ data }) => {
    const value = mayHoldSeals(data) ? tryParseJson(data) : undefined;
    if (value !== undefined) noteOwners(journey, plan, value as JsonObject);
  };
}

/** Notes the owner of every seal in an answer. */
export function noteOwners({ ports }: Journey, { origin }: AttemptPlan, answer: JsonObject): void {
  for (const value of findSeals(answer)) {
    const key = sealKey(value);
    if (ports.seals.find(key) === undefined) ports.seals.keep(key, origin.account);
  }
}

function conversationKey(sessionKey: string, { origin }: AttemptPlan): string {
  return hashKey(`conversation\n${origin.family}\n${sessionKey}`);
}

function sealKey(value: string): string {
  return hashKey(`seal\n${value}`);
}
