import type { AssistantMessage, MediaPart, Message, UserMessage, UserPart } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';

/** Media of an answer goes to the next user turn, after its results, since most targets take none from a model. */
export function moveMedia(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (
    rules.assistantMedia ||
    !messages.some((message) => message.role === 'assistant' && message.parts.some(isMedia))
  ) {
    return messages;
  }
  const moved: Message[] = [];
  let held: MediaPart[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      if (held.length > 0) moved.push({ role: 'user', parts: held });
      held = message.parts.filter(isMedia);
      moved.push(held.length === 0 ? message : withoutMedia(message));
    } else if (message.role === 'user' && held.length > 0) {
      moved.push(insertAfterResults(message, held));
      held = [];
    } else moved.push(message);
  }
  return held.length === 0 ? moved : [...moved, { role: 'user', parts: held }];
}

function isMedia(part: { readonly type: string }): part is MediaPart {
  return part.type === 'media';
}

function withoutMedia(message: AssistantMessage): AssistantMessage {
  return { ...message, parts: message.parts.filter((part) => part.type !== 'media') };
}

function insertAfterResults(message: UserMessage, media: readonly MediaPart[]): UserMessage {
  const isResult = (part: UserPart) => part.type === 'tool-result';
  const rest = message.parts.filter((part) => !isResult(part));
  return { ...message, parts: [...message.parts.filter(isResult), ...media, ...rest] };
}
