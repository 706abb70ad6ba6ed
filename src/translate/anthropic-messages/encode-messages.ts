import { asObject, type JsonObject, tryParseJson } from '../../base/json.ts';
import type {
  AssistantPart,
  Instruction,
  MediaPart,
  Message,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import type { Loss } from '../loss.ts';
import type { MediaPlace } from '../lost-media.ts';
import type { Quirks } from '../target.ts';
import { encodeCacheMark } from './cache-marks.ts';
import { writeCitations } from './citations.ts';
import { encodeMedia } from './encode-media.ts';
import type { ContentBlock, WireMessage } from './wire.ts';

/** The instructions at the head as text blocks, one for each part that says something. */
export function encodeSystem(system: readonly Instruction[]): readonly ContentBlock[] {
  return system.flatMap((instruction) => instruction.parts.flatMap(encodeText));
}

/** Messages as the wire has them. */
export interface EncodedMessages {
  readonly messages: readonly WireMessage[];
  readonly losses: readonly Loss[];
}

/** Encodes messages whose order is repaired. Throws `translation-refused` for files that lie at another vendor. */
export function encodeMessages(messages: readonly Message[], quirks: Quirks): EncodedMessages {
  const state: State = { quirks, losses: [] };
  return { messages: messages.map((message) => encodeMessage(message, state)), losses: state.losses };
}

interface State {
  readonly quirks: Quirks;
  readonly losses: Loss[];
}

function encodeMessage(message: Message, state: State): WireMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.parts.flatMap((part) => encodeUserPart(part, state)) };
    case 'assistant':
      return { role: 'assistant', content: message.parts.flatMap((part) => encodeAssistantPart(part, state)) };
    case 'system':
    case 'developer':
      return { role: 'system', content: message.parts.flatMap(encodeText) };
    default:
      return message satisfies never;
  }
}

function encodeUserPart(part: UserPart, state: State): readonly ContentBlock[] {
  switch (part.type) {
    case 'text':
      return encodeText(part);
    case 'media':
      return encodeMediaPart(part, state);
    case 'tool-result':
      return [encodeResult(part, state)];
    case 'opaque':
      return [part.raw as ContentBlock];
    default:
      return part satisfies never;
  }
}

/** Encodes what the model itself said in an answer, for the request that goes on from there. */
export function encodeAssistantParts(parts: readonly AssistantPart[]): readonly ContentBlock[] {
  const state: State = { quirks: {}, losses: [] };
  return parts.flatMap((part) => encodeAssistantPart(part, state));
}

function encodeAssistantPart(part: AssistantPart, state: State): readonly ContentBlock[] {
  switch (part.type) {
    case 'text':
      return encodeSaid(part);
    case 'reasoning':
      return encodeThought(part);
    case 'tool-call':
      return [encodeCall(part)];
    case 'media':
      return encodeMediaPart(part, state);
    case 'opaque':
      return [part.raw as ContentBlock];
    default:
      return part satisfies never;
  }
}

/** Text of white space alone is refused. */
function encodeText(part: TextPart): readonly ContentBlock[] {
  if (part.text.trim() === '') return [];
  return [{ type: 'text', text: part.text, ...encodeCacheMark(part.cache) }];
}

function encodeSaid(part: TextPart): readonly ContentBlock[] {
  if (part.citations === undefined) return encodeText(part);
  return encodeText(part).map((block) => ({ ...block, ...writeCitations(part.citations) }));
}

function encodeMediaPart(part: MediaPart, state: State, place: MediaPlace = 'turn'): readonly ContentBlock[] {
  const { block, loss } = encodeMedia(part, state.quirks, place);
  if (loss !== undefined) state.losses.push(loss);
  return [{ ...block, ...encodeCacheMark(part.cache) }];
}

/** Only a thought with its own vendor's seal is accepted back. */
function encodeThought({ text, seal }: ReasoningPart): readonly ContentBlock[] {
  if (seal?.dialect !== 'anthropic-messages') return [];
  if (seal.kind === 'redacted') return [{ type: 'redacted_thinking', data: seal.value }];
  return [{ type: 'thinking', thinking: text, signature: seal.value }];
}

function encodeCall(part: ToolCallPart): ContentBlock {
  return {
    type: 'tool_use',
    id: part.callId,
    name: part.name,
    input: readInput(part.arguments),
    ...encodeCacheMark(part.cache),
  };
}

function readInput(text: string): JsonObject {
  if (text.trim() === '') return {};
  return asObject(tryParseJson(text)) ?? { _raw: text };
}

function encodeResult(part: ToolResultPart, state: State): ContentBlock {
  const content = part.parts.flatMap((inner) =>
    inner.type === 'media' ? encodeMediaPart(inner, state, 'result') : encodeUserPart(inner, state),
  );
  return {
    type: 'tool_result',
    tool_use_id: part.callId,
    ...(content.length === 0 ? {} : { content }),
    ...(part.isError ? { is_error: true } : {}),
    ...encodeCacheMark(part.cache),
  };
}
