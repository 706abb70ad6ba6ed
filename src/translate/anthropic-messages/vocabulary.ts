import { asCount, asObject, asString, type JsonDraft, type JsonObject } from '../../base/json.ts';
import { lookUp } from '../../base/look-up.ts';
import type { Usage } from '../../base/usage.ts';
import type { Finish } from '../canonical/response.ts';

const FINISHES: { readonly [stopReason: string]: Finish } = {
  end_turn: { reason: 'stop' },
  stop_sequence: { reason: 'stop' },
  max_tokens: { reason: 'length' },
  model_context_window_exceeded: { reason: 'length', contextWindow: true },
  tool_use: { reason: 'tool-calls' },
  pause_turn: { reason: 'pause' },
  compaction: { reason: 'pause' },
  refusal: { reason: 'content-filter', refused: true },
};

/** The canonical end of an answer from its `stop_reason` and what stands beside it; an unknown reason is a stop. */
export function decodeFinish(stop: JsonObject): Finish {
  const wireReason = asString(stop.stop_reason);
  const stopSequence = wireReason === 'stop_sequence' ? asString(stop.stop_sequence) : undefined;
  const explanation = asString(asObject(stop.stop_details)?.explanation);
  return {
    ...(lookUp(FINISHES, wireReason) ?? { reason: 'stop' }),
    ...(wireReason === undefined ? {} : { wireReason }),
    ...(stopSequence === undefined ? {} : { stopSequence }),
    ...(explanation === undefined ? {} : { explanation }),
  };
}

/** The fields by which an answer says why it ended. `tool_use` is only said of an answer that has a call. */
export function encodeFinish(finish: Finish, hasCalls: boolean): JsonObject {
  const { stopSequence } = finish;
  const stop = { stop_reason: stopReasonOf(finish, hasCalls), stop_sequence: stopSequence ?? null };
  if (finish.reason !== 'content-filter') return stop;
  return { ...stop, stop_details: { type: 'refusal', category: null, explanation: finish.explanation ?? null } };
}

function stopReasonOf(finish: Finish, hasCalls: boolean): string {
  switch (finish.reason) {
    case 'stop':
      return finish.stopSequence === undefined ? 'end_turn' : 'stop_sequence';
    case 'length':
      return finish.contextWindow ? 'model_context_window_exceeded' : 'max_tokens';
    case 'tool-calls':
      return hasCalls ? 'tool_use' : 'end_turn';
    case 'content-filter':
      return 'refusal';
    case 'pause':
      return 'pause_turn';
    default:
      return finish.reason satisfies never;
  }
}

/** Figures of usage as the wire has them, each the last that was told. */
export interface UsageFigures {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWriteHour?: number;
  readonly output?: number;
  readonly reasoning?: number;
}

/**
 * The figures after one more report. Reports are cumulative, so a figure replaces the earlier one; but a zero of the input side
 * does not, since compatible servers write zeros where they mean "as before".
 */
export function mergeFigures(earlier: UsageFigures, usage: unknown): UsageFigures {
  const wire = asObject(usage);
  if (wire === undefined) return earlier;
  const created = asObject(wire.cache_creation);
  const hour = asCount(created?.ephemeral_1h_input_tokens);
  const short = asCount(created?.ephemeral_5m_input_tokens);
  const later: UsageFigures = dropUndefined({
    input: asCount(wire.input_tokens),
    cacheRead: asCount(wire.cache_read_input_tokens),
    cacheWrite: asCount(wire.cache_creation_input_tokens) ?? sumOf(hour, short),
    cacheWriteHour: hour,
    output: asCount(wire.output_tokens),
    reasoning: asCount(asObject(wire.output_tokens_details)?.thinking_tokens),
  });
  const merged: { -readonly [K in keyof UsageFigures]: UsageFigures[K] } = { ...earlier, ...later };
  for (const key of ['input', 'cacheRead', 'cacheWrite', 'cacheWriteHour'] as const) {
    if (later[key] === 0 && earlier[key] !== undefined) merged[key] = earlier[key];
  }
  return merged;
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

function dropUndefined(figures: { readonly [K in keyof UsageFigures]: number | undefined }): UsageFigures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}

/** Canonical usage: the wire's `input_tokens` leave the caches out, the canonical input includes them. */
export function usageOf(figures: UsageFigures): Usage | undefined {
  if (Object.keys(figures).length === 0) return undefined;
  const { input, cacheRead = 0, cacheWrite = 0, ...rest } = figures;
  const usage = input === undefined ? figures : { ...figures, input: input + cacheRead + cacheWrite };
  return rest.cacheWriteHour === 0 ? withoutHour(usage) : usage;
}

function withoutHour({ cacheWriteHour: _zero, ...usage }: UsageFigures): Usage {
  return usage;
}

/** Canonical usage from one whole report. */
export function decodeUsage(usage: unknown): Usage | undefined {
  return usageOf(mergeFigures({}, usage));
}

/** The usage of an answer with all four figures, since clients read each; what nobody knows is 0. */
export function encodeUsage(usage: Usage | undefined): JsonDraft {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, cacheWriteHour, reasoning } = usage ?? {};
  const wire: JsonDraft = {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
  };
  if (cacheWriteHour !== undefined) {
    wire.cache_creation = {
      ephemeral_5m_input_tokens: Math.max(0, cacheWrite - cacheWriteHour),
      ephemeral_1h_input_tokens: cacheWriteHour,
    };
  }
  if (reasoning !== undefined) wire.output_tokens_details = { thinking_tokens: reasoning };
  return wire;
}
