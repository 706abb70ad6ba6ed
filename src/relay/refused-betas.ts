import type { GatewayError } from '../base/gateway-error.ts';
import type { Loss } from '../translate/loss.ts';
import { BETAS_REFUSED } from '../upstream/headers.ts';
import type { AttemptPlan } from './attempt.ts';
import type { ClientCall } from './call.ts';

/** The header by which clients of Anthropic's dialect ask for what is not final yet, as a list of flags. */
const HEADER = 'anthropic-beta';
const ALL = `${HEADER}=*`;

/**
 * The flag that an upstream refuses, as a refused field; all of them where it names none. Anthropic's own refusals are for the
 * client to hear.
 */
export function refusedBetaIn(error: GatewayError, call: ClientCall, plan: AttemptPlan): string | undefined {
  if (!plan.passes || !plan.takesBetas || plan.provider.id === 'anthropic') return undefined;
  const flags = flagsIn(call.headers.get(HEADER) ?? '').filter((flag) => !isRefused(flag, plan.refused));
  if (flags.length === 0) return undefined;
  const named = flags.find((flag) => error.message.includes(flag));
  if (named !== undefined) return `${HEADER}=${named}`;
  return /anthropic-beta|beta (?:flag|header|feature)/i.test(error.message) ? ALL : undefined;
}

/** Takes refused flags out of the headers of a request. */
export function leaveBetasOut(headers: { [name: string]: string }, refused: readonly string[]): void {
  const asked = headers[HEADER];
  if (asked === undefined) return;
  const kept = flagsIn(asked).filter((flag) => !isRefused(flag, refused));
  if (kept.length === 0) delete headers[HEADER];
  else headers[HEADER] = kept.join(',');
}

/** What a client loses whose flags are left out. */
export function lossesOfBetas(call: ClientCall, { refused, takesBetas, passes }: AttemptPlan): Loss[] {
  if (refused === undefined || !takesBetas || !passes) return [];
  const isLost = flagsIn(call.headers.get(HEADER) ?? '').some((flag) => isRefused(flag, refused));
  return isLost ? [BETAS_REFUSED] : [];
}

function isRefused(flag: string, refused: readonly string[] | undefined): boolean {
  return refused?.some((field) => field === ALL || field === `${HEADER}=${flag}`) ?? false;
}

function flagsIn(header: string): readonly string[] {
  return header
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '');
}
