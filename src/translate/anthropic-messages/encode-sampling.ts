import type { JsonObject } from '../../base/json.ts';
import type { Sampling } from '../canonical/request.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import type { ClaudeModel } from '../models/claude.ts';
import { optionalField } from './optional-field.ts';

/** The smallest `top_p` beside thinking. https://docs.claude.com/en/docs/build-with-claude/extended-thinking */
const LEAST_TOP_P_THINKING = 0.95;

/** Sampling fields, and what of the wish they leave out. */
export interface EncodedSampling {
  readonly fields: JsonObject;
  readonly losses: readonly Loss[];
}

/**
 * Encodes sampling as far as the model takes it. A value of 1 samples as without it, so that its loss is not worth a word.
 * `thinks`: thinking is asked for, which leaves little of sampling.
 */
export function encodeSampling(
  sampling: Sampling,
  traits: ClaudeModel,
  thinks: boolean,
  maxStops?: number,
): EncodedSampling {
  const losses: Loss[] = [];
  const temperature = encodeTemperature(sampling, traits, thinks, losses);
  const topP = encodeTopP(sampling, traits, { thinks, besideTemperature: temperature !== undefined }, losses);
  const topK = encodeTopK(sampling, traits, thinks, losses);
  const stop = encodeStop(sampling.stop, maxStops, losses);
  if (sampling.logprobs !== undefined) losses.push(dropped('logprobs', 'The target tells no probabilities.'));
  if (sampling.logitBias !== undefined) losses.push(dropped('logit_bias', 'The target has no such field.'));
  return {
    fields: {
      ...optionalField('temperature', temperature),
      ...optionalField('top_p', topP),
      ...optionalField('top_k', topK),
      ...optionalField('stop_sequences', stop),
    },
    losses,
  };
}

function encodeTemperature(
  { temperature }: Sampling,
  traits: ClaudeModel,
  thinks: boolean,
  losses: Loss[],
): number | undefined {
  if (temperature === undefined) return undefined;
  if (traits.sampling === 'none' || thinks) {
    if (temperature !== 1) losses.push(dropped('temperature', reasonOf(thinks)));
    return undefined;
  }
  const clamped = Math.max(0, Math.min(1, temperature));
  if (clamped !== temperature) losses.push(approximated('clamped=temperature', 'The target takes at most 1.'));
  return clamped;
}

function encodeTopP(
  { topP }: Sampling,
  traits: ClaudeModel,
  beside: { readonly thinks: boolean; readonly besideTemperature: boolean },
  losses: Loss[],
): number | undefined {
  if (topP === undefined) return undefined;
  const isExcluded = traits.sampling === 'one' && beside.besideTemperature;
  const isTooLow = beside.thinks && topP < LEAST_TOP_P_THINKING;
  if (traits.sampling !== 'none' && !isExcluded && !isTooLow) return topP;
  const reason = isExcluded ? 'The model takes temperature or top_p, not both.' : reasonOf(beside.thinks);
  if (topP !== 1) losses.push(dropped('top_p', reason));
  return undefined;
}

function encodeTopK({ topK }: Sampling, traits: ClaudeModel, thinks: boolean, losses: Loss[]): number | undefined {
  if (topK === undefined || topK < 1) return undefined;
  if (traits.sampling !== 'none' && !thinks) return topK;
  losses.push(dropped('top_k', reasonOf(thinks)));
  return undefined;
}

function reasonOf(thinks: boolean): string {
  return thinks ? 'The model does not take it while it thinks.' : 'The model does not take it.';
}

/** Sequences of white space alone are refused. */
function encodeStop(
  stop: readonly string[] | undefined,
  maxStops: number | undefined,
  losses: Loss[],
): readonly string[] | undefined {
  if (stop === undefined || stop.length === 0) return undefined;
  const kept = stop.filter((text) => text.trim() !== '').slice(0, maxStops);
  if (kept.length < stop.length)
    losses.push(approximated('stop', 'The target does not take all of the stop sequences.'));
  return kept.length === 0 ? undefined : kept;
}
