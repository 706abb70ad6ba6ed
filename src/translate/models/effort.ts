import type { Effort } from '../canonical/request.ts';
import { approximated, type Loss } from '../loss.ts';

/** Every effort, the least first. */
export const EFFORTS: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The effort a word stands for; a word nobody knows is `undefined`. */
export function readEffort(word: unknown): Effort | undefined {
  return EFFORTS.find((effort) => effort === word);
}

/** Tokens of thought that an effort wishes for; every model has its own limit below the largest. */
export const BUDGET_OF_EFFORT: { readonly [E in Exclude<Effort, 'none'>]: number } = {
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24576,
  xhigh: 32768,
  max: Number.MAX_SAFE_INTEGER,
};

/** The effort that a budget of thought tokens amounts to. */
export function effortOfBudget(budget: number): Effort {
  if (budget <= 0) return 'none';
  if (budget <= BUDGET_OF_EFFORT.minimal) return 'minimal';
  if (budget <= BUDGET_OF_EFFORT.low) return 'low';
  if (budget <= BUDGET_OF_EFFORT.medium) return 'medium';
  return budget <= BUDGET_OF_EFFORT.high ? 'high' : 'xhigh';
}

/** The effort itself, else the next lower one of those that are taken, the least first; a wish to think is never turned into none. */
export function nearestEffort(wish: Effort, taken: readonly Effort[]): Effort {
  if (taken.includes(wish)) return wish;
  const rank = EFFORTS.indexOf(wish);
  const lower = taken.filter((effort) => EFFORTS.indexOf(effort) < rank).at(-1);
  return lower === undefined || lower === 'none' ? (taken.find((effort) => effort !== 'none') ?? wish) : lower;
}

/** What it costs to take another effort than the one that was wished for. */
export function effortLoss(wish: Effort, taken: readonly Effort[]): Loss {
  const field = wish === 'none' ? 'reasoning-floor' : 'effort';
  return approximated(field, `The model takes ${taken.join(', ')}.`);
}
