import { asArray, asNumber } from '../../base/json.ts';
import type { BodyView, RefitTarget, Refitted } from '../dialect.ts';
import { type Edit, NO_EDITS, REMOVE, set } from '../edit-body.ts';
import { dropped, type Loss } from '../loss.ts';
import { clampTokens } from '../models/clamp-tokens.ts';
import { effortLoss, nearestEffort, readEffort } from '../models/effort.ts';
import { type OpenaiModel, readOpenaiModel } from '../models/openai.ts';

/** A body being fitted to another model than it was written for. */
interface Refit {
  readonly body: BodyView;
  readonly model: OpenaiModel;
  readonly edits: Map<string, Edit>;
  readonly losses: Loss[];
}

/**
 * Fits a body to another of OpenAI's models: efforts, the name of the limit and its size, and the sampling that models which
 * reason refuse. https://platform.openai.com/docs/guides/reasoning
 */
export function refit(body: BodyView, { model, traits, renamed }: RefitTarget): Refitted {
  if (!renamed) return { edits: NO_EDITS, losses: [] };
  const refit: Refit = { body, model: readOpenaiModel(model, traits.facts), edits: new Map(), losses: [] };
  const isIdle = refitEffort(refit);
  const most = traits.provider === 'openai' ? refit.model.maxOutput : traits.facts?.maxOutput;
  refitLimits(refit, most, traits.quirks.maxTokensField !== 'max_tokens');
  if (refit.model.reasons === true) refitSampling(refit, isIdle);
  if (refit.model.reasons !== undefined && !refit.model.customTools && body.field('verbosity') !== undefined) {
    refit.edits.set('verbosity', REMOVE);
    refit.losses.push(dropped('verbosity', 'The model has no such field.'));
  }
  return refit;
}

/** Answers whether the model is told not to think. */
function refitEffort({ body, model, edits, losses }: Refit): boolean {
  const effort = readEffort(body.field('reasoning_effort'));
  if (effort === undefined) return model.idleByDefault;
  if (model.reasons === false) {
    edits.set('reasoning_effort', REMOVE);
    if (effort !== 'none') losses.push(dropped('reasoning', 'The model cannot be told how much to think.'));
    return false;
  }
  if (model.efforts === undefined || model.efforts.includes(effort)) return effort === 'none';
  edits.set('reasoning_effort', set(nearestEffort(effort, model.efforts)));
  losses.push(effortLoss(effort, model.efforts));
  return false;
}

function refitLimits({ body, model, edits, losses }: Refit, most: number | undefined, takesNewField: boolean): void {
  for (const field of ['max_tokens', 'max_completion_tokens']) {
    const wanted = asNumber(body.field(field));
    if (wanted === undefined) continue;
    const taken = clampTokens(wanted, most, losses);
    const isOld = field === 'max_tokens' && model.reasons === true && takesNewField;
    if (isOld) {
      edits.set(field, REMOVE);
      if (body.field('max_completion_tokens') === undefined) edits.set('max_completion_tokens', set(taken));
    } else if (taken !== wanted) edits.set(field, set(taken));
  }
}

/** Fields that models which reason refuse, with the value that says nothing; those of the first list are taken while they do not think. */
const WHILE_THINKING = { temperature: 1, top_p: 1, logprobs: false, top_logprobs: 0 };
const ALWAYS = { presence_penalty: 0, frequency_penalty: 0, logit_bias: undefined };

function refitSampling({ body, model, edits, losses }: Refit, isIdle: boolean): void {
  const refused = isIdle && model.samplesWhenIdle ? ALWAYS : { ...WHILE_THINKING, ...ALWAYS };
  const missed: string[] = [];
  for (const [field, idle] of Object.entries(refused)) {
    const value = body.field(field);
    if (value === undefined) continue;
    edits.set(field, REMOVE);
    if (value !== null && value !== idle) missed.push(field);
  }
  if (model.refusesStop && (asArray(body.field('stop')).length > 0 || typeof body.field('stop') === 'string')) {
    edits.set('stop', REMOVE);
    losses.push(dropped('stop', 'The model takes no stop sequences.'));
  }
  if (missed.length > 0) losses.push(dropped('sampling', `A reasoning model takes no ${missed.join(', ')}.`));
}
