import { mintId } from '../../base/id.ts';
import type { JsonObject } from '../../base/json.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeOpenaiUsage } from '../openai-usage.ts';
import { FINISH_WORDS, type WireCompletion } from './wire.ts';

/** Encodes a whole answer. Only text has a place in it. */
export function encodeResponse(response: CanonicalResponse, context: AnswerContext): JsonObject {
  const said = response.parts.map((part) => (part.type === 'text' ? part.text : ''));
  const text = [context.request.answer.echoPrompt ?? '', ...said].join('');
  return {
    ...completionFrame(context),
    choices: [{ text, index: 0, logprobs: null, finish_reason: FINISH_WORDS[response.finish.reason] }],
    ...(response.usage === undefined ? {} : { usage: writeOpenaiUsage(response.usage) }),
  } satisfies WireCompletion;
}

/** What a whole completion and every chunk of a stream have in common. */
export function completionFrame(context: AnswerContext): Omit<WireCompletion, 'choices' | 'usage'> {
  return {
    id: mintId('cmpl-', context.exchangeId, 29),
    object: 'text_completion',
    created: Math.floor(context.createdAt / 1000),
    model: context.request.model,
  };
}
