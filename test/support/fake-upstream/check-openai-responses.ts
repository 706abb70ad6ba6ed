import { asArray, asObject, isObject, type JsonObject } from '../../../src/base/json.ts';
import { checkFunction, checkImageUrl, checkReasoningLimits, checkStrict } from './openai-service.ts';
import { checkRange, isSet, needArray, needObject, needString, refuse } from './refusal.ts';
import type { VendorCall } from './vendor.ts';

/** https://platform.openai.com/docs/api-reference/responses/create */
const FIELDS = new Set([
  'access_programs',
  'background',
  'client_metadata',
  'context_management',
  'conversation',
  'image',
  'include',
  'input',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'model',
  'moderation',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'store',
  'stream',
  'stream_options',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
]);
const COUNT_FIELDS = new Set([
  'conversation',
  'input',
  'instructions',
  'model',
  'parallel_tool_calls',
  'personality',
  'previous_response_id',
  'reasoning',
  'text',
  'tool_choice',
  'tools',
  'truncation',
]);

/** Prefixes of the ids of items; an id that has another is refused. */
const ID_PREFIX: { readonly [type: string]: string } = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
};

/** Refuses what OpenAI's Responses service refuses. */
export function checkResponses(call: VendorCall, counts: boolean): void {
  const { body } = call;
  const known = counts ? COUNT_FIELDS : FIELDS;
  for (const field of Object.keys(body)) {
    if (!known.has(field)) refuse(`Unknown parameter: '${field}'.`, { param: field, code: 'unknown_parameter' });
  }
  if (!isSet(body.model) && !isSet(body.prompt))
    refuse("Missing required parameter: 'model'.", { param: 'model', code: 'missing_required_parameter' });
  checkRange(body.temperature, 'temperature', 0, 2);
  checkRange(body.top_p, 'top_p', 0, 1);
  checkRange(body.max_output_tokens, 'max_output_tokens', 16, 1_000_000);
  checkReasoningLimits(call);
  checkTools(body);
  checkText(body);
  checkPrevious(call);
  if (typeof body.input === 'string' || isSet(body.prompt)) return;
  const items = needArray(body.input, 'input').map((item, at) => needObject(item, `input[${at}]`));
  for (const [at, item] of items.entries()) checkItem(item, `input[${at}]`, call);
  if (!isSet(body.previous_response_id)) checkPairs(items);
  checkReasoningItems(items);
}

function checkTools(body: JsonObject): void {
  for (const [at, entry] of asArray(body.tools).entries()) {
    const tool = needObject(entry, `tools[${at}]`);
    if (tool.function !== undefined)
      refuse(`Unknown parameter: 'tools[${at}].function'.`, {
        param: `tools[${at}].function`,
        code: 'unknown_parameter',
      });
    if (tool.type === 'function') checkFunction(tool, `tools[${at}]`);
    else needString(tool.type, `tools[${at}].type`);
  }
  const choice = body.tool_choice;
  if (!isSet(choice) || typeof choice === 'string') return;
  const named = needObject(choice, 'tool_choice');
  if (named.type !== 'function') return;
  const offered = asArray(body.tools).some((tool) => asObject(tool)?.name === named.name);
  if (!offered) refuse(`Tool choice '${named.name}' not found in 'tools' parameter.`, { param: 'tool_choice' });
}

function checkText(body: JsonObject): void {
  const format = asObject(asObject(body.text)?.format);
  if (format?.type !== 'json_schema') return;
  needString(format.name, 'text.format.name');
  if (!isObject(format.schema)) {
    refuse("Missing required parameter: 'text.format.schema'.", {
      param: 'text.format.schema',
      code: 'missing_required_parameter',
    });
  }
  if (format.strict === true) checkStrict(format.schema, `response_format '${format.name}'`);
}

function checkPrevious({ body, memory }: VendorCall): void {
  const id = body.previous_response_id;
  if (!isSet(id) || memory.responses.has(String(id))) return;
  refuse(`Previous response with id '${id}' not found.`, {
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  });
}

