import type { AssistantMessage, AssistantPart, Message, UserMessage } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

/** The conversation begins with a user turn. */
export function startWithUser(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (!rules.startWithUser || messages.find(isSpoken)?.role === 'user') return messages;
  return [sayAsUser(rules.emptyUserText ?? '.'), ...messages];
}

/** For targets that continue a begun answer but want no white space at its end. */
export function trimPrefill(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  const last = messages.at(-1);
  if (rules.prefill !== 'trim' || last?.role !== 'assistant') return messages;
  const trimmed = trimEnd(last);
  if (trimmed === last) return messages;
  const before = messages.slice(0, -1);
  return trimmed.parts.length === 0 ? before : [...before, trimmed];
}

/** For targets that do not continue a begun answer: they are asked to. */
export function continuePrefill(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (rules.prefill !== 'continue' || messages.findLast(isSpoken)?.role !== 'assistant') return messages;
  return [...messages, sayAsUser('Continue.')];
}

function isSpoken(message: Message): boolean {
  return message.role === 'user' || message.role === 'assistant';
}

function sayAsUser(text: string): UserMessage {
  return { role: 'user', parts: [{ type: 'text', text }] };
}

function trimEnd(message: AssistantMessage): AssistantMessage {
  const last: AssistantPart | undefined = message.parts.at(-1);
  if (last?.type !== 'text') return message;
  const text = last.text.trimEnd();
  if (text === last.text) return message;
  const before = message.parts.slice(0, -1);
  return { ...message, parts: text === '' ? before : [...before, { ...last, text }] };
}
