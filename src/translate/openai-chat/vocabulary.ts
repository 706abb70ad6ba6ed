import { asCount, asObject, asString, type JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { Usage } from '../../base/usage.ts';
import type { CacheMark } from '../canonical/request.ts';
import type { Finish, FinishReason } from '../canonical/response.ts';
import { PCM_TYPE } from '../pcm-sound.ts';

const FINISH_FROM_WIRE: { readonly [word: string]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  // Mistral, several local servers, z.ai, DeepSeek
  model_length: 'length',
  max_tokens: 'length',
  sensitive: 'content-filter',
  insufficient_system_resource: 'length',
};

const FINISH_TO_WIRE: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  pause: 'stop',
};

/** Finish words that say that the upstream failed. */
const FAILURES: ReadonlySet<string> = new Set(['error', 'network_error']);

/** True for a finish word that means a failure and not an end. */
export function isFailure(word: string): boolean {
  return FAILURES.has(word);
}

/** How an answer ended; a word nobody knows is a stop. `stopReason` is what vLLM says of the sequence it met. */
export function readFinish(word: string | undefined, stopReason?: unknown): Finish {
  const reason = (word === undefined ? undefined : lookUp(FINISH_FROM_WIRE, word)) ?? 'stop';
  const stopSequence = reason === 'stop' ? asString(stopReason) : undefined;
  return {
    reason,
    ...(word === undefined ? {} : { wireReason: word }),
    ...(word === 'model_length' ? { contextWindow: true } : {}),
    ...(stopSequence === undefined ? {} : { stopSequence }),
  };
}

/** The `finish_reason` for a client. */
export function writeFinish(finish: Finish): string {
  return FINISH_TO_WIRE[finish.reason];
}

type UsageDraft = { -readonly [K in keyof Usage]: Usage[K] };

/** Token counts of any server that speaks the dialect; `undefined` when there is none. */
export function readUsage(wire: unknown): Usage | undefined {
  const usage = asObject(wire);
  if (usage === undefined) return undefined;
  const promptDetails = asObject(usage.prompt_tokens_details);
  const input = asCount(usage.prompt_tokens);
  const reasoning = asCount(asObject(usage.completion_tokens_details)?.reasoning_tokens);
  const output = readOutput(usage, reasoning);
  const draft: UsageDraft = {};
  set(draft, 'input', input);
  // DeepSeek and Moonshot have names of their own
  const cached = promptDetails?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens;
  set(draft, 'cacheRead', clamp(asCount(cached), input));
  set(draft, 'cacheWrite', asCount(promptDetails?.cache_write_tokens));
  set(draft, 'output', output);
  set(draft, 'reasoning', clamp(reasoning, output));
  return Object.keys(draft).length === 0 ? undefined : draft;
}

/** xAI counts reasoning beside the completion and not in it; its total shows that. */
function readOutput(usage: JsonObject, reasoning: number | undefined): number | undefined {
  const output = asCount(usage.completion_tokens);
  const total = asCount(usage.total_tokens);
  if (output === undefined || reasoning === undefined || reasoning === 0 || total === undefined) return output;
  return total === (asCount(usage.prompt_tokens) ?? 0) + output + reasoning ? output + reasoning : output;
}

// some servers count a cache by prompt and not by request, which would make the fresh part negative
function clamp(figure: number | undefined, most: number | undefined): number | undefined {
  return figure === undefined || most === undefined ? figure : Math.min(figure, most);
}

function set(draft: UsageDraft, key: Exclude<keyof Usage, 'estimated'>, value: number | undefined): void {
  if (value !== undefined) draft[key] = value;
}

/** The cache mark of a part or message: Anthropic's `cache_control`, or OpenAI's own breakpoint. */
export function readCacheMark(wire: JsonObject): { cache?: CacheMark } {
  const control = asObject(wire.cache_control);
  if (control !== undefined) return { cache: control.ttl === '1h' ? { ttl: '1h' } : readShortMark(control.ttl, '5m') };
  const breakpoint = asObject(wire.prompt_cache_breakpoint);
  if (breakpoint === undefined) return {};
  return { cache: breakpoint.ttl === '12h' ? { ttl: '1h' } : readShortMark(breakpoint.ttl, '30m') };
}

function readShortMark(ttl: unknown, short: string): CacheMark {
  return ttl === short ? { ttl: '5m' } : {};
}

/** Anthropic's form of a cache mark. */
export function writeCacheControl(mark: CacheMark): JsonObject {
  return mark.ttl === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: mark.ttl };
}

/** OpenAI's form of a cache mark; the times are the nearest that it offers. */
export function writeCacheBreakpoint(mark: CacheMark): JsonObject {
  if (mark.ttl === undefined) return { mode: 'explicit' };
  return { mode: 'explicit', ttl: mark.ttl === '1h' ? '12h' : '30m' };
}

const AUDIO_FORMATS: { readonly [mimeType: string]: string } = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

/** The `format` of audio input; `undefined` for a type the dialect does not take. */
export function audioFormatOf(mimeType: string): string | undefined {
  return AUDIO_FORMATS[mimeType.toLowerCase().split(';')[0]!.trim()];
}

/** The media type of an audio `format`. */
export function mimeTypeOfAudio(format: string): string {
  if (format === 'pcm16') return PCM_TYPE;
  return format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
}

const TIERS: ReadonlySet<string> = new Set(['flex', 'priority', 'scale', 'fast']);

/** The service tier to send; the default and words of other vendors are `undefined`. */
export function writeTier(tier: string | undefined): string | undefined {
  return tier !== undefined && TIERS.has(tier) ? tier : undefined;
}
