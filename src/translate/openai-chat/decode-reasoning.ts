import { asBoolean, asNumber, asString, type JsonObject } from '../../base/json.ts';
import type { Effort, ReasoningControl } from '../canonical/request.ts';
import { EFFORTS, readEffort } from '../models/effort.ts';
import { optionalObject, optionalString, wrongField } from '../request-fields.ts';

/** What a request says of reasoning. */
export interface ReasoningWish {
  readonly control?: ReasoningControl;
  /** True: the client reads `reasoning` and `reasoning_details`, as OpenRouter writes them. */
  readonly asDetails: boolean;
}

/**
 * Reads the ways in which clients of this dialect ask for reasoning: OpenAI's `reasoning_effort`, OpenRouter's `reasoning`, and
 * `thinking` of z.ai and DeepSeek. Who asks in any of them wants to see the thoughts, unless they are excluded.
 */
export function decodeReasoning(body: JsonObject): ReasoningWish {
  const object = optionalObject(body, 'reasoning');
  const control = {
    ...fromThinking(optionalObject(body, 'thinking')),
    ...fromEffort(optionalString(body, 'reasoning_effort'), 'reasoning_effort'),
    ...fromObject(object),
  };
  const hidden = object?.exclude === true || body.include_reasoning === false;
  const display = hidden ? { display: 'omitted' as const } : {};
  const asDetails = object !== undefined || asBoolean(body.include_reasoning) === true;
  if (Object.keys(control).length === 0) return hidden ? { control: display, asDetails } : { asDetails };
  const shown = control.mode === 'off' ? display : { display: 'summary' as const, ...display };
  return { control: { ...control, ...shown }, asDetails };
}

function fromEffort(word: string | undefined, path: string): ReasoningControl {
  if (word === undefined) return {};
  if (word === 'auto' || word === 'default') return { mode: 'auto' };
  const effort = readEffort(word);
  if (effort === undefined) throw wrongField(path, `one of ${EFFORTS.join(', ')}`);
  return effort === 'none' ? { mode: 'off', effort } : { mode: 'on', effort };
}

function fromObject(reasoning: JsonObject | undefined): ReasoningControl {
  if (reasoning === undefined) return {};
  const budget = asNumber(reasoning.max_tokens);
  const asked = fromEffort(asString(reasoning.effort), 'reasoning.effort');
  if (asked.mode !== undefined) return asked;
  if (budget !== undefined) return budget <= 0 ? off() : { mode: 'on', budget };
  if (reasoning.enabled === true) return { mode: 'on' };
  return reasoning.enabled === false ? off() : {};
}

function fromThinking(thinking: JsonObject | undefined): ReasoningControl {
  const budget = asNumber(thinking?.budget_tokens);
  if (thinking?.type === 'disabled') return off();
  if (thinking?.type === 'enabled') return { mode: 'on', ...(budget === undefined ? {} : { budget }) };
  return thinking?.type === 'adaptive' || thinking?.type === 'auto' ? { mode: 'auto' } : {};
}

function off(): { mode: 'off'; effort: Effort } {
  return { mode: 'off', effort: 'none' };
}
