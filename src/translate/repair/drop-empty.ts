import { filterSame, mapSame } from '../canonical/map-same.ts';
import type { AssistantMessage, Message, SystemMessage, UserMessage, UserPart } from '../canonical/request.ts';
import type { OrderRules } from './order-rules.ts';
import { splitTurns } from './split-turns.ts';

/**
 * Empty text goes, and with it messages that hold nothing else. Where nothing is left of what was said to the model,
 * `emptyUserText` stands for it; where the target takes an empty user turn, user turns stay as they are.
 */
export function dropEmpty(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  const cleaned = mapSame(messages, (message) => cleanMessage(message, rules));
  const filler = rules.emptyUserText;
  const isEmpty = (message: Message) => message.parts.length === 0 && (message.role !== 'user' || filler !== undefined);
  if (!cleaned.some(isEmpty)) return cleaned;
  return splitTurns(cleaned).flatMap(({ assistants, others }) => {
    const spoken: readonly Message[] = assistants.filter((message) => !isEmpty(message));
    const heard: readonly (UserMessage | SystemMessage)[] = others.filter((message) => !isEmpty(message));
    const isSilent = others.length > 0 && (heard.length === 0 || others.some(isUser)) && !heard.some(isUser);
    if (!isSilent || filler === undefined) return [...spoken, ...heard];
    return [...spoken, { role: 'user', parts: [{ type: 'text', text: filler }] } satisfies UserMessage, ...heard];
  });
}

function isUser(message: Message): boolean {
  return message.role === 'user';
}

function cleanMessage(message: Message, rules: OrderRules): Message {
  const isBlank = rules.emptyUserText === undefined ? isEmptyText : isBlankText;
  if (message.role === 'assistant') {
    const parts = filterSame(message.parts, (part) => !isBlank(part));
    return parts === message.parts ? message : ({ ...message, parts } satisfies AssistantMessage);
  }
  if (message.role !== 'user') {
    const parts = filterSame(message.parts, (part) => !isBlank(part));
    return parts === message.parts ? message : { ...message, parts };
  }
  if (rules.emptyUserText === undefined) return message;
  const kept = filterSame(message.parts, (part) => !isBlank(part));
  const parts = mapSame(kept, (part) => cleanResult(part));
  return parts === message.parts ? message : { ...message, parts };
}

function cleanResult(part: UserPart): UserPart {
  if (part.type !== 'tool-result') return part;
  const parts = filterSame(part.parts, (inner) => !isBlankText(inner));
  return parts === part.parts ? part : { ...part, parts };
}

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly seal?: unknown;
}

function isEmptyText(part: Part): boolean {
  return part.type === 'text' && part.text === '' && part.seal === undefined;
}

function isBlankText(part: Part): boolean {
  return part.type === 'text' && part.seal === undefined && !/\S/.test(part.text ?? '');
}
