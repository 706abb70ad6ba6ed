import { asArray, asNumber, asObject } from '../../base/json.ts';
import type { BodyView, RefitTarget, Refitted } from '../dialect.ts';
import { type Edit, NO_EDITS, REMOVE, set } from '../edit-body.ts';
import { dropped, type Loss } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { effortLoss, nearestEffort, readEffort } from '../models/effort.ts';
import { type OpenaiModel, readOpenaiModel } from '../models/openai.ts';

/** A body being fitted to its model. */
interface Refit {
  readonly body: BodyView;
  readonly model: OpenaiModel;
  readonly edits: Map<string, Edit>;
  readonly losses: Loss[];
}

/** What a stateless conversation must ask for, lest its thoughts be lost with the answer. */
const SEALED_THOUGHTS = 'reasoning.encrypted_content';

/**
 * Asks for sealed thoughts where the service keeps nothing, and fits a body that was written for another model: efforts, the
 * limit, and the sampling that models which reason refuse. https://platform.openai.com/docs/guides/reasoning
 */
export function refit(body: BodyView, { model, traits, renamed }: RefitTarget): Refitted {
  const lacksWish = traits.provider === 'openai' && losesThoughts(body);
  if (!renamed && !lacksWish) return { edits: NO_EDITS, losses: [] };
  const refit: Refit = { body, model: readOpenaiModel(model, traits.facts), edits: new Map(), losses: [] };
  if (lacksWish && refit.model.reasons === true) askForThoughts(refit);
  if (!renamed) return refit;
  const isIdle = refitReasoning(refit);
  refitLimit(refit, traits.provider === 'openai' ? refit.model.maxOutput : traits.facts?.maxOutput);
  if (refit.model.reasons === true && !(isIdle && refit.model.samplesWhenIdle)) refitSampling(refit);
  if (refit.model.reasons === false) forgetThoughts(refit);
  return refit;
}

/** Whether nothing is kept and no sealed thoughts are asked for. Most bodies have both words or none, and need not be read for that. */
function losesThoughts(body: BodyView): boolean {
  return body.includes('"store"') && !body.includes(SEALED_THOUGHTS) && body.field('store') === false;
}

function askForThoughts({ body, edits }: Refit): void {
  const include = asArray(body.field('include'));
  edits.set('include', set([...include, SEALED_THOUGHTS]));
}

/** Answers whether the model is told not to think. */
function refitReasoning({ body, model, edits, losses }: Refit): boolean {
  const reasoning = asObject(body.field('reasoning'));
  if (reasoning === undefined) return model.idleByDefault;
  const effort = readEffort(reasoning.effort);
  if (model.reasons === false) {
    edits.set('reasoning', REMOVE);
    if (effort !== 'none') losses.push(dropped('reasoning', 'The model cannot be told how much to think.'));
    return false;
  }
  if (effort === undefined) return model.idleByDefault;
  if (model.efforts === undefined || model.efforts.includes(effort)) return effort === 'none';
  const taken = set(nearestEffort(effort, model.efforts));
  edits.set('reasoning', { type: 'members', edits: new Map([['effort', taken]]) });
  losses.push(effortLoss(effort, model.efforts));
  return false;
}

function refitLimit({ body, edits, losses }: Refit, most: number | undefined): void {
  const wanted = asNumber(body.field('max_output_tokens'));
  if (wanted === undefined) return;
  const taken = clampTokens(wanted, most, losses);
  if (taken !== wanted) edits.set('max_output_tokens', set(taken));
}

function refitSampling({ body, edits, losses }: Refit): void {
  const missed: string[] = [];
  for (const field of ['temperature', 'top_p']) {
    const value = body.field(field);
    if (value === undefined) continue;
    edits.set(field, REMOVE);
    if (value !== null && value !== 1) missed.push(field);
  }
  if (missed.length > 0) losses.push(dropped('sampling', `A reasoning model takes no ${missed.join(', ')}.`));
}

/** A model without thoughts refuses to be asked for them. */
function forgetThoughts({ body, edits }: Refit): void {
  if (!body.includes(SEALED_THOUGHTS)) return;
  const include = asArray(body.field('include'));
  const rest = include.filter((word) => word !== SEALED_THOUGHTS);
  if (rest.length < include.length) edits.set('include', rest.length === 0 ? REMOVE : set(rest));
}
