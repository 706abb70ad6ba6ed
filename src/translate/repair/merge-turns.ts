import { mapSame } from '../canonical/map-same.ts';
import type { Message } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

/** Turns of one role in a row are one turn. */
export function mergeTurns(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (!rules.mergeTurns) return messages;
  const isDouble = (message: Message, at: number) => canJoin(messages[at - 1], message);
  if (!messages.some(isDouble)) return messages;
  const merged: Message[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last === undefined || !canJoin(last, message)) merged.push(message);
    else merged[merged.length - 1] = { ...last, parts: [...last.parts, ...message.parts] } as Message;
  }
  return merged;
}

/**
 * For targets whose turns have no names: once a second name has spoken, names stand before the text. Texts before that
 * stay as an earlier request sent them.
 */
export function prefixNames(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (!rules.mergeTurns) return messages;
  const names = new Set<string>();
  return mapSame(messages, (message) => {
    if (message.role !== 'user' && message.role !== 'assistant') return message;
    if (message.name === undefined) return message;
    names.add(message.name);
    return names.size < 2 ? message : prefixName(message, message.name);
  });
}

function canJoin(earlier: Message | undefined, later: Message): boolean {
  return earlier?.role === later.role && (later.role === 'user' || later.role === 'assistant');
}

function prefixName(message: Message, name: string): Message {
  const { name: _spoken, ...rest } = message as Message & { name?: string };
  let done = false;
  const parts = message.parts.map((part) => {
    if (done || part.type !== 'text') return part;
    done = true;
    return { ...part, text: `${name}: ${part.text}` };
  });
  return { ...rest, parts } as Message;
}
