import { invalidRequest } from '../../base/gateway-error.ts';
import { asObject, asString, isObject, type JsonDraft, type JsonObject } from '../../base/json.ts';
import type { AnswerWishes, CanonicalRequest, OutputFormat, Sampling } from '../canonical/request.ts';
import type { Intent } from '../dialect.ts';
import { readEndUser } from '../openai-end-user.ts';
import { readPromptCache } from '../openai-prompt-cache.ts';
import {
  optionalBoolean,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalString,
  optionalStrings,
  wrongField,
} from '../request-fields.ts';
import { readAnswerMedia } from './answer-media.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { decodeSearch } from './server-tools.ts';

/** Decodes the body of a chat completion request. Throws `invalid-request` that names the field. */
export function decodeRequest(body: JsonObject, intent: Intent): CanonicalRequest {
  const model = optionalString(body, 'model') ?? intent.model;
  if (model === '') throw wrongField('model', 'the name of a model');
  optionalBoolean(body, 'stream');
  const conversation = decodeMessages(requiredMessages(body));
  const reasoning = decodeReasoning(body);
  return {
    model: intent.model === '' ? model : intent.model,
    stream: intent.stream,
    system: conversation.system,
    messages: conversation.messages,
    tools: [...decodeTools(body), ...decodeSearch(body)],
    ...defined('toolChoice', decodeToolChoice(body)),
    ...defined('parallelToolCalls', optionalBoolean(body, 'parallel_tool_calls')),
    sampling: decodeSampling(body),
    ...defined('reasoning', reasoning.control),
    ...defined('output', decodeOutput(body)),
    ...defined('verbosity', decodeVerbosity(body)),
    ...defined('answerMedia', readAnswerMedia(body)),
    ...defined('serviceTier', optionalString(body, 'service_tier')),
    ...defined('endUser', readEndUser(body)),
    ...defined('metadata', decodeMetadata(body)),
    ...defined('promptCache', readPromptCache(body)),
    answer: decodeWishes(body, reasoning.asDetails),
    extras: decodeExtras(body, conversation.lostInstructions),
  };
}

function requiredMessages(body: JsonObject) {
  const messages = optionalList(body, 'messages');
  if (messages === undefined) throw invalidRequest("'messages' is missing: it must be a list of messages.", 'messages');
  if (messages.length === 0)
    throw invalidRequest("'messages' is empty: it must hold at least one message.", 'messages');
  return messages;
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

function decodeSampling(body: JsonObject): Sampling {
  const maxTokens = optionalNumber(body, 'max_completion_tokens') ?? optionalNumber(body, 'max_tokens');
  const top = optionalNumber(body, 'top_logprobs');
  const logprobs = optionalBoolean(body, 'logprobs');
  return {
    ...defined('maxTokens', maxTokens),
    ...defined('temperature', optionalNumber(body, 'temperature')),
    ...defined('topP', optionalNumber(body, 'top_p')),
    ...defined('topK', optionalNumber(body, 'top_k')),
    ...defined('presencePenalty', optionalNumber(body, 'presence_penalty')),
    ...defined('frequencyPenalty', optionalNumber(body, 'frequency_penalty')),
    ...defined('seed', optionalNumber(body, 'seed')),
    ...defined('stop', decodeStop(body)),
    ...defined('n', optionalNumber(body, 'n')),
    ...defined('logitBias', optionalObject(body, 'logit_bias')),
    ...(logprobs === true ? { logprobs: top === undefined ? {} : { top } } : {}),
  };
}

function decodeStop(body: JsonObject): readonly string[] | undefined {
  const stop = optionalStrings(body, 'stop');
  return stop === undefined || stop.length === 0 ? undefined : stop;
}

function decodeOutput(body: JsonObject): OutputFormat | undefined {
  const format = optionalObject(body, 'response_format');
  if (format?.type === 'json_object') return { kind: 'json' };
  if (format?.type !== 'json_schema') return undefined;
  const path = 'response_format.json_schema';
  const definition = optionalObject(format, 'json_schema', path);
  const schema = definition?.schema;
  if (definition === undefined || !isObject(schema)) throw wrongField(`${path}.schema`, 'an object');
  return {
    kind: 'schema',
    schema,
    ...defined('name', optionalString(definition, 'name', `${path}.name`)),
    ...defined('strict', optionalBoolean(definition, 'strict', `${path}.strict`)),
    ...defined('description', optionalString(definition, 'description', `${path}.description`)),
  };
}

function decodeVerbosity(body: JsonObject): CanonicalRequest['verbosity'] {
  const verbosity = optionalString(body, 'verbosity');
  if (verbosity === undefined || verbosity === 'low' || verbosity === 'medium' || verbosity === 'high')
    return verbosity;
  throw wrongField('verbosity', "'low', 'medium' or 'high'");
}

function decodeMetadata(body: JsonObject): CanonicalRequest['metadata'] {
  const metadata = optionalObject(body, 'metadata');
  if (metadata === undefined) return undefined;
  const texts = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

function decodeWishes(body: JsonObject, reasoningDetails: boolean): AnswerWishes {
  const options = optionalObject(body, 'stream_options');
  return {
    ...defined('store', optionalBoolean(body, 'store')),
    ...(options?.include_usage === true ? { includeUsage: true } : {}),
    ...(reasoningDetails ? { reasoningDetails: true } : {}),
  };
}

/** The note in the extras that an instruction held more than text. No request has such a field, so it is never sent. */
export const LOST_INSTRUCTIONS = 'system-nontext';

/** Fields that have a canonical form. */
const DECODED: ReadonlySet<string> = new Set(
  `model stream messages tools functions tool_choice function_call parallel_tool_calls max_completion_tokens max_tokens
  temperature top_p top_k presence_penalty frequency_penalty seed stop n logit_bias logprobs top_logprobs verbosity service_tier
  user safety_identifier metadata stream_options web_search_options store reasoning_effort reasoning include_reasoning thinking`.split(
    /\s+/,
  ),
);

/** Fields that nobody misses where they are unknown: hints, and switches of what is not translated anyway. */
const NEEDLESS: ReadonlySet<string> = new Set(
  'prediction prompt_cache_key prompt_cache_options prompt_cache_retention usage cache_control'.split(' '),
);

function decodeExtras(body: JsonObject, lostInstructions: boolean): CanonicalRequest['extras'] {
  const own: JsonDraft = {};
  for (const [field, value] of Object.entries(body)) {
    if (value === null || value === undefined || NEEDLESS.has(field) || hasCanonicalForm(field, body)) continue;
    own[field] = value;
  }
  if (lostInstructions) own[LOST_INSTRUCTIONS] = true;
  return Object.keys(own).length === 0 ? {} : { 'openai-chat': own };
}

/** Fields that say what an answer holds besides text. */
const MEDIA_FIELDS: ReadonlySet<string> = new Set(['modalities', 'audio', 'image_config']);

function isTextOnly({ modalities }: JsonObject): boolean {
  return Array.isArray(modalities) && modalities.every((kind) => kind === 'text');
}

function hasCanonicalForm(field: string, body: JsonObject): boolean {
  if (field === 'response_format') {
    const type = asString(asObject(body.response_format)?.type);
    return type === 'text' || type === 'json_object' || type === 'json_schema';
  }
  if (MEDIA_FIELDS.has(field)) return isTextOnly(body) || readAnswerMedia(body) !== undefined;
  return DECODED.has(field);
}
