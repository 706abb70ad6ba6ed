import type { JsonObject } from '../../base/json.ts';
import type {
  AssistantMessage,
  AssistantPart,
  Instruction,
  Message,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from '../canonical/request.ts';
import { encodeMedia, encodeOutput, encodeText, encodeUserParts } from './encode-content.ts';
import type { Encoding } from './encoding.ts';
import { DIALECT, type WireCustomCallItem, type WireFunctionCallItem, type WireReasoningItem } from './wire.ts';

/** Encodes a conversation as input items. Assistant items carry no id: ids of another server would be refused. */
export function encodeItems(messages: readonly Message[], encoding: Encoding): JsonObject[] {
  return messages.flatMap((message) => encodeMessage(message, encoding));
}

function encodeMessage(message: Message, encoding: Encoding): JsonObject[] {
  switch (message.role) {
    case 'user':
      return encodeUser(message, encoding);
    case 'assistant':
      return encodeAssistant(message, encoding);
    default:
      return encodeInstruction(message, encoding);
  }
}

/** Encodes an instruction that stands inside `input`; one without words comes to nothing. */
export function encodeInstruction(message: SystemMessage | Instruction, encoding: Encoding): JsonObject[] {
  const parts = message.parts.filter((part) => part.text !== '');
  if (parts.length === 0) return [];
  const content = parts.map((part) => encodeText(part, encoding));
  return [{ type: 'message', role: encoding.quirks.developerRole === false ? 'system' : 'developer', content }];
}

const ITEM_KINDS = /_output$|^mcp_approval_response$|^compaction_trigger$|^configuration_update$/;

function encodeUser(message: UserMessage, encoding: Encoding): JsonObject[] {
  const items: JsonObject[] = [];
  let spoken: Exclude<(typeof message.parts)[number], ToolResultPart>[] = [];
  const flush = () => {
    const content = encodeUserParts(spoken, encoding);
    if (content.length > 0) items.push({ type: 'message', role: 'user', content });
    spoken = [];
  };
  for (const part of message.parts) {
    const isItem = part.type === 'opaque' && ITEM_KINDS.test(part.kind);
    if (part.type !== 'tool-result' && !isItem) {
      if (part.type !== 'text' || part.text !== '') spoken.push(part);
      continue;
    }
    flush();
    items.push(part.type === 'tool-result' ? encodeResult(part, encoding) : part.raw);
  }
  flush();
  return items;
}

function encodeResult(part: ToolResultPart, encoding: Encoding): JsonObject {
  const type = part.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output';
  return { type, call_id: part.callId, output: encodeOutput(part.parts, part.isError === true, encoding) };
}

function encodeAssistant(message: AssistantMessage, encoding: Encoding): JsonObject[] {
  const items: JsonObject[] = [];
  let texts: TextPart[] = [];
  const flush = () => {
    const content = texts.map(encodeSaid);
    const phase = message.phase === undefined ? {} : { phase: message.phase };
    if (content.length > 0) items.push({ type: 'message', role: 'assistant', content, ...phase });
    texts = [];
  };
  for (const part of message.parts) {
    if (part.type === 'text') {
      if (part.text !== '') texts.push(part);
      continue;
    }
    flush();
    const item = encodeAssistantPart(part, encoding);
    if (item !== undefined) items.push(item);
  }
  flush();
  return items;
}

function encodeSaid(part: TextPart): JsonObject {
  if (part.refusal) return { type: 'refusal', refusal: part.text };
  return { type: 'output_text', text: part.text, annotations: [] };
}

function encodeAssistantPart(part: Exclude<AssistantPart, TextPart>, encoding: Encoding): JsonObject | undefined {
  switch (part.type) {
    case 'reasoning':
      return encodeReasoning(part, encoding);
    case 'tool-call':
      return encodeCall(part);
    case 'opaque':
      return part.raw;
    case 'media': {
      // the assistant may show nothing here, so the picture stands as the user's
      return { type: 'message', role: 'user', content: [encodeMedia(part, encoding)] };
    }
    default:
      return part satisfies never;
  }
}

function encodeReasoning(part: ReasoningPart, encoding: Encoding): WireReasoningItem | undefined {
  const { seal, text } = part;
  if (seal?.dialect !== DIALECT) {
    if (encoding.quirks.reasoningBack === undefined || text === '') return undefined;
    return { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text }] };
  }
  const id = seal.id !== undefined && /^rs_.{1,61}$/.test(seal.id) ? { id: seal.id } : {};
  const summary = text === '' ? [] : [{ type: 'summary_text', text } as const];
  return { ...id, type: 'reasoning', summary, encrypted_content: seal.value };
}

function encodeCall(part: ToolCallPart): WireFunctionCallItem | WireCustomCallItem {
  const { callId, kind, name } = part;
  const namespace = part.namespace === undefined ? {} : { namespace: part.namespace };
  if (kind === 'custom')
    return { type: 'custom_tool_call', call_id: callId, name, ...namespace, input: part.arguments };
  return {
    type: 'function_call',
    call_id: callId,
    name,
    ...namespace,
    arguments: part.arguments.trim() === '' ? '{}' : part.arguments,
  };
}
