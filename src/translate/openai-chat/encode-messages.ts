import type { JsonDraft, JsonObject } from '../../base/json.ts';
import type {
  AssistantMessage,
  Instruction,
  MediaKind,
  MediaPart,
  Message,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
  UserPart,
} from '../canonical/request.ts';
import { dropped } from '../loss.ts';
import { encodeMedia, encodeParts, joinContent } from './encode-content.ts';
import { type Encoding, writeCacheMark } from './encoding.ts';
import { writeDetails } from './reasoning-details.ts';
import { isMistralModel } from './rules.ts';

/** Encodes the head and the conversation. `added` is a last instruction of our own. */
export function encodeMessages(encoding: Encoding, added?: string): readonly JsonObject[] {
  const { system, messages } = encoding.request;
  const own: readonly Instruction[] =
    added === undefined ? [] : [{ role: 'system', parts: [{ type: 'text', text: added }] }];
  // cache marks are counted in the order of the prompt
  const head = encodeHead([...system, ...own], encoding);
  const encoded = messages.flatMap((message) => encodeMessage(message, encoding));
  return [...head, ...markPrefill(encoded, encoding)];
}

function encodeHead(head: readonly Instruction[], encoding: Encoding): readonly JsonObject[] {
  const spoken = head.filter((entry) => entry.parts.some((part) => part.text !== ''));
  // a server that takes instructions only at the start often takes only one message of them
  if (encoding.quirks.midSystem !== false || spoken.length < 2) {
    return spoken.map((entry) => encodeInstruction(entry, encoding));
  }
  return [encodeInstruction({ role: 'system', parts: spoken.flatMap((entry) => entry.parts) }, encoding)];
}

function encodeInstruction(entry: Instruction | SystemMessage, encoding: Encoding): JsonObject {
  const parts = encodeParts(entry.parts, encoding);
  const isMarked = parts.some((part) => Object.keys(part).length > 2);
  return {
    role: instructionRole(encoding),
    content: isMarked ? parts : entry.parts.flatMap(({ text }) => (text === '' ? [] : text)).join('\n\n'),
  };
}

/** OpenAI's reasoning models have a role of their own for instructions; every other server knows `system`. */
function instructionRole({ quirks, model, official }: Encoding): string {
  return official && model.reasons === true && quirks.developerRole !== false ? 'developer' : 'system';
}

function encodeMessage(message: Message, encoding: Encoding): readonly JsonObject[] {
  if (message.role === 'user') return encodeUser(message, encoding);
  return [message.role === 'assistant' ? encodeAssistant(message, encoding) : encodeInstruction(message, encoding)];
}

/** Results first, each a message of its own; then what the tools showed beside text; then what the user said. */
function encodeUser(message: UserMessage, encoding: Encoding): readonly JsonObject[] {
  const shown: Attachments = { parts: [], counts: new Map() };
  const results = message.parts
    .filter((part) => part.type === 'tool-result')
    .map((result) => encodeResult(result, shown, encoding));
  const isSaid = (part: UserPart) => part.type !== 'text' || part.text !== '' || results.length === 0;
  const said = message.parts.filter((part) => part.type !== 'tool-result').filter(isSaid);
  const content = [...shown.parts, ...encodeParts(said, encoding)];
  if (results.length > 0 && content.length === 0) return results;
  return [...results, { role: 'user', content: joinContent(content, encoding), ...encodeName(message, encoding) }];
}

function encodeName(message: { readonly name?: string }, encoding: Encoding): JsonObject {
  const isTaken = message.name !== undefined && !encoding.quirks.refusedFields?.includes('name');
  return isTaken ? { name: message.name } : {};
}

/** What tools gave beside text. A tool message holds only text, so it stands in the user message after them. */
interface Attachments {
  readonly parts: JsonObject[];
  readonly counts: Map<MediaKind, number>;
}

function encodeResult(result: ToolResultPart, shown: Attachments, encoding: Encoding): JsonObject {
  const texts = result.parts.map((part): string => {
    if (part.type === 'text') return part.text;
    if (part.type === 'media') return attach(part, shown, encoding);
    encoding.losses.push(dropped('result-part', 'A tool message holds only text.'));
    return `[${part.kind} omitted]`;
  });
  const text = texts.join('\n\n');
  const isUntold = result.isError === true && !/^error/i.test(text);
  const content = isUntold ? `Error: ${text}` : text;
  const mark = writeCacheMark(result.cache, encoding);
  return {
    role: 'tool',
    tool_call_id: result.callId,
    content: Object.keys(mark).length === 0 ? content : [{ type: 'text', text: content, ...mark }],
  };
}

