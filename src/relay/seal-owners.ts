import { type JsonObject, tryParseJson } from '../base/json.ts';
import { findSeals, mayHoldSeals, mayHoldSealsIn } from '../translate/find-seals.ts';
import { isAccountBound } from '../translate/seal-origin.ts';
import type { SseFrame } from '../translate/stream/sse.ts';
import type { AttemptPlan } from './attempt.ts';
import type { Journey } from './journey.ts';
import { hashKey } from './seal-memory.ts';

/*
 * Seals that pass tell not whose they are. Where a vendor ties them to an account, the memory holds the owner of each; and it
 * holds those that were refused, so that they are not sent again. It is asked only in conversations in which that has happened.
 */

/** More than one account has answered in this conversation, or one has refused its seals. */
const MIXED = '*';
/** The owner of a seal that was refused. */
const NOBODY = '';

/** Tells of a seal whether the account takes it no more, or never. `undefined` when there is no such seal in this conversation. */
export function foreignSeals(journey: Journey, plan: AttemptPlan): ((value: string) => boolean) | undefined {
  const { call, ports, session } = journey;
  const { origin } = plan;
  if (ports.seals.isEmpty() || session?.opens) return undefined;
  const served = session === undefined ? undefined : ports.seals.find(conversationKey(session.sessionKey, plan));
  const mayBeForeign = served === MIXED || (isAccountBound(origin) && plan.passes && served !== origin.account);
  if (!mayBeForeign || (plan.passes && !mayHoldSealsIn(call.body.bytes))) return undefined;
  return (value) => {
    const owner = ports.seals.find(sealKey(value));
    return owner !== undefined && owner !== origin.account;
  };
}

/** Notes that an account has answered in a conversation, and what of it it has refused. */
export function noteServed(journey: Journey, plan: AttemptPlan): void {
  const { ports, session, refusedSeals } = journey;
  const isBound = plan.passes && isAccountBound(plan.origin);
  if (session === undefined || (refusedSeals.length === 0 && !isBound)) return;
  const key = conversationKey(session.sessionKey, plan);
  if (refusedSeals.length > 0) {
    for (const value of refusedSeals) ports.seals.keep(sealKey(value), NOBODY);
    ports.seals.keep(key, MIXED);
    return;
  }
  const served = ports.seals.find(key);
  const { account } = plan.origin;
  if (served === undefined) ports.seals.keep(key, account);
  else if (served !== account && served !== MIXED) ports.seals.keep(key, MIXED);
}

/** Every seal in a body that was sent. */
export function findSealsIn(sent: Uint8Array | string): string[] {
  return findSeals(tryParseJson(typeof sent === 'string' ? sent : new TextDecoder().decode(sent)) ?? {});
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
