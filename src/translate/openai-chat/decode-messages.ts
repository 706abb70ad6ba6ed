import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import type { Instruction, Message, ResultPart, TextPart, ToolResultPart, UserPart } from '../canonical/request.ts';
import { requiredObject, wrongField } from '../request-fields.ts';
import { decodeAssistant } from './decode-assistant.ts';
import { type ContentPart, decodeContent } from './decode-content.ts';
import { type History, markLast, nameOf, startHistory, takeOldCall } from './history.ts';
import { readCacheMark } from './vocabulary.ts';

/** The conversation of a request. */
export interface Conversation {
  readonly system: readonly Instruction[];
  readonly messages: readonly Message[];
  /** True when an instruction held more than text; only its text is kept. */
  readonly lostInstructions: boolean;
}

/** Decodes `messages`. Leading instructions are the head of the request; later ones stay where they stand. */
export function decodeMessages(list: readonly Json[]): Conversation {
  const history = startHistory();
  list.forEach((item, at) => {
    const path = `messages[${at}]`;
    const message = requiredObject(item, path);
    const decode = decoderOf(message.role);
    if (decode === undefined) throw wrongField(`${path}.role`, `one of ${Object.keys(ROLES).join(', ')}`);
    if (decode !== decodeResult) history.results = undefined;
    decode(message, path, history);
  });
  return { system: history.system, messages: history.messages, lostInstructions: history.lostInstructions };
}

type DecodeMessage = (message: JsonObject, path: string, history: History) => void;

const ROLES: { readonly [role: string]: DecodeMessage } = {
  system: (message, path, history) => decodeInstruction('system', message, path, history),
  developer: (message, path, history) => decodeInstruction('developer', message, path, history),
  user: decodeUser,
  assistant: (message, path, history) => {
    history.messages.push(decodeAssistant(message, path, history));
  },
  tool: decodeResult,
  function: decodeResult,
};

function decoderOf(role: Json | undefined): DecodeMessage | undefined {
  return typeof role === 'string' && Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
}

function decodeInstruction(role: Instruction['role'], message: JsonObject, path: string, history: History): void {
  const content = markLast(decodeContent(message.content, `${path}.content`), message);
  const parts = content.filter((part): part is TextPart => part.type === 'text');
  if (parts.length < content.length) history.lostInstructions = true;
  if (history.messages.length === 0) history.system.push({ role, parts });
  else history.messages.push({ role, parts });
}

function decodeUser(message: JsonObject, path: string, history: History): void {
  const parts = markLast(decodeContent(message.content, `${path}.content`), message).map(asHeard);
  history.messages.push({ role: 'user', parts, ...nameOf(message, path) });
}

/** Only a model thinks: the thought of anybody else is text. */
function asHeard(part: ContentPart): ResultPart & UserPart {
  return part.type === 'reasoning' ? { type: 'text', text: part.text } : part;
}

function decodeResult(message: JsonObject, path: string, history: History): void {
  const callId = message.role === 'function' ? oldCallId(message, path, history) : requiredCallId(message, path);
  const call = history.calls.get(callId);
  const name = nameOf(message, path).name ?? call?.name;
  const result: ToolResultPart = {
    type: 'tool-result',
    callId,
    kind: call?.kind ?? 'function',
    ...(name === undefined ? {} : { name }),
    parts: decodeResultContent(message.content, `${path}.content`),
    ...readCacheMark(message),
  };
  if (history.results === undefined) {
    history.results = [];
    history.messages.push({ role: 'user', parts: history.results });
  }
  history.results.push(result);
}

/** What a tool gave is often written as the object it is. */
function decodeResultContent(content: Json | undefined, path: string): readonly ResultPart[] {
  const text = isObject(content) ? JSON.stringify(content) : content;
  return decodeContent(text, path).map(asHeard);
}

function requiredCallId(message: JsonObject, path: string): string {
  const id = message.tool_call_id;
  if (typeof id !== 'string' || id === '') throw wrongField(`${path}.tool_call_id`, 'a string that is not empty');
  return id;
}

function oldCallId(message: JsonObject, path: string, history: History): string {
  const { name } = nameOf(message, path);
  if (name === undefined) throw wrongField(`${path}.name`, 'a string');
  return takeOldCall(name, history);
}
