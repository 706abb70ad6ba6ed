import { filterSame, mapSame } from '../canonical/map-same.ts';
import type { AssistantPart, Message } from '../canonical/request.ts';
import type { Seal } from '../seal.ts';
import type { OrderRules } from './order-rules.ts';

/** Earlier thoughts stay only as far as the target wants them, and no seal goes to another vendor. */
export function keepOwnThoughts(messages: readonly Message[], rules: OrderRules): readonly Message[] {
  if (rules.reasoning.keep === 'text') return messages;
  const dialect = rules.reasoning.keep === 'sealed' ? rules.reasoning.dialect : undefined;
  const isOwn = (seal: Seal | undefined) => seal !== undefined && seal.dialect === dialect;
  const keep = (part: AssistantPart) => part.type !== 'reasoning' || isOwn(part.seal);
  const strip = (part: AssistantPart) => {
    if (!('seal' in part) || isOwn(part.seal)) return part;
    const { seal: _foreign, ...rest } = part;
    return rest;
  };
  return mapSame(messages, (message) => {
    if (message.role !== 'assistant') return message;
    const parts = mapSame(filterSame(message.parts, keep), strip);
    return parts === message.parts ? message : { ...message, parts };
  });
}
