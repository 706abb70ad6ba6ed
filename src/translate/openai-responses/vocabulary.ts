import { asCount, asObject, type Json } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { Usage } from '../../base/usage.ts';
import { type ShownContent, settleRefusal } from '../canonical/event-law.ts';
import type { CacheMark } from '../canonical/request.ts';
import type { Finish, FinishReason } from '../canonical/response.ts';
import type { WireCacheBreakpoint, WireUsage } from './wire.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content-filter',
};

/** How an answer ended, from its status, the reason it is incomplete, and what it showed. */
export function decodeFinish(status: string | undefined, reason: string | undefined, shown: ShownContent): Finish {
  if (status === 'incomplete') {
    // a reason nobody knows still means that the answer is not whole
    return {
      reason: (reason === undefined ? undefined : lookUp(REASONS, reason)) ?? 'length',
      ...wordOf(reason ?? status),
    };
  }
  return settleRefusal({ reason: 'stop', ...wordOf(status) }, shown);
}

function wordOf(wireReason: string | undefined): { wireReason?: string } {
  return wireReason === undefined ? {} : { wireReason };
}

type FigureDraft = { -readonly [K in keyof Usage]: Usage[K] };

/** Token counts in canonical form; `undefined` when there are none. */
export function decodeUsage(wire: Json | undefined): Usage | undefined {
  const usage = asObject(wire);
  if (usage === undefined) return undefined;
  const inputDetails = asObject(usage.input_tokens_details);
  const input = asCount(usage.input_tokens);
  const figures: FigureDraft = {};
  set(figures, 'input', input);
  set(figures, 'cacheRead', clamp(asCount(inputDetails?.cached_tokens), input));
  set(figures, 'cacheWrite', asCount(inputDetails?.cache_write_tokens));
  set(figures, 'output', asCount(usage.output_tokens));
  set(figures, 'reasoning', asCount(asObject(usage.output_tokens_details)?.reasoning_tokens));
  return Object.keys(figures).length === 0 ? undefined : figures;
}

type Figure = Exclude<keyof Usage, 'estimated'>;

function set(figures: FigureDraft, name: Figure, value: number | undefined): void {
  if (value !== undefined) figures[name] = value;
}

// some servers count a cache by prompt and not by request, which would make the fresh part negative
function clamp(figure: number | undefined, most: number | undefined): number | undefined {
  return figure === undefined || most === undefined ? figure : Math.min(figure, most);
}

/** Token counts as clients demand them: all figures there, unknown ones zero. */
export function encodeUsage(usage: Usage | undefined): WireUsage {
  const input = usage?.input ?? 0;
  const output = usage?.output ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage?.cacheRead ?? 0, cache_write_tokens: usage?.cacheWrite ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage?.reasoning ?? 0 },
    total_tokens: input + output,
  };
}

/** The cache mark a breakpoint stands for. */
export function decodeCacheMark(wire: Json | undefined): CacheMark | undefined {
  const breakpoint = asObject(wire);
  if (breakpoint === undefined) return undefined;
  if (breakpoint.ttl === '12h') return { ttl: '1h' };
  return breakpoint.ttl === '30m' ? { ttl: '5m' } : {};
}

/** The breakpoint for a cache mark; the times are the nearest that OpenAI offers. */
export function encodeCacheMark(mark: CacheMark): WireCacheBreakpoint {
  if (mark.ttl === undefined) return { mode: 'explicit' };
  return { mode: 'explicit', ttl: mark.ttl === '1h' ? '12h' : '30m' };
}

const TIERS: ReadonlySet<string> = new Set(['flex', 'priority', 'scale', 'fast', 'ultrafast']);

/** The service tier to send; the default and words of other vendors are `undefined`. */
export function encodeTier(tier: string | undefined): string | undefined {
  return tier !== undefined && TIERS.has(tier) ? tier : undefined;
}
