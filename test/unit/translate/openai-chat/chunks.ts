import type { Json, JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { keepEventLaw } from '../../../../src/translate/canonical/event-law.ts';
import { type CanonicalRequest, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { decodeStream } from '../../../../src/translate/openai-chat/decode-stream.ts';
import { chain, runAll } from '../../../../src/translate/stream/transducer.ts';

/** The mark that ends a stream. */
export const DONE = '[DONE]';
/** What a server sends: a chunk, or anything else. */
export type Piece = JsonObject | string;

/** A chunk with a delta. */
export const chunk = (delta: JsonObject, rest: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'up',
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
});
/** The chunk that says why the answer ended. */
export const finish = (word: string, rest: JsonObject = {}) => ({ ...chunk({}, { finish_reason: word }), ...rest });
/** A chunk that tells only token counts. */
export const usage = (prompt: number, completion: number, rest: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-1',
  choices: [],
  usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion, ...rest },
});
/** A chunk with one piece of a call. */
export const call = (piece: JsonObject) => chunk({ tool_calls: [piece] });
/** The first piece of a function call. */
export const fn = (name: string, args: Json = '') => ({ function: { name, arguments: args } });
/** A later piece of a function call. */
export const args = (text: Json) => ({ function: { arguments: text } });

/** The lawful events that a server’s pieces tell. */
export const decode = (pieces: readonly Piece[], request: Partial<CanonicalRequest> = {}): CanonicalEvent[] => {
  const context = { request: { ...emptyRequest('m', true), ...request }, exchangeId: 'x', createdAt: 0 };
  const frames = pieces.map((piece) => ({ data: typeof piece === 'string' ? piece : JSON.stringify(piece) }));
  return runAll(chain(decodeStream(context), keepEventLaw), frames);
};

/** Events as short lines: `+text`, `text a`, `-text`. */
export const tell = (events: readonly CanonicalEvent[]): string[] =>
  events.map((event) => {
    switch (event.type) {
      case 'message-start':
        return 'start';
      case 'text-start':
        return event.refusal ? '+refusal' : '+text';
      case 'text-delta':
        return `text ${event.text}`;
      case 'text-end':
        return '-text';
      case 'reasoning-start':
        return '+think';
      case 'reasoning-delta':
        return `think ${event.text}`;
      case 'reasoning-end':
        return event.seal === undefined ? '-think' : '-think sealed';
      case 'tool-call-start':
        return `+call ${event.callId} ${event.name}${event.kind === 'custom' ? ' custom' : ''}`;
      case 'tool-call-delta':
        return `args ${event.text}`;
      case 'tool-call-end':
        return '-call';
      case 'message-end':
        return `end ${event.finish.reason}`;
      case 'stream-error':
        return `error ${event.error.kind}`;
      case 'media':
        return `media ${event.part.kind}`;
      default:
        return event.type;
    }
  });
/** What a server’s pieces tell, as short lines. */
export const told = (...pieces: Piece[]) => tell(decode(pieces));

/** The chunk that opens an answer. */
export const role = chunk({ role: 'assistant', content: '' });
