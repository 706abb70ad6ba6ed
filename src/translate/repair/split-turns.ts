import type { AssistantMessage, Message, SystemMessage, UserMessage } from '../canonical/request.ts';

/** What a model said, and everything that was said to it before it spoke again. */
export interface Turn {
  readonly assistants: readonly AssistantMessage[];
  readonly others: readonly (UserMessage | SystemMessage)[];
}

/**
 * Cuts a conversation before each answer of the model. A request ends where a turn ends, so a repair that looks no further than
 * its turn never changes what an earlier request sent.
 */
export function splitTurns(messages: readonly Message[]): Turn[] {
  const turns: { assistants: AssistantMessage[]; others: (UserMessage | SystemMessage)[] }[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role !== 'assistant') {
      if (last === undefined) turns.push({ assistants: [], others: [message] });
      else last.others.push(message);
    } else if (last === undefined || last.others.length > 0) turns.push({ assistants: [message], others: [] });
    else last.assistants.push(message);
  }
  return turns;
}
