import { asArray, asObject, asObjects, isObject, type JsonObject } from '../../../src/base/json.ts';
import { checkFunction, checkImageUrl, checkReasoningLimits, checkStrict, REASONING_MODEL } from './openai-service.ts';
import { checkRange, isSet, needArray, needObject, needString, refuse } from './refusal.ts';
import type { VendorCall } from './vendor.ts';

/** https://platform.openai.com/docs/api-reference/chat/create */
const FIELDS = new Set([
  'audio',
  'frequency_penalty',
  'function_call',
  'functions',
  'logit_bias',
  'logprobs',
  'max_completion_tokens',
  'max_tokens',
  'messages',
  'metadata',
  'modalities',
  'model',
  'moderation',
  'n',
  'parallel_tool_calls',
  'prediction',
  'presence_penalty',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning_effort',
  'response_format',
  'safety_identifier',
  'seed',
  'service_tier',
  'stop',
  'store',
  'stream',
  'stream_options',
  'temperature',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'user',
  'verbosity',
  'web_search_options',
]);
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Refuses what OpenAI's chat service refuses; `extraFields` are those a compatible server has beside. */
export function checkChat(call: VendorCall, extraFields: ReadonlySet<string>): void {
  const { body } = call;
  const unknown = Object.keys(body).filter((field) => !FIELDS.has(field) && !extraFields.has(field));
  if (unknown.length > 0) refuse(`Unrecognized request argument supplied: ${unknown[0]}`);
  if (!isSet(body.model)) refuse('you must provide a model parameter');
  checkRange(body.temperature, 'temperature', 0, 2);
  checkRange(body.top_p, 'top_p', 0, 1);
  checkRange(body.presence_penalty, 'presence_penalty', -2, 2);
  checkRange(body.frequency_penalty, 'frequency_penalty', -2, 2);
  checkRange(body.top_logprobs, 'top_logprobs', 0, 20);
  checkRange(body.max_tokens, 'max_tokens', 1, 1_000_000);
  checkRange(body.max_completion_tokens, 'max_completion_tokens', 1, 1_000_000);
  checkReasoningLimits(call);
  checkLimits(call);
  checkTools(body);
  checkMessages(needArray(body.messages, 'messages').map((message, at) => needObject(message, `messages[${at}]`)));
  checkFormat(body);
}

function checkLimits({ body, model, stream }: VendorCall): void {
  if (isSet(body.max_tokens) && REASONING_MODEL.test(model)) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    refuse(message, { param: 'max_tokens', code: 'unsupported_parameter' });
  }
  if (isSet(body.stop)) {
    const stops = typeof body.stop === 'string' ? [body.stop] : needArray(body.stop, 'stop');
    if (stops.length > 4)
      refuse("Invalid 'stop': array too long. Expected an array with maximum length 4.", { param: 'stop' });
  }
  if (isSet(body.stream_options) && !stream) {
    refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", { param: 'stream_options' });
  }
  if (isSet(body.reasoning_effort) && !EFFORTS.includes(String(body.reasoning_effort))) {
    refuse(`Invalid value: '${body.reasoning_effort}'.`, { param: 'reasoning_effort', code: 'invalid_value' });
  }
}

function checkTools(body: JsonObject): void {
  if (!isSet(body.tools)) {
    for (const field of ['tool_choice', 'parallel_tool_calls']) {
      if (isSet(body[field])) refuse(`'${field}' is only allowed when 'tools' are specified.`, { param: field });
    }
    return;
  }
  const tools = needArray(body.tools, 'tools');
  if (tools.length === 0)
    refuse("Invalid 'tools': empty array. Expected an array with minimum length 1.", { param: 'tools' });
  const names = new Set<string>();
  for (const [at, entry] of tools.entries()) {
    const tool = needObject(entry, `tools[${at}]`);
    if (tool.type !== 'function' && tool.type !== 'custom')
      refuse(`Invalid value: '${tool.type}'.`, { param: `tools[${at}].type` });
    const definition = needObject(tool[tool.type], `tools[${at}].${tool.type}`);
    if (tool.type === 'function') checkFunction(definition, `tools[${at}].function`);
    names.add(needString(definition.name, `tools[${at}].${tool.type}.name`));
  }
  checkChoice(body, names);
}

function checkChoice({ tool_choice: choice }: JsonObject, names: ReadonlySet<string>): void {
  if (!isSet(choice) || ['none', 'auto', 'required'].includes(String(choice))) return;
  const { type, ...rest } = needObject(choice, 'tool_choice');
  if (type === 'allowed_tools') return;
  const named = asObject(rest[String(type)])?.name;
  if (typeof named === 'string' && names.has(named)) return;
  refuse(`Tool choice '${named}' not found in 'tools' parameter.`, { param: 'tool_choice' });
}

