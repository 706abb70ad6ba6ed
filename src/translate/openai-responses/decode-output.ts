import { asObjects, asString, type JsonObject } from '../../base/json.ts';
import type {
  AssistantPart,
  MediaPart,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '../canonical/request.ts';
import { readLogprobs } from '../openai-logprobs.ts';
import { readSeal, type Seal } from '../seal.ts';
import { readAnnotations } from './citations.ts';
import { sourceOfImage, textOfArguments, textOfReasoning } from './decode-items.ts';
import { readUse } from './server-tools.ts';
import { DIALECT } from './wire.ts';

/**
 * Decodes one finished item of an answer. Never throws: what an upstream writes wrongly is left out. `fallbackId` stands for
 * the id of a call that has none.
 */
export function decodeOutputItem(item: JsonObject, fallbackId: string): readonly AssistantPart[] {
  const type = asString(item.type);
  if (type === undefined) return [];
  return DECODERS.get(type)?.(item, fallbackId) ?? [opaqueOf(item, type)];
}

type DecodeOutput = (item: JsonObject, fallbackId: string) => readonly AssistantPart[];

const DECODERS: ReadonlyMap<string, DecodeOutput> = new Map<string, DecodeOutput>([
  ['message', decodeMessage],
  ['reasoning', decodeReasoning],
  ['function_call', decodeCall],
  ['custom_tool_call', decodeCall],
  ['image_generation_call', (item) => [imageOf(item)]],
]);

function decodeMessage(item: JsonObject): readonly AssistantPart[] {
  // a compacted history repeats the user's own messages
  if (item.role !== undefined && item.role !== 'assistant') return [];
  return asObjects(item.content)
    .map(decodeSaid)
    .filter((part) => part.text !== '');
}

function decodeSaid(part: JsonObject): TextPart {
  const refusal = asString(part.refusal);
  if (refusal !== undefined) return { type: 'text', text: refusal, refusal: true };
  const text = asString(part.text) ?? '';
  const logprobs = readLogprobs(part.logprobs);
  const citations = part.annotations === undefined ? [] : readAnnotations(part.annotations);
  return {
    type: 'text',
    text,
    ...(logprobs === undefined ? {} : { logprobs }),
    ...(citations.length === 0 ? {} : { citations }),
  };
}

function decodeReasoning(item: JsonObject): readonly AssistantPart[] {
  const text = textOfReasoning(item);
  const seal = sealOfReasoning(item);
  if (text === '' && seal === undefined) return [];
  const isRaw = asObjects(item.summary).length === 0 && text !== '';
  const part: ReasoningPart = { type: 'reasoning', text, ...(isRaw ? { raw: true } : {}) };
  return [seal === undefined ? part : { ...part, seal }];
}

/** The seal of a reasoning item, with the id under which its vendor knows it. */
export function sealOfReasoning(item: JsonObject): Seal | undefined {
  const sealed = asString(item.encrypted_content);
  if (sealed === undefined || sealed === '') return undefined;
  const seal = readSeal(sealed, DIALECT);
  const id = asString(item.id);
  return id === undefined || seal.dialect !== DIALECT ? seal : { ...seal, id };
}

function decodeCall(item: JsonObject, fallbackId: string): readonly AssistantPart[] {
  const head = callHead(item, fallbackId);
  return [{ type: 'tool-call', ...head, arguments: textOfCall(item) }];
}

/** What a call is, but for its arguments. */
export function callHead(item: JsonObject, fallbackId: string): Omit<ToolCallPart, 'type' | 'arguments'> {
  const namespace = asString(item.namespace);
  return {
    callId: asString(item.call_id) || fallbackId,
    kind: item.type === 'custom_tool_call' ? 'custom' : 'function',
    name: asString(item.name) || 'unknown',
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
  };
}

/** The arguments of a call item, or the input of a custom one. */
export function textOfCall(item: JsonObject): string {
  return textOfArguments(item.type === 'custom_tool_call' ? item.input : item.arguments);
}

/** The picture of an item, or the item itself when it holds none. */
export function imageOf(item: JsonObject): MediaPart | OpaquePart {
  const result = asString(item.result);
  if (result === undefined || result === '') return opaqueOf(item, 'image_generation_call');
  return { type: 'media', kind: 'image', source: sourceOfImage(item, result) };
}

/** An item of a server tool, which only this dialect understands. */
export function opaqueOf(item: JsonObject, type: string): OpaquePart {
  const use = readUse(item);
  return { type: 'opaque', dialect: DIALECT, kind: type, raw: item, ...(use === undefined ? {} : { use }) };
}
