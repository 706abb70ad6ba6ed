import {
  asArray,
  asNumber,
  asObject,
  asObjects,
  asString,
  isObject,
  type Json,
  type JsonDraft,
  type JsonObject,
} from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import { approximated, dropped, type Loss } from '../../translate/loss.ts';
import type { Adjusted } from '../provider.ts';

/** Fields of OpenAI's chat dialect that z.ai does not know. */
const UNKNOWN = [
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'seed',
  'logprobs',
  'top_logprobs',
  'parallel_tool_calls',
  'verbosity',
  'prediction',
  'modalities',
];
/** The same, but nobody misses them. */
const NEEDLESS = ['stream_options', 'store', 'metadata', 'service_tier', 'user', 'safety_identifier', 'n'];

const EFFORTS: { readonly [effort: string]: string } = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'high',
  high: 'high',
  xhigh: 'max',
  max: 'max',
};

/**
 * Makes a chat body fit for z.ai, whoever wrote it. `thinksAlways` is true for models that cannot be told not to think.
 * https://docs.z.ai/api-reference/llm/chat-completion
 */
export function adjustZai(body: JsonObject, thinksAlways: boolean): Adjusted {
  const draft: JsonDraft = { ...body };
  const losses: Loss[] = [];
  dropFields(draft, losses);
  clampSampling(draft, losses);
  limitTools(draft, losses);
  setThinking(draft, thinksAlways, losses);
  if (draft.messages !== undefined) draft.messages = asArray(draft.messages).map(plainMessage);
  return { body: draft, losses };
}

function dropFields(draft: JsonDraft, losses: Loss[]): void {
  for (const field of UNKNOWN) {
    if (draft[field] !== undefined) losses.push(dropped(field, 'z.ai does not know it.'));
    delete draft[field];
  }
  for (const field of NEEDLESS) delete draft[field];
  if (draft.max_completion_tokens !== undefined) {
    draft.max_tokens = draft.max_tokens ?? draft.max_completion_tokens;
    delete draft.max_completion_tokens;
  }
}

function clampSampling(draft: JsonDraft, losses: Loss[]): void {
  for (const field of ['temperature', 'top_p']) {
    const value = asNumber(draft[field]);
    if (value === undefined || value <= 1) continue;
    draft[field] = 1;
    losses.push(approximated(field, 'z.ai takes at most 1.'));
  }
  if (draft.stop === undefined) return;
  const stops = typeof draft.stop === 'string' ? [draft.stop] : asArray(draft.stop);
  draft.stop = stops.slice(0, 1);
  if (stops.length > 1) losses.push(approximated('stop', 'z.ai takes one stop sequence.'));
}

function limitTools(draft: JsonDraft, losses: Loss[]): void {
  const tools = asObjects(draft.tools).map(withoutStrict);
  const choice = draft.tool_choice;
  if (choice !== undefined && choice !== 'auto') {
    losses.push(approximated('tool_choice', 'z.ai only lets the model choose.'));
    delete draft.tool_choice;
  }
  const named = asString(asObject(asObject(choice)?.function)?.name);
  const offered = named === undefined ? tools : tools.filter((tool) => asObject(tool.function)?.name === named);
  if (draft.tools === undefined) return;
  if (choice === 'none' || offered.length === 0) {
    delete draft.tools;
    return;
  }
  draft.tools = offered;
  if (draft.stream === true) draft.tool_stream = true;
}

function withoutStrict(tool: JsonObject): JsonObject {
  if (!isObject(tool.function) || tool.function.strict === undefined) return tool;
  const { strict: _, ...definition } = tool.function;
  return { ...tool, function: definition };
}

function setThinking(draft: JsonDraft, thinksAlways: boolean, losses: Loss[]): void {
  const effort = asString(draft.reasoning_effort);
  const switchedOff = asObject(draft.thinking)?.type === 'disabled' || effort === 'none';
  if (!thinksAlways) {
    delete draft.reasoning_effort;
    if (effort !== undefined && draft.thinking === undefined) {
      draft.thinking = { type: effort === 'none' || effort === 'minimal' ? 'disabled' : 'enabled' };
    }
    return;
  }
  if (switchedOff) {
    losses.push(approximated('reasoning-floor', 'This model always thinks; it is asked for the least.'));
    delete draft.thinking;
  }
  const asked = switchedOff ? 'low' : effort;
  if (asked !== undefined) draft.reasoning_effort = lookUp(EFFORTS, asked) ?? 'high';
}

/** z.ai knows neither the role `developer` nor names of speakers. */
function plainMessage(message: Json): Json {
  if (!isObject(message) || (message.role !== 'developer' && message.name === undefined)) return message;
  const { name: _, ...rest } = message;
  return rest.role === 'developer' ? { ...rest, role: 'system' } : rest;
}
