import type { CanonicalRequest } from '../translate/canonical/request.ts';
import { hashTurns, recallThoughts } from '../translate/recall-thoughts.ts';
import { isPrefixBound } from '../translate/seal-origin.ts';
import type { SealWatch } from '../translate/watch-step.ts';
import type { AttemptPlan } from './attempt.ts';
import type { Journey } from './journey.ts';
import { forgetsThoughts, keepStep, openSteps } from './seal-memory.ts';

/** The request with the earlier thoughts that the account's model takes, the kept ones among them. */
export function recallFor(journey: Journey, plan: AttemptPlan, request: CanonicalRequest): CanonicalRequest {
  if (journey.dropsThoughts) return request;
  const { origin } = plan;
  const steps = openSteps(journey.ports.seals, origin, journey.session?.sessionKey);
  return recallThoughts(request, {
    target: origin,
    wantsText: wantsText(plan),
    ...(steps === undefined ? {} : { steps }),
  });
}

/** What becomes of the seals in the answer to a translated request. `told`: the request as it was encoded. */
export function watchFor(journey: Journey, plan: AttemptPlan, told: () => CanonicalRequest): SealWatch | undefined {
  const { call, ports, session } = journey;
  const { origin, provider } = plan;
  if (provider.answerLocally !== undefined) return undefined;
  const watch = { origin, keepsText: wantsText(plan) };
  if (!forgetsThoughts(call.client)) return watch;
  return {
    ...watch,
    keep: (step) => {
      const prefix = isPrefixBound(origin) ? { prefix: hashTurns(told().messages) } : {};
      const at = { origin, sessionKey: session?.sessionKey, namesDeeds: plan.passes };
      keepStep(ports.seals, { ...step, ...prefix }, at);
    },
  };
}

/** Whether the upstream wants thoughts back as text. */
export function wantsText({ traits }: AttemptPlan): boolean {
  return traits.quirks.reasoningBack !== undefined;
}
