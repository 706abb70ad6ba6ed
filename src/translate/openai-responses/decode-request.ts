import { invalidRequest } from '../../base/gateway-error.ts';
import { asArray, asObject, asString, type Json, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type {
  AnswerWishes,
  CanonicalRequest,
  Instruction,
  OutputFormat,
  ReasoningControl,
  Sampling,
  Tool,
} from '../canonical/request.ts';
import type { Intent } from '../dialect.ts';
import { readEffort } from '../models/effort.ts';
import { readEndUser } from '../openai-end-user.ts';
import { readPromptCache } from '../openai-prompt-cache.ts';
import {
  optionalBoolean,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalString,
  wrongField,
} from '../request-fields.ts';
import { type Conversation, decodeItems } from './decode-items.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { REPEATED_FIELDS } from './repeated-fields.ts';
import { limitUses } from './server-tools.ts';
import { DIALECT } from './wire.ts';

/** Decodes a request of a client. Throws `invalid-request` naming the field. */
export function decodeRequest(body: JsonObject, intent: Intent): CanonicalRequest {
  const conversation = decodeInput(body);
  const extras = extrasOf(body);
  return {
    model: intent.model,
    stream: intent.stream,
    system: [...instructionsOf(optionalString(body, 'instructions')), ...conversation.system],
    messages: conversation.messages,
    tools: limitUses(
      toolsOf(optionalList(body, 'tools') ?? [], conversation.tools),
      optionalNumber(body, 'max_tool_calls'),
    ),
    ...present('toolChoice', decodeToolChoice(body.tool_choice)),
    ...present('parallelToolCalls', optionalBoolean(body, 'parallel_tool_calls')),
    sampling: samplingOf(body),
    ...present('reasoning', reasoningOf(optionalObject(body, 'reasoning'))),
    ...present('output', outputOf(asObject(optionalObject(body, 'text')?.format))),
    ...present('verbosity', verbosityOf(asObject(body.text)?.verbosity)),
    ...present('serviceTier', optionalString(body, 'service_tier')),
    ...present('endUser', readEndUser(body)),
    ...present('metadata', metadataOf(optionalObject(body, 'metadata'))),
    ...present('promptCache', readPromptCache(body)),
    answer: wishesOf(body),
    extras: Object.keys(extras).length === 0 ? {} : { [DIALECT]: extras },
  };
}

function present<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}

/** What may stand for an input, for there must be something to answer. */
const INSTEAD_OF_INPUT = ['instructions', 'prompt', 'previous_response_id', 'conversation'];

function decodeInput(body: JsonObject): Conversation {
  const input = body.input ?? [];
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  if (!Array.isArray(items)) throw wrongField('input', 'a string or a list of items');
  if (items.length === 0 && !INSTEAD_OF_INPUT.some((field) => body[field])) {
    throw invalidRequest("'input' is missing or empty.", 'input');
  }
  return decodeItems(items);
}

function instructionsOf(text: string | undefined): readonly Instruction[] {
  return text === undefined || text === '' ? [] : [{ role: 'system', parts: [{ type: 'text', text }] }];
}

function toolsOf(list: readonly Json[], additional: readonly Tool[]): readonly Tool[] {
  const tools = decodeTools(list, 'tools');
  if (additional.length === 0) return tools;
  // a tool that is given again stands where it stood, so that a longer history changes nothing before it
  const byName = new Map<string, Tool>();
  for (const tool of [...tools, ...additional]) byName.set(keyOf(tool), tool);
  return [...byName.values()];
}

function keyOf(tool: Tool): string {
  if (tool.kind === 'opaque') return JSON.stringify(tool.raw);
  return `${tool.namespace ?? ''} ${tool.name}`;
}

function samplingOf(body: JsonObject): Sampling {
  const top = optionalNumber(body, 'top_logprobs');
  const wantsLogprobs = (top ?? 0) > 0 || asArray(body.include).includes('message.output_text.logprobs');
  return {
    ...present('maxTokens', optionalNumber(body, 'max_output_tokens')),
    ...present('temperature', optionalNumber(body, 'temperature')),
    ...present('topP', optionalNumber(body, 'top_p')),
    ...(wantsLogprobs ? { logprobs: { ...present('top', top) } } : {}),
  };
}

function reasoningOf(wire: JsonObject | undefined): ReasoningControl | undefined {
  if (wire === undefined) return undefined;
  const word = optionalString(wire, 'effort', 'reasoning.effort');
  const effort = readEffort(word);
  const summary = optionalString(wire, 'summary', 'reasoning.summary') ?? asString(wire.generate_summary);
  if (effort === 'none') return { mode: 'off', effort };
  return {
    ...(effort === undefined ? {} : { mode: 'on', effort }),
    display: summary === undefined ? 'omitted' : 'summary',
    ...present('summary', summary),
  };
}

function outputOf(format: JsonObject | undefined): OutputFormat | undefined {
  if (format?.type === 'json_object') return { kind: 'json' };
  if (format?.type !== 'json_schema') return undefined;
  const schema = optionalObject(format, 'schema', 'text.format.schema');
  if (schema === undefined) throw wrongField('text.format.schema', 'an object');
  return {
    kind: 'schema',
    schema,
    ...present('name', optionalString(format, 'name', 'text.format.name')),
    ...present('strict', optionalBoolean(format, 'strict', 'text.format.strict')),
    ...present('description', optionalString(format, 'description', 'text.format.description')),
  };
}

function verbosityOf(word: Json | undefined): CanonicalRequest['verbosity'] {
  return word === 'low' || word === 'medium' || word === 'high' ? word : undefined;
}

function metadataOf(wire: JsonObject | undefined): { readonly [key: string]: string } | undefined {
  if (wire === undefined) return undefined;
  const entries = Object.entries(wire).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function wishesOf(body: JsonObject): AnswerWishes {
  const repeated: JsonDraft = {};
  for (const name of REPEATED_FIELDS) if (body[name] !== undefined && body[name] !== null) repeated[name] = body[name];
  return {
    ...present('store', optionalBoolean(body, 'store')),
    ...present('previousResponseId', optionalString(body, 'previous_response_id')),
    repeated,
  };
}

/** Fields with a canonical form, and those which mean nothing to another dialect and may go unsaid. */
const NOT_EXTRA: ReadonlySet<string> = new Set([
  ...['model', 'stream', 'stream_options', 'input', 'instructions', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['max_output_tokens', 'temperature', 'top_p', 'top_logprobs', 'reasoning', 'text', 'service_tier', 'metadata'],
  ...['store', 'include', 'truncation', 'client_metadata', 'user', 'safety_identifier', 'max_tool_calls'],
  ...['prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention'],
]);

function extrasOf(body: JsonObject): JsonObject {
  const extras: JsonDraft = {};
  for (const [name, value] of Object.entries(body)) {
    // false is what an absent field means too
    if (NOT_EXTRA.has(name) || value === undefined || value === null || value === false) continue;
    extras[name] = value;
  }
  return extras;
}
