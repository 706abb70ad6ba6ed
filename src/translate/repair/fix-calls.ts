import { mintId } from '../../base/id.ts';
import { isObject, tryParseJson } from '../../base/json.ts';
import { mapSame } from '../canonical/map-same.ts';
import type { AssistantMessage, AssistantPart, Message, UserMessage, UserPart } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

/** Calls end their turn; what the model said after one moves before the first. */
export function putCallsLast(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (!rules.callsLast) return messages;
  return mapSame(messages, (message) => {
    if (message.role !== 'assistant') return message;
    const firstCall = message.parts.findIndex(isCall);
    if (firstCall < 0 || message.parts.slice(firstCall).every(isCall)) return message;
    const said = message.parts.filter((part) => !isCall(part));
    return { ...message, parts: [...said, ...message.parts.filter(isCall)] };
  });
}

/** Arguments of function calls are a JSON object. */
export function fixArguments(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (!rules.argumentsAsObject) return messages;
  return mapSame(messages, (message) => mapAssistantParts(message, fixCall));
}

/** Call ids the target takes, the same in a call and its result. */
export function fixCallIds(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  const { valid, prefix, length } = rules.callId;
  const fix = <P extends { readonly callId: string }>(part: P): P =>
    valid.test(part.callId) ? part : { ...part, callId: mintId(prefix, part.callId, length) };
  return mapSame(messages, (message) => {
    if (message.role === 'user')
      return mapUserParts(message, (part) => (part.type === 'tool-result' ? fix(part) : part));
    return mapAssistantParts(message, (part) => (part.type === 'tool-call' ? fix(part) : part));
  });
}

function isCall(part: AssistantPart): boolean {
  return part.type === 'tool-call';
}

function fixCall(part: AssistantPart): AssistantPart {
  if (part.type !== 'tool-call' || part.kind !== 'function') return part;
  if (part.arguments === '{}' || isObject(tryParseJson(part.arguments))) return part;
  const text = part.arguments.trim();
  return { ...part, arguments: text === '' || text === 'null' ? '{}' : JSON.stringify({ _raw: part.arguments }) };
}

function mapAssistantParts(message: Message, change: (part: AssistantPart) => AssistantPart): Message {
  if (message.role !== 'assistant') return message;
  const parts = mapSame(message.parts, change);
  return parts === message.parts ? message : ({ ...message, parts } satisfies AssistantMessage);
}

function mapUserParts(message: UserMessage, change: (part: UserPart) => UserPart): Message {
  const parts = mapSame(message.parts, change);
  return parts === message.parts ? message : { ...message, parts };
}
