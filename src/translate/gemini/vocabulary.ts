import { asCount, type JsonObject } from '../../base/json.ts';
import type { Usage } from '../../base/usage.ts';
import type { Effort } from '../canonical/request.ts';
import type { Finish, FinishReason } from '../canonical/response.ts';
import type { WireFinishReason, WireThinkingLevel, WireUsage } from './wire.ts';

/** What each finish reason means; `malformed`: the model's answer could not be used. */
const FINISH_MEANING: Record<WireFinishReason, FinishReason | 'malformed'> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  OTHER: 'stop',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'malformed',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  IMAGE_OTHER: 'content-filter',
  NO_IMAGE: 'stop',
  UNEXPECTED_TOOL_CALL: 'malformed',
  TOO_MANY_TOOL_CALLS: 'malformed',
  MALFORMED_RESPONSE: 'malformed',
  MODEL_ARMOR: 'content-filter',
  CONTINUATION: 'pause',
};

/** What a finish reason means; one that is not known is a stop. */
export function readFinishReason(wireReason: string): FinishReason | 'malformed' {
  return isWireFinishReason(wireReason) ? FINISH_MEANING[wireReason] : 'stop';
}

const FINISH_WORD: Record<FinishReason, WireFinishReason> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  pause: 'STOP',
};

/** The finish reason for a client: the upstream's own word where it is one of this dialect. */
export function writeFinishReason(finish: Finish): WireFinishReason {
  const { wireReason } = finish;
  if (wireReason !== undefined && isWireFinishReason(wireReason) && FINISH_MEANING[wireReason] === finish.reason) {
    return wireReason;
  }
  return finish.refused === true ? 'PROHIBITED_CONTENT' : FINISH_WORD[finish.reason];
}

function isWireFinishReason(word: string): word is WireFinishReason {
  return Object.hasOwn(FINISH_MEANING, word);
}

/** The tokens in `usageMetadata`; `undefined` when it names none, or only zeros as some upstreams do before the end. */
export function readUsage(meta: JsonObject): Usage | undefined {
  const count = (camel: string, snake: string) => asCount(meta[camel]) ?? asCount(meta[snake]);
  const prompt = count('promptTokenCount', 'prompt_token_count');
  const toolPrompt = count('toolUsePromptTokenCount', 'tool_use_prompt_token_count');
  const cached = count('cachedContentTokenCount', 'cached_content_token_count');
  const candidates = count('candidatesTokenCount', 'candidates_token_count');
  const thoughts = count('thoughtsTokenCount', 'thoughts_token_count');
  if (!prompt && !toolPrompt && !candidates && !thoughts) return undefined;
  return {
    ...(prompt === undefined && toolPrompt === undefined ? {} : { input: (prompt ?? 0) + (toolPrompt ?? 0) }),
    ...(cached === undefined ? {} : { cacheRead: cached }),
    ...(candidates === undefined && thoughts === undefined ? {} : { output: (candidates ?? 0) + (thoughts ?? 0) }),
    ...(thoughts === undefined ? {} : { reasoning: thoughts }),
  };
}

/** The same as `usageMetadata`, whose figures add up to the total. */
export function writeUsage(usage: Usage = {}): WireUsage {
  const { input = 0, output = 0, reasoning, cacheRead } = usage;
  const thoughts = Math.min(reasoning ?? 0, output);
  return {
    promptTokenCount: input,
    ...(cacheRead === undefined ? {} : { cachedContentTokenCount: cacheRead }),
    candidatesTokenCount: output - thoughts,
    ...(reasoning === undefined ? {} : { thoughtsTokenCount: thoughts }),
    totalTokenCount: input + output,
  };
}

/** The level that an effort wishes for; what the model then takes is its own matter. */
export const LEVEL_OF_EFFORT: Record<Exclude<Effort, 'none'>, WireThinkingLevel> = {
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/** The effort that a level means. */
export const EFFORT_OF_LEVEL: Record<WireThinkingLevel, Effort> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
};
