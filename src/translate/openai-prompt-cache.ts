import type { JsonObject } from '../base/json.ts';
import type { PromptCache } from './canonical/request.ts';
import { optionalObject, optionalString } from './request-fields.ts';

/** Reads the wishes for the prompt cache, which have the same names in both dialects. Throws `invalid-request`. */
export function readPromptCache(body: JsonObject): PromptCache | undefined {
  const key = optionalString(body, 'prompt_cache_key');
  const retention = optionalString(body, 'prompt_cache_retention');
  const options = optionalObject(body, 'prompt_cache_options');
  if (key === undefined && retention === undefined && options === undefined) return undefined;
  return {
    ...(key === undefined ? {} : { key }),
    ...(retention === undefined ? {} : { retention }),
    ...(options === undefined ? {} : { options }),
  };
}

/**
 * Writes them for OpenAI itself; other servers refuse what they do not know.
 * https://platform.openai.com/docs/guides/prompt-caching
 */
export function writePromptCache(cache: PromptCache | undefined): JsonObject {
  if (cache === undefined) return {};
  return {
    ...(cache.key === undefined ? {} : { prompt_cache_key: cache.key }),
    ...(cache.retention === undefined ? {} : { prompt_cache_retention: cache.retention }),
    ...(cache.options === undefined ? {} : { prompt_cache_options: cache.options }),
  };
}
