import { asObject, isObject, type JsonObject, tryParseJson } from '../base/json.ts';
import type { AttemptPlan } from './attempt.ts';
import type { ClientCall } from './call.ts';
import { endOfFirstFrame } from './frame-gate.ts';

/**
 * The `stream_options` that ask for usage where the client of a passing chat stream does not: without them nobody would know what
 * the answer cost. `undefined` where the client asks itself, and where the upstream tells usage anyway or refuses to be asked.
 */
export function usageWish(call: ClientCall, plan: AttemptPlan): JsonObject | undefined {
  const { provider, upstream, traits } = plan;
  if (!call.stream || upstream.id !== 'openai-chat' || traits.quirks.streamUsage === false) return undefined;
  if (provider.answerLocally !== undefined) return undefined;
  const own = call.body.field('stream_options');
  const options = asObject(own);
  // of the wrong type it is for the upstream to refuse
  if ((own !== undefined && own !== null && options === undefined) || options?.include_usage === true) return undefined;
  return { ...options, include_usage: true };
}

/** Without the blank that some servers write after colons, and with it. */
const MARKS = ['"choices":[]', '"choices": []'];

/** Whole frames of a chat stream, without the one that tells usage alone: a client that did not ask for it may not expect it. */
export function withoutUsage(frames: Uint8Array): Uint8Array {
  const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  if (!MARKS.some((mark) => bytes.includes(mark))) return frames;
  const kept: Uint8Array[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const end = endOfFirstFrame(rest, 0) || rest.length;
    const frame = rest.subarray(0, end);
    if (!tellsOnlyUsage(frame)) kept.push(frame);
    rest = rest.subarray(end);
  }
  return Buffer.concat(kept);
}

function tellsOnlyUsage(frame: Buffer): boolean {
  const text = frame.toString('utf8');
  const chunk = tryParseJson(text.slice(text.indexOf('{')));
  if (!isObject(chunk) || !Array.isArray(chunk.choices)) return false;
  // what Azure's filters say of a prompt has no choice either
  return chunk.choices.length === 0 && isObject(chunk.usage);
}
