import type { JsonObject } from '../../base/json.ts';
import type { Effort, ReasoningControl } from '../canonical/request.ts';
import { approximated, dropped } from '../loss.ts';
import { effortLoss, effortOfBudget, nearestEffort } from '../models/effort.ts';
import type { Encoding } from './encoding.ts';

/** The fields that ask for reasoning, in the way of this server. */
export function encodeReasoning(encoding: Encoding): JsonObject {
  const { reasoning } = encoding.request;
  if (reasoning === undefined) return {};
  switch (encoding.quirks.reasoningControl) {
    case 'none':
      return lose(reasoning, encoding);
    case 'thinking-type':
      return encodeSwitch(reasoning, encoding);
    case 'reasoning-object':
      return encoding.model.reasons === false ? lose(reasoning, encoding) : encodeObject(reasoning);
    default:
      return encodeEffort(reasoning, encoding);
  }
}

function lose(reasoning: ReasoningControl, encoding: Encoding): JsonObject {
  // not to think is no loss where nothing thinks
  const wish = wishOf(reasoning);
  if (reasoning.mode === 'on' || (wish !== undefined && wish !== 'none')) {
    encoding.losses.push(dropped('reasoning', 'The target cannot be told how much to think.'));
  }
  return {};
}

/** The effort that is wished for; `undefined` leaves it to the model. */
function wishOf(reasoning: ReasoningControl): Effort | undefined {
  if (reasoning.mode === 'off') return 'none';
  if (reasoning.effort !== undefined) return reasoning.effort;
  return reasoning.budget === undefined || reasoning.budget < 0 ? undefined : effortOfBudget(reasoning.budget);
}

/** Efforts that servers commonly know. */
const COMMON: readonly Effort[] = ['low', 'medium', 'high'];

function encodeEffort(reasoning: ReasoningControl, encoding: Encoding): JsonObject {
  const wish = wishOf(reasoning);
  if (wish === undefined) return {};
  const { model, quirks, official, provider } = encoding;
  if (provider === 'ollama' && quirks.reasoningControl === undefined) return encodeForOllama(wish, encoding);
  const isKnownTaker = quirks.reasoningControl === 'effort' || model.reasons === true;
  if (model.reasons === false && quirks.reasoningControl === undefined) return lose(reasoning, encoding);
  if (!isKnownTaker && wish === 'none') {
    if (!official) encoding.losses.push(approximated('effort', 'The target may not know how to be told not to think.'));
    return {};
  }
  const taken = model.efforts ?? (isKnownTaker ? (['none', 'minimal', ...COMMON] as const) : COMMON);
  const effort = nearestEffort(wish, taken);
  if (effort !== wish) encoding.losses.push(effortLoss(wish, taken));
  return { reasoning_effort: effort };
}

/**
 * Ollama refuses an effort for models that cannot think, and those that can do so unasked; only gpt-oss knows degrees.
 * https://docs.ollama.com/capabilities/thinking
 */
function encodeForOllama(wish: Effort, encoding: Encoding): JsonObject {
  if (wish === 'none') return { reasoning_effort: 'none' };
  if (/gpt-oss/.test(encoding.request.model)) return { reasoning_effort: nearestEffort(wish, COMMON) };
  encoding.losses.push(dropped('reasoning', 'Models of Ollama think as they were made to.'));
  return {};
}

/** z.ai, DeepSeek, Moonshot: thinking is on or off; DeepSeek takes an effort beside it. */
function encodeSwitch(reasoning: ReasoningControl, encoding: Encoding): JsonObject {
  const wish = wishOf(reasoning);
  if (wish === undefined) return reasoning.mode === 'on' ? { thinking: { type: 'enabled' } } : {};
  if (wish === 'none' || wish === 'minimal') return { thinking: { type: 'disabled' } };
  if (!/deepseek/i.test(encoding.request.model)) return { thinking: { type: 'enabled' } };
  return { thinking: { type: 'enabled' }, reasoning_effort: wish === 'xhigh' ? 'max' : wish };
}

/** OpenRouter. https://openrouter.ai/docs/use-cases/reasoning-tokens */
function encodeObject(reasoning: ReasoningControl): JsonObject {
  const exclude = reasoning.display === 'omitted' ? { exclude: true } : {};
  if (reasoning.mode === 'off') return { reasoning: { effort: 'none', ...exclude } };
  if (reasoning.effort !== undefined) {
    return { reasoning: { effort: reasoning.effort === 'max' ? 'xhigh' : reasoning.effort, ...exclude } };
  }
  if (reasoning.budget !== undefined && reasoning.budget > 0) {
    return { reasoning: { max_tokens: reasoning.budget, ...exclude } };
  }
  if (reasoning.mode === 'on') return { reasoning: { enabled: true, ...exclude } };
  return 'exclude' in exclude ? { reasoning: exclude } : {};
}
