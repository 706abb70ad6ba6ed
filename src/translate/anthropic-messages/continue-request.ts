import { asArray, asObject, asObjects, type JsonObject } from '../../base/json.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { Continuation } from '../dialect.ts';
import { encodeAssistantParts } from './encode-messages.ts';
import type { WireMessage } from './wire.ts';

/**
 * How a paused turn goes on: it is sent back as it is, and the model goes on where it stopped. Only the vendor's own tools pause.
 * https://docs.claude.com/en/docs/build-with-claude/handling-stop-reasons#pause_turn
 */
export const continuation: Continuation = {
  mayPause: (body) => asObjects(body.tools).some((tool) => typeof tool.type === 'string' && tool.type !== 'custom'),
  next: nextRequest,
};

function nextRequest(body: JsonObject, { parts }: CanonicalResponse): JsonObject | undefined {
  const content = encodeAssistantParts(parts);
  if (content.length === 0) return undefined;
  const messages = asArray(body.messages) as readonly WireMessage[];
  const last = asObject(messages.at(-1));
  if (last?.role !== 'assistant') return { ...body, messages: [...messages, { role: 'assistant', content }] };
  const joined = { ...last, content: [...asObjects(last.content), ...content] };
  return { ...body, messages: [...messages.slice(0, -1), joined] };
}
