import { anthropicMessages } from '../../../../src/translate/anthropic-messages/index.ts';
import {
  type AssistantPart,
  type CanonicalRequest,
  emptyRequest,
  type Message,
  type ToolCallPart,
  type UserPart,
} from '../../../../src/translate/canonical/request.ts';
import { encodeRequestFor } from '../../../../src/translate/prepare-request.ts';
import type { Quirks } from '../../../../src/translate/target.ts';

export const MODEL = 'claude-sonnet-4-5';
export const text = (value: string) => ({ type: 'text', text: value }) as const;
export const user = (...parts: UserPart[]): Message => ({ role: 'user', parts });
export const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
export const call = (callId: string, args = '{}'): ToolCallPart => ({
  type: 'tool-call',
  callId,
  kind: 'function',
  name: 'f',
  arguments: args,
});
export const result = (callId: string, value: string) =>
  ({ type: 'tool-result', callId, kind: 'function', parts: [text(value)] }) as const;

/** Prepares and encodes a request of one question, changed as told; losses by their fields. */
export function encode(change: Partial<CanonicalRequest>, quirks: Quirks = {}) {
  const request = { ...emptyRequest(MODEL, false), messages: [user(text('q'))], ...change };
  const { body, losses } = encodeRequestFor(anthropicMessages, request, { provider: 'anthropic', quirks });
  return { body, losses: losses.map((loss) => loss.field) };
}
