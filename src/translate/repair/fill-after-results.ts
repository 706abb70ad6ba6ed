import type { Message, UserMessage } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

const FILLER: Message = { role: 'assistant', parts: [{ type: 'text', text: 'OK.' }] };

/** For strict chat templates: a short answer stands between results and what the user says after them. */
export function fillAfterResults(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (!rules.fillAfterResults) return messages;
  const filled = messages.flatMap((message, at) => {
    if (message.role !== 'user' || !hasResults(message)) return [message];
    const others = message.parts.filter((part) => part.type !== 'tool-result');
    const next = messages[at + 1];
    if (others.length === 0) return next?.role === 'user' ? [message, FILLER] : [message];
    const results = message.parts.filter((part) => part.type === 'tool-result');
    return [{ ...message, parts: results }, FILLER, { ...message, parts: others }];
  });
  return filled.length === messages.length ? messages : filled;
}

function hasResults(message: UserMessage): boolean {
  return message.parts.some((part) => part.type === 'tool-result');
}
