import type { JsonObject } from '../base/json.ts';
import { isAccountBound } from '../translate/seal-origin.ts';
import type { SseFrame } from '../translate/stream/sse.ts';
import type { Sink } from '../translate/stream/transducer.ts';
import { type AnswerRoute, decodeAnswer, decodeAnswerStream } from '../translate/translate-answer.ts';
import type { AttemptPlan } from './attempt.ts';
import type { Journey } from './journey.ts';
import { noteOwners, watchOwners } from './seal-owners.ts';

/** What looks at a passing stream for thoughts and seals that have to be kept; `undefined` where there are none. */
export function spyOnStream(journey: Journey, plan: AttemptPlan, route: AnswerRoute): Sink<SseFrame> | undefined {
  if (!plan.passes) return undefined;
  if (route.seals !== undefined) return decodeAnswerStream(route)(() => {});
  const see = watchOwners(journey, plan);
  return see === undefined ? undefined : { push: see, finish: () => {} };
}

/** The same for a whole answer. */
export function spyOnWhole(
  journey: Journey,
  plan: AttemptPlan,
  route: AnswerRoute,
): ((body: JsonObject) => void) | undefined {
  if (!plan.passes || (route.seals === undefined && !isAccountBound(plan.origin))) return undefined;
  return (body) => {
    try {
      if (route.seals === undefined) noteOwners(journey, plan, body);
      else decodeAnswer(route, body);
    } catch (thrown) {
      // the answer passes whatever is wrong with it
      journey.ports.log.debug('answer not understood', { exchange: journey.call.exchangeId, cause: thrown });
    }
  };
}
