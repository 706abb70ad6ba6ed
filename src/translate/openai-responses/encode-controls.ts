import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type { Effort, ReasoningControl } from '../canonical/request.ts';
import { approximated, dropped } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { effortLoss, effortOfBudget, nearestEffort } from '../models/effort.ts';
import type { Encoding } from './encoding.ts';

/** The least `max_output_tokens` the service takes. */
const LEAST_TOKENS = 16;
/** The most alternatives to a token that can be asked for. */
const MOST_ALTERNATIVES = 20;

/** Encodes how much the model shall think and what of it is shown; `undefined` when there is nothing to say. */
export function encodeReasoning(encoding: Encoding): JsonObject | undefined {
  const control = encoding.request.reasoning;
  if (control === undefined) return undefined;
  if (encoding.model.reasons === false || encoding.quirks.reasoningControl === 'none') {
    // not to think is no loss where nothing thinks
    const wanted = wantedEffort(control);
    if (control.mode === 'on' || (wanted !== undefined && wanted !== 'none'))
      encoding.losses.push(dropped('reasoning', 'The model cannot be told how much to think.'));
    return undefined;
  }
  const effort = takenEffort(wantedEffort(control), encoding);
  const summary = control.mode === 'off' ? undefined : summaryOf(control);
  if (effort === undefined && summary === undefined) return undefined;
  return { ...(effort === undefined ? {} : { effort }), ...(summary === undefined ? {} : { summary }) };
}

function wantedEffort(control: ReasoningControl): Effort | undefined {
  if (control.mode === 'off') return 'none';
  if (control.effort !== undefined) return control.effort;
  return control.budget === undefined || control.budget < 0 ? undefined : effortOfBudget(control.budget);
}

function takenEffort(wanted: Effort | undefined, { model, losses }: Encoding): Effort | undefined {
  const { efforts } = model;
  if (wanted === undefined || efforts === undefined || efforts.includes(wanted)) return wanted;
  losses.push(effortLoss(wanted, efforts));
  return nearestEffort(wanted, efforts);
}

function summaryOf(control: ReasoningControl): string | undefined {
  if (control.display === 'omitted') return undefined;
  return control.summary ?? (control.display === 'full' ? 'detailed' : 'auto');
}

/** Encodes limits and sampling, and names what the dialect or the model cannot carry. */
export function encodeSampling(encoding: Encoding): JsonObject {
  const { sampling } = encoding.request;
  const { losses } = encoding;
  const fields: JsonDraft = {};
  if (sampling.maxTokens !== undefined) fields.max_output_tokens = atLeast(sampling.maxTokens, encoding);
  if (sampling.logitBias !== undefined) losses.push(dropped('logit_bias', 'The Responses dialect has no logit bias.'));
  const { temperature, topP, logprobs } = sampling;
  if (logprobs !== undefined) {
    if (!takesSampling(encoding)) losses.push(dropped('logprobs', 'A reasoning model tells no probabilities.'));
    else if (logprobs.top !== undefined) fields.top_logprobs = Math.min(logprobs.top, MOST_ALTERNATIVES);
  }
  if (temperature === undefined && topP === undefined) return fields;
  if (!takesSampling(encoding)) {
    losses.push(dropped('sampling', 'A reasoning model takes no temperature and no top_p.'));
    return fields;
  }
  if (temperature !== undefined) fields.temperature = temperature;
  if (topP !== undefined) fields.top_p = topP;
  return fields;
}

function atLeast(asked: number, { losses, maxOutput }: Encoding): number {
  const tokens = clampTokens(asked, maxOutput, losses);
  if (tokens >= LEAST_TOKENS) return tokens;
  losses.push(approximated('clamped=max_output_tokens', `The least that can be asked for is ${LEAST_TOKENS} tokens.`));
  return LEAST_TOKENS;
}

/** Whether fields about probabilities and chance are taken: models that think refuse them. */
export function takesSampling({ request, model }: Encoding): boolean {
  if (model.reasons !== true) return true;
  if (!model.samplesWhenIdle) return false;
  const effort = request.reasoning === undefined ? undefined : wantedEffort(request.reasoning);
  return effort === undefined ? model.idleByDefault : effort === 'none';
}
