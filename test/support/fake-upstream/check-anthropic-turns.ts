import { asObject, asObjects, isObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { needList, refuse } from './refusal.ts';
import type { VendorCall } from './vendor.ts';

const ID = /^[a-zA-Z0-9_-]+$/;
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** The generation in a model's name: 4.5 of `claude-haiku-4-5-20251001`, 3.5 of `claude-3-5-sonnet-latest`; 0 for other names. */
export function generationOf(model: string): number {
  const match = /^claude-(?:[a-z]+-)?(\d)(?:-(\d))?(?![\d])/.exec(model);
  return match === null ? 0 : Number(`${match[1]}.${match[2] ?? 0}`);
}

function takesMidSystem(model: string): boolean {
  return generationOf(model) >= 4.8 && !/sonnet-5(?!-\d)/.test(model);
}

/** Refuses turns that Anthropic's service refuses: their blocks, their order, and calls without results. */
export function checkTurns(messages: readonly JsonObject[], call: VendorCall): void {
  if (messages.length === 0) refuse('messages: at least one message is required');
  for (const [at, message] of messages.entries()) checkMessage(message, `messages.${at}`, call);
  checkOrder(messages, call.model);
  checkPairs(messages);
  if (asObject(call.body.thinking)?.type === 'enabled') checkThoughtFirst(messages);
}

function checkMessage(message: JsonObject, place: string, call: VendorCall): void {
  const extra = Object.keys(message).find((field) => field !== 'role' && field !== 'content');
  if (extra !== undefined) refuse(`${place}.${extra}: Extra inputs are not permitted`);
  if (typeof message.content === 'string') {
    checkText(message.content);
    return;
  }
  const blocks = needList(message.content, `${place}.content`);
  if (blocks.length === 0)
    refuse('messages: all messages must have non-empty content except for the optional final assistant message');
  for (const [at, block] of blocks.entries()) checkBlock(block, message.role, `${place}.content.${at}`, call);
}

function checkText(text: Json | undefined): void {
  if (typeof text !== 'string') refuse('messages: Input should be a valid string');
  if (text === '') refuse('messages: text content blocks must be non-empty');
  if (text.trim() === '') refuse('messages: text content blocks must contain non-whitespace text');
}

function checkBlock(block: JsonObject, role: Json | undefined, place: string, call: VendorCall): void {
  const assistantOnly = ['tool_use', 'thinking', 'redacted_thinking'].includes(String(block.type));
  if (assistantOnly !== (role === 'assistant') && (assistantOnly || block.type === 'tool_result')) {
    refuse(`${place}: \`${block.type}\` blocks can not be in ${role} messages`);
  }
  switch (block.type) {
    case 'text':
      checkText(block.text);
      return;
    case 'image':
      checkSource(asObject(block.source), place);
      return;
    case 'tool_use':
      if (!ID.test(String(block.id))) refuse(`${place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
      if (!isObject(block.input)) refuse(`${place}.tool_use.input: Input should be a valid dictionary`);
      if (!TOOL_NAME.test(String(block.name)))
        refuse(`${place}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,200}$'`);
      return;
    case 'tool_result':
      if (!ID.test(String(block.tool_use_id))) refuse(`${place}.tool_result.tool_use_id: Field required`);
      if (block.content === undefined || typeof block.content === 'string') return;
      for (const [at, inner] of needList(block.content, `${place}.tool_result.content`).entries()) {
        if (inner.type === 'image') checkSource(asObject(inner.source), `${place}.tool_result.content.${at}`);
      }
      return;
    case 'thinking':
      checkProof(block, place, call);
      return;
    case 'redacted_thinking':
      if (!call.memory.proofs.has(String(block.data)))
        refuse(`${place}: Invalid \`data\` in \`redacted_thinking\` block`);
      return;
    case 'document':
    case 'search_result':
    case 'server_tool_use':
    case 'container_upload':
      return;
    default:
      if (/_tool_result$/.test(String(block.type))) return;
      refuse(`${place}: Input tag '${block.type}' found using 'type' does not match any of the expected tags`);
  }
}

function checkProof(block: JsonObject, place: string, { memory }: VendorCall): void {
  if (typeof block.signature !== 'string') refuse(`${place}.thinking.signature: Field required`);
  if (typeof block.thinking !== 'string') refuse(`${place}.thinking.thinking: Field required`);
  if (!memory.proofs.has(block.signature)) refuse(`${place}: Invalid \`signature\` in \`thinking\` block`);
}

function checkSource(source: JsonObject | undefined, place: string): void {
  if (source?.type === 'url') {
    if (!/^https?:\/\//.test(String(source.url)))
      refuse(`${place}.image.source.url.url: Only HTTP(S) URLs are supported`);
    return;
  }
  if (source?.type !== 'base64') return;
  if (!IMAGE_TYPES.includes(String(source.media_type))) {
    refuse(
      `${place}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
    );
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(String(source.data))) refuse(`${place}.image.source.base64: invalid base64 data`);
}

function checkOrder(messages: readonly JsonObject[], model: string): void {
  for (const [at, { role }] of messages.entries()) {
    if (role === 'user' || role === 'assistant') continue;
    if (role !== 'system') refuse(`messages.${at}.role: Input should be 'user' or 'assistant'`);
    if (!takesMidSystem(model)) refuse("role 'system' is not supported on this model");
    if (at === 0 || messages[at - 1]?.role !== 'user')
      refuse(`messages.${at}: system messages must directly follow a user message`);
  }
  const turns = messages.filter(({ role }) => role !== 'system');
  if (turns[0]?.role !== 'user') refuse('messages: first message must use the "user" role');
  const last = turns.at(-1);
  if (last?.role !== 'assistant') return;
  if (generationOf(model) >= 4.6)
    refuse('This model does not support assistant message prefill. The conversation must end with a user message.');
  const words = typeof last.content === 'string' ? last.content : String(asObjects(last.content).at(-1)?.text ?? '');
  if (words !== words.trimEnd()) refuse('messages: final assistant content cannot end with trailing whitespace');
}

/** Every call is answered at the start of the next turn, once, and nothing else is. */
function checkPairs(messages: readonly JsonObject[]): void {
  const turns = mergeTurns(messages);
  for (const [at, { role, blocks, index }] of turns.entries()) {
    const next = turns[at + 1];
    const called = role === 'assistant' ? idsIn(blocks, 'tool_use', 'id') : [];
    if (new Set(called).size !== called.length) refuse('messages: `tool_use` ids must be unique');
    const answered = idsIn(next?.blocks ?? [], 'tool_result', 'tool_use_id');
    const open = called.filter((id) => !answered.includes(id));
    if (open.length > 0 && next !== undefined) {
      refuse(
        `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
    if (role !== 'user') continue;
    checkResults(blocks, idsIn(turns[at - 1]?.blocks ?? [], 'tool_use', 'id'), index);
  }
}

function checkResults(blocks: readonly JsonObject[], called: readonly string[], index: number): void {
  const results = idsIn(blocks, 'tool_result', 'tool_use_id');
  const orphan = results.find((id) => !called.includes(id));
  if (orphan !== undefined) {
    refuse(
      `messages.${index}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    );
  }
  if (new Set(results).size !== results.length) refuse('messages: each tool_use must have a single result');
  const firstOther = blocks.findIndex(({ type }) => type !== 'tool_result');
  if (firstOther >= 0 && blocks.slice(firstOther).some(({ type }) => type === 'tool_result')) {
    refuse(
      `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after. \`tool_result\` blocks must come first.`,
    );
  }
}

/** A turn of calls that was thought about must come back with its thought. */
function checkThoughtFirst(messages: readonly JsonObject[]): void {
  const last = mergeTurns(messages).findLast(({ role }) => role === 'assistant');
  const first = String(last?.blocks[0]?.type);
  if (!last?.blocks.some(({ type }) => type === 'tool_use') || /thinking$/.test(first)) return;
  refuse(
    `messages.${last.index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`,
  );
}

function mergeTurns(messages: readonly JsonObject[]) {
  const turns: { role: Json | undefined; blocks: JsonObject[]; index: number }[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : [...asObjects(content)];
    const last = turns.at(-1);
    if (role === 'system') continue;
    if (last?.role === role) last?.blocks.push(...blocks);
    else turns.push({ role, blocks, index });
  }
  return turns;
}

function idsIn(blocks: readonly JsonObject[], type: string, field: string): string[] {
  return blocks.filter((block) => block.type === type).map((block) => String(block[field]));
}
