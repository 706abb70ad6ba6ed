import type { JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, Effort, ReasoningControl } from '../canonical/request.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import { BUDGET_OF_EFFORT, effortOfBudget } from '../models/effort.ts';
import type { GeminiModel, ThinkingTraits } from '../models/gemini.ts';
import { expectBoolean, expectNumber, expectString } from './expect-type.ts';
import { EFFORT_OF_LEVEL, LEVEL_OF_EFFORT } from './vocabulary.ts';
import type { WireThinkingConfig, WireThinkingLevel } from './wire.ts';

const PARAM = 'generationConfig.thinkingConfig';
const STEPS: readonly WireThinkingLevel[] = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'];

/** What a client wants of thinking, and whether it wants to see it: thoughts are shown only to those who ask. */
export function readThinking(config: JsonObject | undefined): {
  readonly reasoning?: ReasoningControl;
  readonly showReasoning: boolean;
} {
  if (config === undefined) return { showReasoning: false };
  const show = expectBoolean(config.includeThoughts, `${PARAM}.includeThoughts`);
  const budget = expectNumber(config.thinkingBudget, `${PARAM}.thinkingBudget`);
  const level = expectString(config.thinkingLevel, `${PARAM}.thinkingLevel`)?.toUpperCase();
  const reasoning: ReasoningControl = {
    ...readAmount(budget, level),
    ...(show === undefined ? {} : { display: show ? 'summary' : 'omitted' }),
  };
  const showReasoning = show === true;
  return Object.keys(reasoning).length === 0 ? { showReasoning } : { reasoning, showReasoning };
}

function readAmount(budget: number | undefined, level: string | undefined): ReasoningControl {
  const effort = STEPS.find((step) => step === level);
  if (effort !== undefined) return { mode: 'on', effort: EFFORT_OF_LEVEL[effort] };
  if (budget === undefined) return {};
  if (budget < 0) return { mode: 'auto' };
  return budget === 0 ? { mode: 'off' } : { mode: 'on', budget };
}

/** The `thinkingConfig` that comes nearest to the wish; `undefined` when there is none, or the model does not think. */
export function writeThinking(
  request: CanonicalRequest,
  traits: GeminiModel,
  losses: Loss[],
): WireThinkingConfig | undefined {
  const { reasoning, answer } = request;
  const wanted = reasoning !== undefined || answer.showReasoning === true;
  if (!wanted) return undefined;
  if (traits.thinking.by === 'nothing') {
    if (reasoning !== undefined && !isOff(reasoning)) losses.push(dropped('reasoning', 'The model cannot think.'));
    return undefined;
  }
  const amount: WireThinkingConfig = reasoning === undefined ? {} : writeAmount(reasoning, traits.thinking, losses);
  // a model that is told not to think refuses to be asked for its thoughts
  const show = amount.thinkingBudget === 0 ? undefined : isShown(request);
  const config = { ...amount, ...(show === undefined ? {} : { includeThoughts: show }) };
  return Object.keys(config).length === 0 ? undefined : config;
}

function isOff(reasoning: ReasoningControl): boolean {
  return reasoning.mode === 'off' || reasoning.effort === 'none';
}

/** Whoever asks for thinking gets to see it, unless the client's words say otherwise. */
function isShown({ reasoning, answer }: CanonicalRequest): boolean | undefined {
  if (reasoning?.display !== undefined) return reasoning.display !== 'omitted';
  if (answer.showReasoning !== undefined) return answer.showReasoning;
  return reasoning === undefined || isOff(reasoning) ? undefined : true;
}

function writeAmount(
  reasoning: ReasoningControl,
  thinking: Exclude<ThinkingTraits, { by: 'nothing' }>,
  losses: Loss[],
): WireThinkingConfig {
  if (thinking.by === 'level') return writeLevel(reasoning, thinking.levels, losses);
  if (isOff(reasoning)) return writeNoBudget(thinking, losses);
  const { mode, budget, effort } = reasoning;
  if (mode === 'auto' && effort === undefined) return { thinkingBudget: -1 };
  if (budget === undefined && (effort === undefined || effort === 'none')) {
    return reasoning.mode === 'on' ? { thinkingBudget: -1 } : {};
  }
  const asked = budget ?? BUDGET_OF_EFFORT[effort as Exclude<Effort, 'none'>];
  const thinkingBudget = Math.trunc(Math.max(thinking.min, Math.min(thinking.max, asked)));
  if (budget !== undefined && thinkingBudget !== budget) {
    losses.push(approximated('reasoning.budget', `The model takes ${thinking.min} to ${thinking.max} tokens.`));
  }
  return { thinkingBudget };
}

function writeNoBudget(thinking: { readonly min: number; readonly canStop: boolean }, losses: Loss[]) {
  if (thinking.canStop) return { thinkingBudget: 0 };
  losses.push(approximated('reasoning-floor', `The model always thinks; it gets its least budget, ${thinking.min}.`));
  return { thinkingBudget: thinking.min };
}

function writeLevel(
  reasoning: ReasoningControl,
  levels: readonly WireThinkingLevel[],
  losses: Loss[],
): WireThinkingConfig {
  if (isOff(reasoning)) {
    losses.push(approximated('reasoning-floor', `The model always thinks; it gets its lowest level, ${levels[0]}.`));
    return { thinkingLevel: levels[0]! };
  }
  const effort =
    reasoning.effort ?? (reasoning.budget === undefined ? undefined : effortOfBudget(Math.max(1, reasoning.budget)));
  if (effort === undefined || effort === 'none') return {};
  return { thinkingLevel: nearestLevel(LEVEL_OF_EFFORT[effort], levels) };
}

/** The level itself, else the next one above, else the highest. */
function nearestLevel(wish: WireThinkingLevel, levels: readonly WireThinkingLevel[]): WireThinkingLevel {
  const above = STEPS.slice(STEPS.indexOf(wish)).find((step) => levels.includes(step));
  return above ?? levels[levels.length - 1]!;
}
