import type { JsonObject } from '../../base/json.ts';
import type { CanonicalRequest, Instruction, Message, TextPart } from '../canonical/request.ts';
import type { Intent } from '../dialect.ts';
import { optionalList, requiredObject, wrongField } from '../request-fields.ts';
import { decodeCacheMark } from './cache-marks.ts';
import { type CallNames, decodeAssistantParts, decodeTextParts, decodeUserParts } from './decode-blocks.ts';
import { decodeSettings } from './decode-settings.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

/** The line that Claude Code puts first into `system`; it changes with every version and would spoil other vendors' caches. */
const BILLING_LINE = 'x-anthropic-billing-header:';

/** Decodes a request body. Throws `invalid-request` naming the field in the client's terms. */
export function decodeRequest(body: JsonObject, intent: Intent): CanonicalRequest {
  const { leading, turns } = splitLeading(decodeMessages(body));
  return {
    model: intent.model,
    stream: intent.stream,
    system: [...decodeSystem(body), ...leading],
    messages: markLastBlock(turns, body),
    tools: decodeTools(body),
    ...decodeToolChoice(body),
    ...decodeSettings(body),
  };
}

function decodeSystem(body: JsonObject): readonly Instruction[] {
  const content = body.system;
  if (content === undefined || content === null) return [];
  const parts = decodeTextParts(content, 'system').filter((part, at) => at > 0 || !part.text.startsWith(BILLING_LINE));
  return parts.length === 0 ? [] : [{ role: 'system', parts }];
}

function decodeMessages(body: JsonObject): readonly Message[] {
  const list = optionalList(body, 'messages');
  if (list === undefined) throw wrongField('messages', 'a list');
  const names: CallNames = new Map();
  return list.map((item, at) => decodeMessage(requiredObject(item, `messages[${at}]`), `messages[${at}]`, names));
}

function decodeMessage(message: JsonObject, path: string, names: CallNames): Message {
  const content = message.content ?? [];
  const contentPath = `${path}.content`;
  switch (message.role) {
    case 'user':
      return { role: 'user', parts: decodeUserParts(content, contentPath, names) };
    case 'assistant':
      return { role: 'assistant', parts: decodeAssistantParts(content, contentPath, names) };
    case 'system':
      return { role: 'system', parts: decodeTextParts(content, contentPath) };
    default:
      throw wrongField(`${path}.role`, "'user', 'assistant' or 'system'");
  }
}

/** System turns before the first other turn are instructions at the head. */
function splitLeading(messages: readonly Message[]): { leading: readonly Instruction[]; turns: readonly Message[] } {
  const first = messages.findIndex((message) => message.role === 'user' || message.role === 'assistant');
  const head = first < 0 ? messages : messages.slice(0, first);
  const leading = head.map((message): Instruction => ({ role: 'system', parts: message.parts as readonly TextPart[] }));
  return { leading, turns: messages.slice(head.length) };
}

/** A mark at the root of a request means its last block. */
function markLastBlock(messages: readonly Message[], body: JsonObject): readonly Message[] {
  const { cache } = decodeCacheMark(body);
  const last = messages.at(-1);
  const part = last?.parts.at(-1);
  if (cache === undefined || last === undefined || part === undefined) return messages;
  if (part.type === 'reasoning' || part.type === 'opaque' || part.cache !== undefined) return messages;
  const marked = { ...last, parts: [...last.parts.slice(0, -1), { ...part, cache }] } as Message;
  return [...messages.slice(0, -1), marked];
}
