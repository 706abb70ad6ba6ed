import { asObject, asObjects, asString, type Json, type JsonObject } from '../../base/json.ts';
import type { AssistantMessage, AssistantPart, ReasoningPart, ToolCallPart } from '../canonical/request.ts';
import { optionalList, optionalString, requiredObject, wrongField } from '../request-fields.ts';
import { readSeal } from '../seal.ts';
import { decodeContent, readUrl } from './decode-content.ts';
import { type History, markLast, mintCallId, nameOf, noteOldCall } from './history.ts';
import { readDetails } from './reasoning-details.ts';
import { readCacheMark } from './vocabulary.ts';

/** Decodes an assistant message: thoughts, then what was said, then calls. */
export function decodeAssistant(message: JsonObject, path: string, history: History): AssistantMessage {
  const calls = decodeCalls(message, path, history);
  for (const call of calls) history.calls.set(call.callId, { name: call.name, kind: call.kind });
  const parts: AssistantPart[] = [
    ...decodeThoughts(message),
    ...markLast(decodeContent(message.content, `${path}.content`), message).filter(isSaid),
    ...decodeRefusal(message, path),
    ...decodeMedia(message),
    ...calls,
  ];
  return { role: 'assistant', parts, ...nameOf(message, path) };
}

/** A list of content parts is often left with an empty text beside calls; it says nothing. */
function isSaid(part: AssistantPart, _at: number, parts: readonly AssistantPart[]): boolean {
  return part.type !== 'text' || part.text !== '' || parts.length === 1;
}

/** Thoughts in any of the forms that clients send back; none of them is OpenAI's own. */
function decodeThoughts(message: JsonObject): readonly ReasoningPart[] {
  const blocks = asObjects(message.thinking_blocks);
  if (blocks.length > 0) return blocks.map(decodeThinkingBlock);
  const text = [message.reasoning_content, message.reasoning].map(asString).find(Boolean);
  const details = readDetails(asObjects(message.reasoning_details));
  const [only] = details;
  if (only === undefined) return text === undefined ? [] : [{ type: 'reasoning', text }];
  const isProof = details.length === 1 && only.text === '' && text !== undefined && only.seal?.kind !== 'redacted';
  return isProof ? [{ ...only, text }] : details;
}

/** LiteLLM's form of Anthropic's thoughts. https://docs.litellm.ai/docs/reasoning_content */
function decodeThinkingBlock(block: JsonObject): ReasoningPart {
  if (block.type === 'redacted_thinking') {
    const seal = readSeal(asString(block.data) ?? '', 'anthropic-messages');
    return { type: 'reasoning', text: '', seal: { ...seal, kind: 'redacted' } };
  }
  const signature = asString(block.signature);
  const seal = signature === undefined || signature === '' ? {} : { seal: readSeal(signature, 'anthropic-messages') };
  return { type: 'reasoning', text: asString(block.thinking) ?? '', ...seal };
}

function decodeRefusal(message: JsonObject, path: string): readonly AssistantPart[] {
  const refusal = optionalString(message, 'refusal', `${path}.refusal`);
  return refusal === undefined || refusal === '' ? [] : [{ type: 'text', text: refusal, refusal: true }];
}

function decodeMedia(message: JsonObject): readonly AssistantPart[] {
  const audio = asObject(message.audio);
  const images = asObjects(message.images)
    .map((image) => asString(asObject(image.image_url)?.url))
    .filter((url) => url !== undefined);
  return [
    ...images.map((url): AssistantPart => ({ type: 'media', kind: 'image', source: readUrl(url) })),
    ...(audio === undefined ? [] : [{ type: 'opaque', dialect: 'openai-chat', kind: 'audio', raw: audio } as const]),
  ];
}

function decodeCalls(message: JsonObject, path: string, history: History): readonly ToolCallPart[] {
  const calls = (optionalList(message, 'tool_calls', `${path}.tool_calls`) ?? []).map((item, at) => {
    const place = `${path}.tool_calls[${at}]`;
    return decodeCall(requiredObject(item, place), place, mintCallId(history, `${at}`));
  });
  if (message.function_call === undefined || message.function_call === null) return calls;
  const { id, call } = noteOldCall(message, path, history);
  return [...calls, decodeFunctionCall(call, `${path}.function_call`, id)];
}

function decodeCall(call: JsonObject, path: string, mintedId: string): ToolCallPart {
  const wireId = optionalString(call, 'id', `${path}.id`);
  const id = wireId === undefined || wireId === '' ? mintedId : wireId;
  const extras = { ...readCallSeal(call), ...readCacheMark(call) };
  const custom = asObject(call.custom);
  if (custom === undefined) {
    const definition = requiredObject(call.function, `${path}.function`);
    return { ...decodeFunctionCall(definition, `${path}.function`, id), ...extras };
  }
  const name = readName(custom, `${path}.custom`);
  const input = optionalString(custom, 'input', `${path}.custom.input`) ?? '';
  return { type: 'tool-call', callId: id, kind: 'custom', name, arguments: input, ...extras };
}

function decodeFunctionCall(definition: JsonObject, path: string, callId: string): ToolCallPart {
  const name = readName(definition, path);
  return { type: 'tool-call', callId, kind: 'function', name, arguments: argumentsText(definition.arguments) };
}

function readName(definition: JsonObject, path: string): string {
  const name = definition.name;
  if (typeof name !== 'string' || name === '') throw wrongField(`${path}.name`, 'a string that is not empty');
  return name;
}

/** Arguments as text; some programs write them as an object. */
export function argumentsText(wire: Json | undefined): string {
  if (wire === undefined || wire === null) return '';
  return typeof wire === 'string' ? wire : JSON.stringify(wire);
}

/** The seal of a call, where Gemini's OpenAI surface has it. */
export function readCallSeal(call: JsonObject): { seal?: ToolCallPart['seal'] & {} } {
  const google = asObject(asObject(call.extra_content)?.google);
  const signature = asString(google?.thought_signature);
  return signature === undefined || signature === '' ? {} : { seal: readSeal(signature, 'openai-chat') };
}