/** Puts media among the attachments; answers the label that stands for it in the result. */
function attach(part: MediaPart, shown: Attachments, encoding: Encoding): string {
  const wire = encodeMedia(part, encoding, 'result');
  if (wire.type === 'text') return wire.text;
  const count = (shown.counts.get(part.kind) ?? 0) + 1;
  shown.counts.set(part.kind, count);
  shown.parts.push({ type: 'text', text: `[${part.kind} ${count}]` }, wire);
  return `[${part.kind} ${count} attached below]`;
}

function encodeAssistant(message: AssistantMessage, encoding: Encoding): JsonObject {
  const calls = message.parts.filter((part) => part.type === 'tool-call');
  const draft: JsonDraft = { role: 'assistant', content: null };
  writeSaid(draft, message, encoding);
  writeThoughts(draft, message, calls.length > 0, encoding);
  if (calls.length > 0) draft.tool_calls = calls.map(encodeCall);
  const audio = message.parts.find((part) => part.type === 'opaque' && part.kind === 'audio');
  if (audio?.type === 'opaque') draft.audio = audio.raw;
  if (draft.content === null && (!encoding.official || (calls.length === 0 && draft.refusal === undefined && !audio))) {
    draft.content = '';
  }
  return { ...draft, ...encodeName(message, encoding) };
}

function writeSaid(draft: JsonDraft, message: AssistantMessage, encoding: Encoding): void {
  const isRefusal = (part: TextPart) => part.refusal === true && encoding.official;
  const texts = message.parts.filter((part) => part.type === 'text');
  const said = texts.filter((part) => !isRefusal(part));
  const refusal = texts.filter(isRefusal).map((part) => part.text);
  const parts = encodeParts(said, encoding);
  const isMarked = parts.some((part) => Object.keys(part).length > 2);
  // joined without a gap: a client that streams sees the texts of one answer joined so, and sends them back so
  const text = said.map((part) => part.text).join('');
  if (isMarked) draft.content = parts;
  else if (text !== '') draft.content = text;
  if (refusal.length > 0) draft.refusal = refusal.join('');
  const lost = message.parts.filter((part) => part.type === 'media').length;
  if (lost > 0) encoding.losses.push(dropped('part=media', 'An assistant message holds only text here.'));
}

function writeThoughts(draft: JsonDraft, message: AssistantMessage, hasCalls: boolean, encoding: Encoding): void {
  const thoughts = message.parts.filter((part) => part.type === 'reasoning');
  const own = thoughts.filter((part) => part.seal?.dialect === 'openai-chat');
  if (own.length > 0) draft.reasoning_details = own.flatMap(writeDetails);
  const field = encoding.quirks.reasoningBack;
  if (field === undefined) return;
  const text = thoughts.map((part) => part.text).join('');
  // DeepSeek refuses a turn with calls that comes back without the field
  if (text !== '' || (hasCalls && field === 'reasoning_content')) draft[field] = text;
}

function encodeCall(call: ToolCallPart): JsonObject {
  const seal = call.seal?.dialect === 'openai-chat' ? call.seal : undefined;
  const extra = seal === undefined ? {} : { extra_content: { google: { thought_signature: seal.value } } };
  if (call.kind === 'custom') {
    return { id: call.callId, type: 'custom', custom: { name: call.name, input: call.arguments }, ...extra };
  }
  const args = call.arguments.trim() === '' ? '{}' : call.arguments;
  return { id: call.callId, type: 'function', function: { name: call.name, arguments: args }, ...extra };
}

/** Mistral continues a last assistant message only when told so. https://docs.mistral.ai/api/endpoint/chat */
function markPrefill(messages: readonly JsonObject[], encoding: Encoding): readonly JsonObject[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || last.tool_calls !== undefined) return messages;
  if (!isMistralModel(encoding.request.model)) return messages;
  return [...messages.slice(0, -1), { ...last, prefix: true }];
}

/** The text of the head and of the first user message: where an instruction stands that never changes between turns. */
export function openingText(encoding: Encoding): string {
  const { system, messages } = encoding.request;
  const first = messages.find((message) => message.role === 'user');
  const parts = [...system.flatMap((entry) => entry.parts), ...(first?.parts ?? [])];
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}
