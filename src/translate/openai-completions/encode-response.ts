import { mintId } from '../../base/id.ts';
import type { JsonObject } from '../../base/json.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { TokenLogprob } from '../canonical/token-logprob.ts';
import type { AnswerContext } from '../dialect.ts';
import { writeOpenaiUsage } from '../openai-usage.ts';
import { FINISH_WORDS, type WireCompletion, type WireLogprobs } from './wire.ts';

/** Encodes a whole answer. Only text has a place in it. */
export function encodeResponse(response: CanonicalResponse, context: AnswerContext): JsonObject {
  const said = response.parts.map((part) => (part.type === 'text' ? part.text : ''));
  const echo = context.request.answer.echoPrompt ?? '';
  const tokens = response.parts.flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []));
  return {
    ...completionFrame(context),
    choices: [
      {
        text: echo + said.join(''),
        index: 0,
        logprobs: tokens.length === 0 ? null : writeLegacyLogprobs(tokens, echo.length),
        finish_reason: FINISH_WORDS[response.finish.reason],
      },
    ],
    ...(response.usage === undefined ? {} : { usage: writeOpenaiUsage(response.usage) }),
  } satisfies WireCompletion;
}

/** Probabilities in this dialect's own form; `offset` is where the first token begins in the text. */
export function writeLegacyLogprobs(tokens: readonly TokenLogprob[], offset: number): WireLogprobs {
  let at = offset;
  const textOffset = tokens.map(({ token }) => {
    const begin = at;
    at += token.length;
    return begin;
  });
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: textOffset,
  };
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
