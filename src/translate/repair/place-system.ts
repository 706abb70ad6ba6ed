import type { Message, SystemMessage, TextPart, UserMessage } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

/** A system turn between the others stays where the target takes it, else it is text of the user turn beside it. */
export function placeSystem(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (rules.midSystem === 'keep' || !messages.some(isSystem)) return messages;
  const placed: Message[] = [];
  for (const message of messages) {
    const before = placed.at(-1);
    if (!isSystem(message)) placed.push(message);
    else if (rules.midSystem === 'keep-after-user' && before?.role === 'user') placed.push(message);
    else if (rules.midSystem === 'keep-after-user' && before !== undefined && isSystem(before)) {
      placed[placed.length - 1] = { ...before, parts: [...before.parts, ...message.parts] };
    } else if (before?.role === 'user') placed[placed.length - 1] = addText(before, message);
    else placed.push(addText({ role: 'user', parts: [] }, message));
  }
  return placed;
}

function isSystem(message: Message): message is SystemMessage {
  return message.role === 'system' || message.role === 'developer';
}

function addText(user: UserMessage, system: SystemMessage): UserMessage {
  const text = system.parts.map((part) => part.text).join('\n\n');
  const cache = system.parts.find((part) => part.cache !== undefined)?.cache;
  const part: TextPart = {
    type: 'text',
    text: `<system>${text}</system>`,
    ...(cache === undefined ? {} : { cache }),
  };
  return { ...user, parts: [...user.parts, part] };
}
