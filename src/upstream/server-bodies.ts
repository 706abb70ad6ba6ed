import {
  asArray,
  asObject,
  asObjects,
  asString,
  isObject,
  type Json,
  type JsonDraft,
  type JsonObject,
} from '../base/json.ts';
import { approximated, dropped, type Loss } from '../translate/loss.ts';
import type { Adjusted } from './provider.ts';

/** Groq refuses names of speakers and the figures it does not compute. https://console.groq.com/docs/openai */
export function adjustGroq(body: JsonObject): Adjusted {
  const draft: JsonDraft = { ...body };
  const losses = dropFields(draft, ['logprobs', 'top_logprobs', 'logit_bias']);
  if (draft.messages !== undefined) draft.messages = asArray(draft.messages).map(withoutName);
  return { body: draft, losses };
}

/** Open models of Alibaba that think by default, and do so only in a stream. */
const STREAMED_THOUGHT = /^qwen3-\d(?!.*(?:thinking|instruct))/i;

/**
 * Alibaba switches thinking by a field of its own, and refuses whole answers of open models unless it is switched off.
 * https://www.alibabacloud.com/help/en/model-studio/deep-thinking
 */
export function adjustAlibaba(body: JsonObject, model = ''): Adjusted {
  const { thinking, ...rest } = body;
  const type = asObject(thinking)?.type;
  const wish = type === undefined ? rest.enable_thinking : type === 'enabled';
  const mustNot = rest.stream !== true && STREAMED_THOUGHT.test(model);
  const losses = mustNot && wish === true ? [dropped('reasoning', 'The model thinks only in a stream.')] : [];
  const taken = mustNot ? false : wish;
  return { body: taken === undefined ? rest : { ...rest, enable_thinking: taken }, losses };
}

/**
 * Mistral has words of its own for a seed and for a forced tool call, cannot be told which tool, and wants each tool message to
 * name its tool. https://docs.mistral.ai/api/endpoint/chat
 */
export function adjustMistral(body: JsonObject): Adjusted {
  const draft: JsonDraft = { ...body };
  const losses = dropFields(draft, ['logit_bias', 'logprobs', 'top_logprobs']);
  delete draft.stream_options;
  rename(draft, 'seed', 'random_seed');
  rename(draft, 'max_completion_tokens', 'max_tokens');
  forceTool(draft, losses);
  if (draft.messages !== undefined) draft.messages = nameResults(asArray(draft.messages));
  return { body: draft, losses };
}

function forceTool(draft: JsonDraft, losses: Loss[]): void {
  const choice = draft.tool_choice;
  const named = asString(asObject(asObject(choice)?.function)?.name);
  if (named !== undefined) {
    draft.tools = asObjects(draft.tools).filter((tool) => asObject(tool.function)?.name === named);
    losses.push(approximated('tool_choice', 'Mistral cannot be told which tool; only that one is offered.'));
  }
  if (named !== undefined || choice === 'required') draft.tool_choice = 'any';
}

function nameResults(messages: readonly Json[]): Json[] {
  const names = new Map<string, string>();
  return messages.map((message) => {
    if (!isObject(message)) return message;
    for (const call of asObjects(message.tool_calls)) {
      const id = asString(call.id);
      const name = asString(asObject(call.function)?.name);
      if (id !== undefined && name !== undefined) names.set(id, name);
    }
    if (message.role !== 'tool') return withoutName(message);
    const name = names.get(asString(message.tool_call_id) ?? '');
    return name === undefined || message.name !== undefined ? message : { ...message, name };
  });
}

function withoutName(message: Json): Json {
  if (!isObject(message) || message.name === undefined) return message;
  const { name: _, ...rest } = message;
  return rest;
}

function dropFields(draft: JsonDraft, fields: readonly string[]): Loss[] {
  const present = fields.filter((field) => draft[field] !== undefined);
  for (const field of present) delete draft[field];
  return present.map((field) => dropped(field, 'This server does not take it.'));
}

function rename(draft: JsonDraft, from: string, to: string): void {
  if (draft[from] === undefined) return;
  draft[to] = draft[to] ?? draft[from];
  delete draft[from];
}
