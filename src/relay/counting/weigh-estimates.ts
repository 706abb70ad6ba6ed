import type { RequestTokens } from './count-request.ts';
import type { ModelMaker } from './model-maker.ts';
import type { TokenRatio } from './token-ratios.ts';

/** An estimate of input tokens. */
export interface Estimate {
  readonly tokens: number;
  /** How far off it may well be, as a share: two standard deviations. */
  readonly within: number;
}

/** How far off the formulas for media are. */
const MEDIA_SPREAD = 0.2;
/** What one learnt exchange leaves open; more leave less. */
const UNLEARNT = 0.15;
/** However much was learnt, the next request is another one. */
const LEAST_SPREAD = 0.04;
/** Below this a body is mostly wrapping, and its length says little of its words. */
const LEAST_BYTES = 1_500;

/**
 * Joins two views of a request: its words as the tokenizer counts them, and its length by what lengths have come to before with
 * this model. Each counts by how sure it is.
 */
export function weighEstimates(
  counted: RequestTokens,
  maker: ModelMaker,
  learnt: { readonly bytes: number; readonly ratio: TokenRatio | undefined },
): Estimate {
  const bytes = learnt.bytes - counted.mediaCharacters;
  const words = joinViews(counted.text, maker.spread, bytes < LEAST_BYTES ? undefined : learnt.ratio, bytes);
  const tokens = words.tokens + counted.media;
  const offBy = Math.hypot(words.tokens * words.spread, counted.media * MEDIA_SPREAD);
  return { tokens: Math.max(1, Math.ceil(tokens)), within: (2 * offBy) / Math.max(1, tokens) };
}

function joinViews(text: number, spread: number, ratio: TokenRatio | undefined, bytes: number) {
  if (ratio === undefined || text <= 0) return { tokens: text, spread };
  const learntSpread = Math.hypot(Math.max(LEAST_SPREAD, Math.sqrt(ratio.variance)), UNLEARNT / Math.sqrt(ratio.count));
  const byWords = 1 / spread ** 2;
  const byLength = 1 / learntSpread ** 2;
  const mean = (byWords * Math.log(text) + byLength * (ratio.mean + Math.log(bytes))) / (byWords + byLength);
  return { tokens: Math.exp(mean), spread: 1 / Math.sqrt(byWords + byLength) };
}
