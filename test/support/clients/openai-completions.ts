import { APIError } from 'openai';
import type { Completion } from 'openai/resources/completions';
import type { Client, Said } from './client.ts';
import { openAiAt } from './openai-chat.ts';

/** `openai` with its legacy completions. */
export const openAiCompletionsClient: Client = {
  name: 'openai completions',
  dialect: 'openai-completions',
  finishes: { stop: 'stop', calls: '' },
  errorClass: APIError,
  ask: async ({ url, model, prompt, stream, signal }) => {
    const { completions } = openAiAt(url);
    const options = signal === undefined ? {} : { signal };
    if (!stream) return tell([await completions.create({ model, prompt, stream: false }, options)]);
    const request = { model, prompt, stream: true as const, stream_options: { include_usage: true } };
    const chunks: Completion[] = [];
    for await (const chunk of await completions.create(request, options)) chunks.push(chunk);
    return tell(chunks);
  },
};

function tell(chunks: readonly Completion[]): Said {
  const choices = chunks.flatMap((chunk) => chunk.choices);
  const usage = chunks.findLast((chunk) => chunk.usage)?.usage;
  return {
    text: choices.map((choice) => choice.text).join(''),
    model: chunks[0]!.model,
    usage: {
      input: usage?.prompt_tokens,
      output: usage?.completion_tokens,
      cached: usage?.prompt_tokens_details?.cached_tokens,
    },
    finish: choices.findLast((choice) => choice.finish_reason)?.finish_reason,
    calls: [],
    pieces: choices.filter((choice) => choice.text !== '').length,
  };
}
