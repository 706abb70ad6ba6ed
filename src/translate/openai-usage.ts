import type { Usage } from '../base/usage.ts';

/** Token counts as the chat and the completions API write them. https://platform.openai.com/docs/api-reference/chat/object */
export type OpenaiUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens?: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
};

/** Writes usage for a client; strict clients need every figure, so one that nobody gave is zero. */
export function writeOpenaiUsage(usage: Usage): OpenaiUsage {
  const input = usage.input ?? 0;
  const output = usage.output ?? 0;
  const cached = { cached_tokens: usage.cacheRead ?? 0 };
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details:
      usage.cacheWrite === undefined ? cached : { ...cached, cache_write_tokens: usage.cacheWrite },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}
