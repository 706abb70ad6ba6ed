import type {
  AssistantPart,
  CanonicalRequest,
  Message,
  TextPart,
  UserPart,
} from '../../src/translate/canonical/request.ts';
import { emptyRequest } from '../../src/translate/canonical/request.ts';
import type { OrderRules } from '../../src/translate/repair/order-rules.ts';

/** The order rules of an OpenAI chat server: nearly everything is taken as it is. */
export const OPENAI_ORDER: OrderRules = {
  startWithUser: false,
  mergeTurns: false,
  midSystem: 'keep',
  prefill: 'keep',
  reasoning: { keep: 'nothing' },
  callId: { valid: /^[\w-]{1,40}$/, prefix: 'call_', length: 24 },
  argumentsAsObject: false,
  callsLast: false,
  fillAfterResults: false,
  stubTools: false,
};

/** The order rules of a Claude model that takes neither system turns nor a begun answer. */
export const CLAUDE_ORDER: OrderRules = {
  startWithUser: true,
  mergeTurns: true,
  midSystem: 'user-text',
  prefill: 'continue',
  reasoning: { keep: 'sealed', dialect: 'anthropic-messages' },
  callId: { valid: /^[a-zA-Z0-9_-]{1,64}$/, prefix: 'toolu_', length: 24 },
  argumentsAsObject: true,
  callsLast: true,
  fillAfterResults: false,
  emptyUserText: '.',
  stubTools: true,
};

/** The order rules of Gemini. */
export const GEMINI_ORDER: OrderRules = {
  ...CLAUDE_ORDER,
  reasoning: { keep: 'sealed', dialect: 'gemini' },
  callId: { valid: /./, prefix: '', length: 24 },
  callsLast: false,
  assistantMedia: true,
  stubTools: false,
};

/** The order rules of a strict chat template, as Mistral has it. */
export const STRICT_ORDER: OrderRules = {
  ...OPENAI_ORDER,
  startWithUser: true,
  mergeTurns: true,
  midSystem: 'user-text',
  callId: { valid: /^[a-zA-Z0-9]{9}$/, prefix: '', length: 9 },
  argumentsAsObject: true,
  fillAfterResults: true,
  emptyUserText: '.',
};

/** A user turn of texts and other parts. */
export function user(...parts: readonly (string | UserPart)[]): Message {
  return { role: 'user', parts: parts.map(asPart) };
}

/** An assistant turn of texts and other parts. */
export function assistant(...parts: readonly (string | AssistantPart)[]): Message {
  return { role: 'assistant', parts: parts.map(asPart) };
}

/** A system turn. */
export function system(text: string): Message {
  return { role: 'system', parts: [{ type: 'text', text }] };
}

/** A call of a function. */
export function call(callId: string, name = 'look', args = '{}'): AssistantPart {
  return { type: 'tool-call', callId, kind: 'function', name, arguments: args };
}

/** A result of one text. */
export function result(callId: string, text: string, name?: string): UserPart {
  const parts: readonly TextPart[] = [{ type: 'text', text }];
  return { type: 'tool-result', callId, kind: 'function', ...(name === undefined ? {} : { name }), parts };
}

/** What stands for a result that never came. */
export function missing(callId: string, name = 'look'): UserPart {
  return { ...result(callId, 'no result (interrupted)', name), isError: true } as UserPart;
}

/** A request of these messages and nothing else. */
export function conversation(...messages: readonly Message[]): CanonicalRequest {
  return { ...emptyRequest('m', false), messages };
}

function asPart<P>(part: string | P): P | TextPart {
  return typeof part === 'string' ? { type: 'text', text: part } : part;
}
