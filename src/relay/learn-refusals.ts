import { GatewayError } from '../base/gateway-error.ts';
import { asObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { Lease } from '../pool/account-state.ts';
import { quirksWithout, refusedFieldIn } from '../translate/refused-fields.ts';
import type { AttemptPlan } from './attempt.ts';
import type { Journey } from './journey.ts';
import { refusedBetaIn } from './refused-betas.ts';
import type { Way } from './way.ts';

/** An optional field that an account's upstream has refused by name in this exchange. */
export interface FoundRefusal {
  readonly account: string;
  readonly field: string;
}

/** The way to a leased account, without what its upstream is known to refuse. */
export function planWithout({ ports, found }: Journey, way: Way, lease: Lease): AttemptPlan {
  const model = lease.target.model;
  const known =
    way.provider.answerLocally === undefined
      ? ports.refusals.refusedBy(nameOf(way, model), ports.clock.now())
      : undefined;
  const mine = found?.filter(({ account }) => account === lease.account.id).map(({ field }) => field) ?? [];
  if (known === undefined && mine.length === 0) return { ...way, lease };
  const refused = [...(known ?? []), ...mine];
  const traits = { ...way.traits, quirks: quirksWithout(way.traits.quirks, refused) };
  return { ...way, traits, refused, lease };
}

/** Keeps what an upstream refused, now that it has taken the request without it. */
export function keepRefusals({ ports, found }: Journey, plan: AttemptPlan): void {
  const { account, target } = plan.lease;
  const mine = found?.filter((refusal) => refusal.account === account.id).map(({ field }) => field) ?? [];
  if (mine.length > 0) ports.refusals.note(nameOf(plan, target.model), mine, ports.clock.now());
}

/** The error of a refused request; with the field in it that the upstream named, where the request can do without. */
export function readRefusal(
  { call }: Journey,
  plan: AttemptPlan,
  { error, sent }: { readonly error: GatewayError; readonly sent: Uint8Array | string },
): GatewayError {
  if (error.kind !== 'invalid-request') return error;
  const refusedField = refusedBetaIn(error, call, plan) ?? (mayLearn(plan) ? fieldIn(error, plan, sent) : undefined);
  if (refusedField === undefined || plan.refused?.includes(refusedField) === true) return error;
  return new GatewayError(error.kind, error.message, { ...error.detail, refusedField });
}

function fieldIn(error: GatewayError, plan: AttemptPlan, sent: Uint8Array | string): string | undefined {
  const body = bodyOf(sent);
  const { param } = error.detail;
  const words = { message: error.message, ...(param === undefined ? {} : { param }) };
  return body === undefined ? undefined : refusedFieldIn(words, body, plan.upstream.id);
}

/**
 * A client's own body is changed only for servers that may be any: a vendor's refusal is for the client that wrote for this
 * vendor. Clients of Anthropic's dialect leave out by themselves what is refused.
 */
function mayLearn({ passes, provider, upstream }: AttemptPlan): boolean {
  return !passes || (provider.learnsRefusals === true && upstream.id !== 'anthropic-messages');
}

function bodyOf(sent: Uint8Array | string): JsonObject | undefined {
  return asObject(tryParseJson(typeof sent === 'string' ? sent : new TextDecoder().decode(sent)));
}

/** One server, one dialect, one model: what another of them refuses tells nothing. */
function nameOf({ baseUrl, upstream }: Way, model: string): string {
  return `${upstream.id} ${model} ${baseUrl}`;
}
