import { type ErrorKind, GatewayError } from '../base/gateway-error.ts';
import type { AccountState, Refusal, Target } from './account-state.ts';
import { currentRest } from './refusal.ts';
import { spell } from './spell.ts';

/** Accounts that one message names; the rest are counted. */
const MAX_NAMED = 5;
/** A busy account, or one that is being tried, may be free at any moment. */
const BUSY_RETRY_MS = 1_000;

/** What a rest of each kind is for, to follow "rests". */
const CAUSES: Partial<Record<ErrorKind, string>> = {
  'rate-limited': 'its rate limit is reached',
  'quota-exhausted': 'its quota is used up',
  overloaded: 'the provider is overloaded',
  'upstream-model-unknown': 'the provider does not know the model',
  'upstream-failed': 'the provider failed several times in a row',
  'upstream-timeout': 'the provider did not answer in time, several times in a row',
  'upstream-unreachable': 'the provider could not be reached, several times in a row',
  'upstream-malformed': 'the provider answered nonsense, several times in a row',
  'credential-rejected': 'its credential was refused once',
};

/** Why a rest of this kind is taken, in words for people. */
export function causeOf(kind: ErrorKind): string {
  return CAUSES[kind] ?? 'it failed';
}

/** The error for a request that no account can serve: it names each account that serves the model, with its reason. */
export function refusalError(
  target: Target,
  refusals: readonly Refusal[],
  states: readonly AccountState[],
  now: number,
): GatewayError {
  if (states.length === 0) {
    const advice = 'Add one on the Accounts page (/ui/accounts) or with "trivium accounts add".';
    return new GatewayError('no-account', `No account is set up. ${advice}`);
  }
  const relevant = refusals.filter((refusal) => refusal.reason !== 'model-not-served');
  if (relevant.length === 0) {
    return new GatewayError('no-account', `No account serves ${nameOf(target)}.`);
  }
  if (relevant.every((refusal) => refusal.reason === 'disabled')) {
    const message = `Every account that serves ${nameOf(target)} is switched off: ${list(relevant, describeName)}.`;
    return new GatewayError('no-account', message);
  }
  const byId = new Map(states.map((state) => [state.account.id, state]));
  const details = list(relevant, (refusal) => describe(refusal, target, byId.get(refusal.account), now));
  const retryAfterMs = retryTime(relevant, now);
  const message = `No account can serve ${nameOf(target)} now: ${details}.`;
  if (retryAfterMs === undefined) return new GatewayError('no-account', message);
  return new GatewayError('pool-cooling', `${message} Try again in ${spell(retryAfterMs)}.`, { retryAfterMs });
}

function retryTime(refusals: readonly Refusal[], now: number): number | undefined {
  const times = refusals.flatMap(({ reason, until }) => {
    if (until !== undefined) return [until - now];
    return reason === 'full' || reason === 'cooling' ? [BUSY_RETRY_MS] : [];
  });
  return times.length === 0 ? undefined : Math.max(1, Math.min(...times));
}

function describe(refusal: Refusal, target: Target, state: AccountState | undefined, now: number): string {
  return `${describeName(refusal)} ${describeReason(refusal, target, state, now)}`;
}

function describeReason(refusal: Refusal, target: Target, state: AccountState | undefined, now: number): string {
  switch (refusal.reason) {
    case 'disabled':
      return 'is switched off';
    case 'invalid':
      return 'has a credential that the provider refuses';
    case 'forbidden':
      return 'is not allowed to do this by the provider';
    case 'full':
      return `is busy (${refusal.detail})`;
    case 'tried':
    case 'cooling':
      return describeRest(refusal, target, state, now);
    case 'reserved':
    case 'over-budget':
      return `${refusal.detail}${refusal.until === undefined ? '' : `, for ${spell(refusal.until - now)} more`}`;
    case 'model-not-served':
      return 'does not serve the model';
    default:
      return refusal.reason satisfies never;
  }
}

function describeRest(refusal: Refusal, target: Target, state: AccountState | undefined, now: number): string {
  if (refusal.until === undefined) {
    return refusal.reason === 'tried' ? 'was tried and failed' : 'is being tried by another request after its rest';
  }
  const rest = state === undefined ? undefined : currentRest(state, target.model, now);
  return `rests for ${spell(refusal.until - now)} more${rest === undefined ? '' : ` (${causeOf(rest.kind)})`}`;
}

function list(refusals: readonly Refusal[], write: (refusal: Refusal) => string): string {
  const named = refusals.slice(0, MAX_NAMED).map(write);
  const more = refusals.length - named.length;
  return more === 0 ? named.join('; ') : `${named.join('; ')}; and ${more} more`;
}

function describeName({ account, name }: Refusal): string {
  // clients must not learn an owner's e-mail address
  return `"${name.includes('@') ? account : name}"`;
}

function nameOf({ model, provider }: Target): string {
  return provider === undefined ? `the model "${model}"` : `the model "${model}" of ${provider}`;
}