function checkMessages(messages: readonly JsonObject[]): void {
  if (messages.length === 0) {
    refuse("Invalid 'messages': empty array. Expected an array with minimum length 1.", { param: 'messages' });
  }
  let open = new Set<string>();
  for (const [at, message] of messages.entries()) {
    const place = `messages[${at}]`;
    if (message.role === 'tool') {
      answerCall(message, place, open);
      continue;
    }
    refuseOpenCalls(open, `messages[${at}].role`);
    checkMessage(message, place);
    open = new Set(asObjects(message.tool_calls).map(({ id }) => String(id)));
  }
  refuseOpenCalls(open, 'messages');
}

function answerCall(message: JsonObject, place: string, open: Set<string>): void {
  const id = needString(message.tool_call_id, `${place}.tool_call_id`);
  if (!open.delete(id)) {
    const words = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
    refuse(`Invalid parameter: ${words}`, { param: `${place}.role` });
  }
  if (typeof message.content === 'string') return;
  for (const part of needArray(message.content, `${place}.content`)) {
    if (asObject(part)?.type !== 'text')
      refuse(`Invalid 'content': tool messages take text only.`, { param: `${place}.content` });
  }
}

function refuseOpenCalls(open: ReadonlySet<string>, param: string): void {
  if (open.size === 0) return;
  const words =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.";
  refuse(`${words} The following tool_call_ids did not have response messages: ${[...open].join(', ')}`, { param });
}

const PARTS: { readonly [role: string]: readonly string[] } = {
  system: ['text'],
  developer: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file'],
  assistant: ['text', 'refusal'],
};

function checkMessage(message: JsonObject, place: string): void {
  const types = PARTS[String(message.role)];
  if (types === undefined) {
    if (message.role === 'function') return;
    const words = "Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.";
    refuse(`Invalid value: '${message.role}'. ${words}`, { param: `${place}.role`, code: 'invalid_value' });
  }
  if (message.role === 'assistant') checkCalls(message, place);
  const speaks =
    isSet(message.tool_calls) || isSet(message.function_call) || isSet(message.refusal) || isSet(message.audio);
  if (message.role === 'assistant' && !isSet(message.content) && speaks) return;
  if (typeof message.content === 'string') return;
  if (!isSet(message.content)) {
    const words = `Invalid value for 'content': expected a string, got null.`;
    refuse(words, { param: `${place}.content` });
  }
  const parts = needArray(message.content, `${place}.content`);
  if (parts.length === 0) refuse(`Invalid '${place}.content': empty array.`, { param: `${place}.content` });
  for (const [at, part] of parts.entries())
    checkPart(needObject(part, `${place}.content[${at}]`), types, `${place}.content[${at}]`);
}

function checkPart(part: JsonObject, types: readonly string[], place: string): void {
  const type = needString(part.type, `${place}.type`);
  if (!types.includes(type)) refuse(`Invalid value: '${type}'.`, { param: `${place}.type`, code: 'invalid_value' });
  if (type === 'text') needString(part.text, `${place}.text`);
  if (type === 'image_url') {
    const image = needObject(part.image_url, `${place}.image_url`);
    checkImageUrl(needString(image.url, `${place}.image_url.url`), `${place}.image_url.url`);
  }
}

function checkCalls(message: JsonObject, place: string): void {
  if (!isSet(message.tool_calls)) return;
  const calls = needArray(message.tool_calls, `${place}.tool_calls`);
  if (calls.length === 0) {
    refuse(`Invalid '${place}.tool_calls': empty array. Expected an array with minimum length 1.`, {
      param: `${place}.tool_calls`,
    });
  }
  for (const [at, entry] of calls.entries()) {
    const where = `${place}.tool_calls[${at}]`;
    const call = needObject(entry, where);
    if (needString(call.id, `${where}.id`).length > 40) {
      refuse(`Invalid '${where}.id': string too long. Expected a string with maximum length 40.`, {
        param: `${where}.id`,
      });
    }
    if (call.type === 'custom') needString(needObject(call.custom, `${where}.custom`).input, `${where}.custom.input`);
    else needString(needObject(call.function, `${where}.function`).arguments, `${where}.function.arguments`);
  }
}

function checkFormat(body: JsonObject): void {
  const format = asObject(body.response_format);
  if (format?.type === 'json_object' && !/json/i.test(JSON.stringify(asArray(body.messages)))) {
    refuse("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", {
      param: 'messages',
    });
  }
  if (format?.type !== 'json_schema') return;
  const schema = needObject(format.json_schema, 'response_format.json_schema');
  needString(schema.name, 'response_format.json_schema.name');
  if (!isObject(schema.schema)) refuse("Missing required parameter: 'response_format.json_schema.schema'.");
  if (schema.strict === true) checkStrict(schema.schema, `response_format '${schema.name}'`);
}
