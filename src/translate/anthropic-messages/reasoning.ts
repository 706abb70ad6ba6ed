import type { CanonicalRequest, ReasoningControl } from '../canonical/request.ts';
import { NO_LEADING_THOUGHT } from '../end-thinking.ts';
import { approximated, dropped, type Loss } from '../loss.ts';
import type { ClaudeModel } from '../models/claude.ts';
import { BUDGET_OF_EFFORT, effortOfBudget, nearestEffort } from '../models/effort.ts';
import { optionalField } from './optional-field.ts';
import type { ThinkingConfig } from './wire.ts';

/** The fewest thinking tokens the dialect takes. */
const LEAST_BUDGET = 1024;
/** The share of the answer's limit that thinking gets when the wanted budget does not fit. */
const BUDGET_SHARE = 0.8;

/** What a request says of thinking, and whether the model will think. */
export interface EncodedReasoning {
  readonly thinking?: ThinkingConfig;
  readonly effort?: string;
  /** True when thinking goes on, whether asked for or by the model's own default. */
  readonly isOn: boolean;
  readonly losses: readonly Loss[];
}

/** True when the client itself asked for thinking. */
export function wantsThinking(reasoning: ReasoningControl | undefined): boolean {
  if (reasoning === undefined || isOff(reasoning)) return false;
  const { mode, effort, budget } = reasoning;
  return mode !== undefined || effort !== undefined || budget !== undefined;
}

/**
 * Encodes the wish to think in the form that the model takes; a wrong form is refused. `forcesCall`: the request must end in a
 * tool call, which no thinking model takes, so that thinking by default gives way to it.
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 */
export function encodeReasoning(
  request: CanonicalRequest,
  traits: ClaudeModel,
  maxTokens: number,
  forcesCall: boolean,
): EncodedReasoning {
  const { reasoning } = request;
  if (reasoning !== undefined && isOff(reasoning)) return encodeOff(traits);
  if (reasoning === undefined || !wantsThinking(reasoning)) return encodeUnasked(traits, forcesCall);
  switch (traits.thinking) {
    case 'none':
      return { isOn: false, losses: [dropped('reasoning', 'The model does not think.')] };
    case 'budget':
      return encodeBudget(request, reasoning, traits, maxTokens);
    case 'either':
      return reasoning.budget !== undefined && reasoning.effort === undefined
        ? encodeBudget(request, reasoning, traits, maxTokens)
        : encodeAdaptive(reasoning, traits);
    case 'adaptive':
      return encodeAdaptive(reasoning, traits);
    default:
      return traits.thinking satisfies never;
  }
}

function isOff({ mode, effort, budget }: ReasoningControl): boolean {
  if (mode === 'off') return true;
  return mode === undefined && (effort === 'none' || (effort === undefined && budget !== undefined && budget === 0));
}

function encodeOff(traits: ClaudeModel): EncodedReasoning {
  switch (traits.thinkingOff) {
    case 'unneeded':
      return { isOn: false, losses: [] };
    case 'disabled':
      return { thinking: { type: 'disabled' }, isOn: false, losses: [] };
    case 'between_tools':
      // what it says of its progress between calls comes as thoughts, but it does not think
      return { thinking: { type: 'between_tools' }, isOn: true, losses: [] };
    case 'refused':
      return {
        ...optionalField('effort', traits.efforts[0]),
        isOn: true,
        losses: [approximated('reasoning-floor', 'The model always thinks; it is asked to think little.')],
      };
    default:
      return traits.thinkingOff satisfies never;
  }
}

function encodeUnasked(traits: ClaudeModel, forcesCall: boolean): EncodedReasoning {
  if (!traits.thinksByDefault) return { isOn: false, losses: [] };
  if (forcesCall && traits.forcedChoice && traits.thinkingOff === 'disabled') {
    return { thinking: { type: 'disabled' }, isOn: false, losses: [] };
  }
  return { isOn: true, losses: [] };
}

function encodeBudget(
  request: CanonicalRequest,
  reasoning: ReasoningControl,
  traits: ClaudeModel,
  maxTokens: number,
): EncodedReasoning {
  if (traits.needsLeadingThought && lacksLeadingThought(request)) {
    return { isOn: false, losses: [NO_LEADING_THOUGHT] };
  }
  const wanted = wantedBudget(reasoning);
  if (wanted === undefined) {
    return { isOn: false, losses: [dropped('thinking', 'The model needs a budget, and the request names no effort.')] };
  }
  const budget = fitBudget(wanted, maxTokens);
  if (budget === undefined) {
    return { isOn: false, losses: [dropped('thinking', 'The limit of the answer leaves no room for thinking.')] };
  }
  const losses =
    reasoning.budget === undefined || budget === reasoning.budget
      ? []
      : [approximated('thinking', 'The budget was brought into the range that the model takes.')];
  const display = reasoning.display === 'omitted' ? 'omitted' : undefined;
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...optionalField('display', display) },
    isOn: true,
    losses,
  };
}

function wantedBudget({ mode, effort, budget }: ReasoningControl): number | undefined {
  if (budget !== undefined && budget > 0) return budget;
  if (effort !== undefined && effort !== 'none') return BUDGET_OF_EFFORT[effort];
  return mode === 'on' ? BUDGET_OF_EFFORT.medium : undefined;
}

/** At least the least budget and less than the answer's limit; else a share of the limit, if that is enough. */
function fitBudget(wanted: number, maxTokens: number): number | undefined {
  const budget = Math.max(LEAST_BUDGET, wanted);
  if (budget < maxTokens) return budget;
  const share = Math.floor(maxTokens * BUDGET_SHARE);
  return share < LEAST_BUDGET ? undefined : share;
}

/** A turn whose calls are being answered must begin with its thought when thinking has a budget. */
function lacksLeadingThought(request: CanonicalRequest): boolean {
  const last = request.messages.findLast((message) => message.role === 'assistant');
  if (last?.role !== 'assistant' || !last.parts.some((part) => part.type === 'tool-call')) return false;
  return last.parts[0]?.type !== 'reasoning';
}

function encodeAdaptive(reasoning: ReasoningControl, traits: ClaudeModel): EncodedReasoning {
  const losses: Loss[] = [];
  const { budget } = reasoning;
  const wanted = reasoning.effort ?? (budget !== undefined && budget > 0 ? effortOfBudget(budget) : undefined);
  if (reasoning.effort === undefined && wanted !== undefined) {
    losses.push(approximated('thinking', 'The model takes an effort in the place of a budget.'));
  }
  const takes = traits.efforts.length > 0;
  const effort = wanted === undefined || !takes ? undefined : nearestEffort(wanted, traits.efforts);
  if (wanted !== undefined && !takes) losses.push(dropped('effort', 'The model takes no effort.'));
  if (takes && (wanted === 'xhigh' || wanted === 'max') && effort !== wanted) {
    losses.push(approximated('effort', 'The model does not know this effort; the highest it knows is used.'));
  }
  return {
    thinking: { type: 'adaptive', ...optionalField('display', displayOf(reasoning, traits)) },
    ...optionalField('effort', effort),
    isOn: true,
    losses,
  };
}

function displayOf({ display, summary }: ReasoningControl, traits: ClaudeModel): 'summarized' | 'omitted' | undefined {
  if (display === 'omitted') return 'omitted';
  return traits.hidesThoughts || display !== undefined || summary !== undefined ? 'summarized' : undefined;
}
