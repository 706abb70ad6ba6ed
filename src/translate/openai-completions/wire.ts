import type { FinishReason } from '../canonical/response.ts';
import type { OpenaiUsage } from '../openai-usage.ts';

/**
 * A legacy completion, whole or a chunk of a stream: both are the same object.
 * https://platform.openai.com/docs/api-reference/completions/object
 */
export type WireCompletion = {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly WireChoice[];
  readonly usage?: OpenaiUsage | null;
};

/** The one text of a completion. */
export type WireChoice = {
  readonly text: string;
  readonly index: 0;
  readonly logprobs: WireLogprobs | null;
  readonly finish_reason: string | null;
};

/** The probabilities of a text's tokens. https://platform.openai.com/docs/api-reference/completions/object#completions/object-choices */
export type WireLogprobs = {
  readonly tokens: readonly string[];
  readonly token_logprobs: readonly number[];
  readonly top_logprobs: readonly { readonly [token: string]: number }[];
  readonly text_offset: readonly number[];
};

/** The `finish_reason` for each end; calls do not exist here. */
export const FINISH_WORDS: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'stop',
  'content-filter': 'content_filter',
  pause: 'stop',
};
