import { approximated, type Loss } from '../loss.ts';

/** A limit of an answer's tokens, brought down to the model's own where that is known: more than that is refused. */
export function clampTokens(wanted: number, most: number | undefined, losses: Loss[]): number {
  if (most === undefined || wanted <= most) return wanted;
  losses.push(approximated('clamped=max_tokens', `The model gives at most ${most} tokens.`));
  return most;
}
