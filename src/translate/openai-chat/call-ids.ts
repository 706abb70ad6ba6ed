import { mintId } from '../../base/id.ts';
import type { AnswerContext } from '../dialect.ts';

const VALID = /^[A-Za-z0-9_-]{1,40}$/;

/**
 * Makes the function that names the calls of one answer: the upstream's own id where every dialect takes it and no other call
 * of the conversation has it, else one that depends on the exchange and the place of the call alone.
 */
export function createCallIds(context: AnswerContext): (wireId: string | undefined) => string {
  let used: Set<string> | undefined;
  let count = 0;
  return (wireId) => {
    used ??= idsOfHistory(context);
    const minted = mintId('call_', `${context.exchangeId} ${count++}`, 24);
    const id = wireId !== undefined && VALID.test(wireId) && !used.has(wireId) ? wireId : minted;
    used.add(id);
    return id;
  };
}

function idsOfHistory(context: AnswerContext): Set<string> {
  const ids = new Set<string>();
  for (const message of context.request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') ids.add(part.callId);
  }
  return ids;
}
