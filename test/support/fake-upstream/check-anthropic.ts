import { asArray, asObject, isObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { checkTurns, generationOf } from './check-anthropic-turns.ts';
import { isSet, needList, refuse } from './refusal.ts';
import type { VendorCall } from './vendor.ts';

/** https://docs.claude.com/en/api/messages */
const FIELDS = new Set([
  'cache_control',
  'container',
  'diagnostics',
  'inference_geo',
  'max_tokens',
  'messages',
  'metadata',
  'model',
  'output_config',
  'service_tier',
  'speed',
  'stop_sequences',
  'stream',
  'system',
  'temperature',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
  'top_p',
]);
/** Fields that only a beta header opens. */
const BETA_FIELDS = new Set([
  'compaction',
  'context_management',
  'fallbacks',
  'mcp_servers',
  'output_format',
  'safeguards',
  'thread',
]);
const COUNT_FIELDS = [
  'max_tokens',
  'stream',
  'metadata',
  'service_tier',
  'stop_sequences',
  'temperature',
  'top_k',
  'top_p',
];
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** Refuses what Anthropic's service refuses. */
export function checkMessages(call: VendorCall, counts: boolean): void {
  const { body, headers } = call;
  const version = headers['anthropic-version'];
  if (version === undefined) refuse('anthropic-version: header is required');
  if (version !== '2023-06-01' && version !== '2026-10-21')
    refuse(`anthropic-version: "${version}" is not a valid version.`);
  checkFields(call, counts);
  checkSampling(call, version);
  checkSystem(body.system);
  const tools = checkTools(body);
  checkThinking(call);
  checkChoice(body, tools);
  checkCacheMarks(body);
  const messages = needList(body.messages, 'messages');
  checkTurns(messages, call);
  if (tools.size === 0 && JSON.stringify(messages).includes('"type":"tool_use"')) {
    refuse('Requests which include `tool_use` or `tool_result` blocks must define tools');
  }
}

function checkFields({ body, headers }: VendorCall, counts: boolean): void {
  for (const field of Object.keys(body)) {
    const known = FIELDS.has(field) || (BETA_FIELDS.has(field) && headers['anthropic-beta'] !== undefined);
    if (!known || (counts && COUNT_FIELDS.includes(field))) refuse(`${field}: Extra inputs are not permitted`);
  }
  if (!isSet(body.model)) refuse('model: Field required');
  if (counts) return;
  if (!isSet(body.max_tokens)) refuse('max_tokens: Field required');
  if (!Number.isInteger(body.max_tokens) || Number(body.max_tokens) < 0)
    refuse('max_tokens: Input should be a valid integer');
}

function checkSampling({ body, model }: VendorCall, version: string): void {
  for (const field of ['temperature', 'top_p', 'top_k']) {
    if (body[field] === undefined) continue;
    if (version === '2026-10-21') refuse(`${field}: Extra inputs are not permitted`);
    if (generationOf(model) > 4.6) refuse(`\`${field}\` is not supported for this model.`);
    if (typeof body[field] !== 'number') refuse(`${field}: Input should be a valid number`);
  }
  const { temperature: heat, top_p: topP } = body;
  if (typeof heat === 'number' && (heat < 0 || heat > 1)) refuse('temperature: range: 0..1');
  if (heat !== undefined && topP !== undefined && /(?:sonnet|haiku)-4-5/.test(model)) {
    refuse('`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
  }
  for (const stop of asArray(body.stop_sequences)) {
    if (typeof stop !== 'string' || stop.trim() === '')
      refuse('stop_sequences: each stop sequence must contain non-whitespace');
  }
}

function checkSystem(system: Json | undefined): void {
  if (system === undefined || typeof system === 'string') return;
  for (const [at, block] of needList(system, 'system').entries()) {
    if (block.type !== 'text') refuse(`system.${at}.type: Input should be 'text'`);
    if (typeof block.text !== 'string') refuse(`system.${at}.text: Field required`);
    if (block.text === '') refuse('system: text content blocks must be non-empty');
  }
}

function checkTools(body: JsonObject): Set<string> {
  const names = new Set<string>();
  for (const [at, tool] of (body.tools === undefined ? [] : needList(body.tools, 'tools')).entries()) {
    const name = String(tool.name);
    if (!TOOL_NAME.test(name)) refuse(`tools.${at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    if (names.has(name)) refuse('tools: Tool names must be unique.');
    names.add(name);
    if (isSet(tool.type) && tool.type !== 'custom') continue;
    if (!isObject(tool.input_schema)) refuse(`tools.${at}.custom.input_schema: Field required`);
    if (tool.input_schema.type !== 'object') refuse(`tools.${at}.custom.input_schema.type: Input should be 'object'`);
    for (const field of ['function', 'parameters', 'strict_mode']) {
      if (tool[field] !== undefined) refuse(`tools.${at}.custom.${field}: Extra inputs are not permitted`);
    }
  }
  return names;
}

function checkThinking({ body, model }: VendorCall): void {
  const thinking = asObject(body.thinking);
  if (thinking?.type !== 'enabled') return;
  if (generationOf(model) > 4.6) {
    refuse(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort".',
    );
  }
  const budget = Number(thinking.budget_tokens);
  if (!(budget >= 1_024)) refuse('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  if (isSet(body.max_tokens) && budget >= Number(body.max_tokens)) {
    refuse('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  if (body.temperature !== undefined && body.temperature !== 1) {
    refuse('`temperature` may only be set to 1 when thinking is enabled.');
  }
}

function checkChoice(body: JsonObject, tools: ReadonlySet<string>): void {
  if (body.tool_choice === undefined) return;
  const choice = asObject(body.tool_choice);
  const type = String(choice?.type);
  if (!['auto', 'any', 'tool', 'none'].includes(type))
    refuse(`tool_choice: Input tag '${type}' found using 'type' does not match any of the expected tags`);
  if (tools.size === 0) refuse('tool_choice may only be specified while providing tools');
  if (type === 'tool' && !tools.has(String(choice?.name)))
    refuse(`tool_choice: Tool '${choice?.name}' not found in provided tools`);
  const thinks = ['enabled', 'adaptive'].includes(String(asObject(body.thinking)?.type));
  if (thinks && (type === 'any' || type === 'tool'))
    refuse('Thinking may not be enabled when tool_choice forces tool use.');
}

function checkCacheMarks(body: JsonObject): void {
  const marks = JSON.stringify([body.system, body.messages, body.tools]).split('"cache_control":{').length - 1;
  if (marks > 4) refuse(`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
}
