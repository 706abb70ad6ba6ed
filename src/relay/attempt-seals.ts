import type { JsonObject } from '../base/json.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import { dropThoughtsIn, mayHoldEnvelope, openEnvelopesIn } from '../translate/foreign-seals.ts';
import { type PassingLack, returnThoughtsIn } from '../translate/passing-thoughts.ts';
import { hashTurns, recallThoughts } from '../translate/recall-thoughts.ts';
import { isPrefixBound } from '../translate/seal-origin.ts';
import type { SealWatch } from '../translate/watch-step.ts';
import type { AttemptPlan } from './attempt.ts';
import type { ClientCall } from './call.ts';
import type { Journey } from './journey.ts';
import { forgetsThoughts, keepStep, openSteps } from './seal-memory.ts';
import { foreignSeals } from './seal-owners.ts';

/** The request with the earlier thoughts that the account's model takes, the kept ones among them. */
export function recallFor(journey: Journey, plan: AttemptPlan, request: CanonicalRequest): CanonicalRequest {
  if (journey.dropsThoughts) return request;
  const { origin } = plan;
  const steps = openSteps(journey.ports.seals, origin, journey.session?.sessionKey);
  const isForeign = foreignSeals(journey, plan);
  return recallThoughts(request, {
    target: origin,
    wantsText: wantsText(plan),
    ...(steps === undefined ? {} : { steps }),
    ...(isForeign === undefined ? {} : { isForeign }),
  });
}

/** A body that passes with the earlier thoughts that the account's model takes; `undefined` when nothing about them has to change. */
export function passThoughts(journey: Journey, plan: AttemptPlan): JsonObject | undefined {
  const { body } = journey.call;
  if (journey.dropsThoughts) return dropThoughtsIn(body.json(), plan.upstream.id);
  const isForeign = foreignSeals(journey, plan);
  const opens = isForeign !== undefined || mayHoldEnvelope(body.bytes);
  const lack = lackOf(journey, plan);
  const returns = lack !== undefined && holds(body.bytes, CALL_MARKS[lack]);
  if (!opens && !returns) return undefined;
  const opened = opens ? openEnvelopesIn(body.json(), plan.origin, isForeign) : body.json();
  if (!returns) return opened;
  return returnThoughtsIn(opened, lack, openSteps(journey.ports.seals, plan.origin, journey.session?.sessionKey));
}

const CALL_MARKS: { readonly [L in PassingLack]: string } = {
  'call-seals': '"functionCall"',
  'reasoning-content': '"tool_calls"',
};

/** Gemini before its third generation proves no calls. */
const CALLS_UNPROVED = /gemini-(?:1|2)(?!\d)/;

/** What the client of a passing request does not send back although the upstream demands it. */
function lackOf({ call }: Journey, { origin, traits }: AttemptPlan): PassingLack | undefined {
  if (origin.dialect === 'openai-chat') {
    return traits.quirks.reasoningBack === 'reasoning_content' ? 'reasoning-content' : undefined;
  }
  if (origin.dialect !== 'gemini' || !dropsSignatures(call)) return undefined;
  return CALLS_UNPROVED.test(origin.model) ? undefined : 'call-seals';
}

/** Google's old libraries know nothing of signatures: in JavaScript they are lost in streams, in Python always. */
function dropsSignatures({ client, headers }: ClientCall): boolean {
  return client === 'generative-ai' || headers.get('x-goog-api-client')?.includes('genai-py/') === true;
}

function holds(bytes: Uint8Array, mark: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark);
}

/** What becomes of the seals in an answer. `told`: the request as it was encoded, unless it passed. */
export function watchFor(
  journey: Journey,
  plan: AttemptPlan,
  told: CanonicalRequest | undefined,
): SealWatch | undefined {
  const { call, ports, session } = journey;
  const { origin, provider } = plan;
  if (provider.answerLocally !== undefined) return undefined;
  if (plan.passes && lackOf(journey, plan) === undefined) return undefined;
  const watch = { origin, keepsText: wantsText(plan) };
  if (!forgetsThoughts(call.client) && !withholdsThoughts(journey, plan)) return watch;
  return {
    ...watch,
    keep: (step) => {
      const prefix = told !== undefined && isPrefixBound(origin) ? { prefix: hashTurns(told.messages) } : {};
      const at = { origin, sessionKey: session?.sessionKey, namesDeeds: plan.passes };
      keepStep(ports.seals, { ...step, ...prefix }, at);
    },
  };
}

/** Whether thoughts without a proof are left out of the answer, since the client does not want to see any. */
function withholdsThoughts({ canonical }: Journey, plan: AttemptPlan): boolean {
  return wantsText(plan) && !plan.passes && canonical().reasoning?.display === 'omitted';
}

/** Whether the upstream wants thoughts back as text. */
function wantsText({ traits }: AttemptPlan): boolean {
  return traits.quirks.reasoningBack !== undefined;
}