function checkItem(item: JsonObject, place: string, call: VendorCall): void {
  const type = item.type === undefined && item.role !== undefined ? 'message' : needString(item.type, `${place}.type`);
  const prefix = ID_PREFIX[type];
  if (isSet(item.id) && prefix !== undefined && !String(item.id).startsWith(prefix)) {
    const words = `Invalid '${place}.id': '${item.id}'. Expected an ID that begins with '${prefix}'.`;
    refuse(words, { param: `${place}.id`, code: 'invalid_value' });
  }
  switch (type) {
    case 'message':
      checkMessage(item, place);
      return;
    case 'function_call':
      needCallId(item, place);
      needString(item.name, `${place}.name`);
      needString(item.arguments, `${place}.arguments`);
      return;
    case 'custom_tool_call':
      needCallId(item, place);
      needString(item.input, `${place}.input`);
      return;
    case 'function_call_output':
    case 'custom_tool_call_output':
      needCallId(item, place);
      checkOutput(item, place);
      return;
    case 'reasoning':
      checkReasoning(item, place, call);
  }
}

function needCallId(item: JsonObject, place: string): void {
  if (needString(item.call_id, `${place}.call_id`).length <= 64) return;
  refuse(`Invalid '${place}.call_id': string too long. Expected a string with maximum length 64.`, {
    param: `${place}.call_id`,
  });
}

function checkOutput(item: JsonObject, place: string): void {
  if (typeof item.output === 'string') return;
  for (const [at, part] of needArray(item.output, `${place}.output`).entries()) {
    checkPart(
      needObject(part, `${place}.output[${at}]`),
      ['input_text', 'input_image', 'input_file'],
      `${place}.output[${at}]`,
    );
  }
}

function checkMessage(item: JsonObject, place: string): void {
  const role = String(item.role);
  if (!['user', 'assistant', 'system', 'developer'].includes(role)) {
    const words = "Supported values are: 'assistant', 'system', 'developer', and 'user'.";
    refuse(`Invalid value: '${role}'. ${words}`, { param: `${place}.role`, code: 'invalid_value' });
  }
  if (typeof item.content === 'string') return;
  const types = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file'];
  for (const [at, part] of needArray(item.content, `${place}.content`).entries()) {
    checkPart(needObject(part, `${place}.content[${at}]`), types, `${place}.content[${at}]`);
  }
}

function checkPart(part: JsonObject, types: readonly string[], place: string): void {
  const type = needString(part.type, `${place}.type`);
  if (!types.includes(type)) {
    const words = `Supported values are: ${types.map((known) => `'${known}'`).join(', ')}.`;
    refuse(`Invalid value: '${type}'. ${words}`, { param: place, code: 'invalid_value' });
  }
  if (type.endsWith('_text')) needString(part.text, `${place}.text`);
  if (type === 'input_image' && !isSet(part.file_id)) {
    checkImageUrl(needString(part.image_url, `${place}.image_url`), `${place}.image_url`);
  }
}

function checkReasoning(item: JsonObject, place: string, { memory }: VendorCall): void {
  needArray(item.summary, `${place}.summary`);
  const sealed = item.encrypted_content;
  if (!isSet(sealed) || memory.proofs.has(String(sealed))) return;
  const words = `The encrypted content ${String(sealed).slice(0, 8)}... could not be verified.`;
  refuse(`${words} Reason: Encrypted content could not be decrypted or parsed.`, { code: 'invalid_encrypted_content' });
}

/** Every call has its output and every output its call. */
function checkPairs(items: readonly JsonObject[]): void {
  const idsOf = (type: RegExp) =>
    items.filter((item) => type.test(String(item.type))).map(({ call_id: id }) => String(id));
  const calls = idsOf(/^(?:function|custom_tool)_call$/);
  const outputs = idsOf(/^(?:function|custom_tool)_call_output$/);
  const orphan = outputs.find((id) => !calls.includes(id));
  if (orphan !== undefined)
    refuse(`No tool call found for function call output with call_id ${orphan}.`, { param: 'input' });
  const open = calls.find((id) => !outputs.includes(id));
  if (open !== undefined) refuse(`No tool output found for function call ${open}.`, { param: 'input' });
  const twice = outputs.find((id, at) => outputs.indexOf(id) !== at);
  if (twice !== undefined) refuse(`Duplicate function call output for call_id ${twice}.`, { param: 'input' });
}

function checkReasoningItems(items: readonly JsonObject[]): void {
  for (const [at, item] of items.entries()) {
    if (item.type !== 'reasoning') continue;
    const next = items[at + 1];
    const follows = next?.type === 'reasoning' || next?.role === 'assistant' || /_call$/.test(String(next?.type));
    if (follows) continue;
    const words = `Item '${item.id ?? `input[${at}]`}' of type 'reasoning' was provided without its required following item.`;
    refuse(words, { param: 'input' });
  }
}
