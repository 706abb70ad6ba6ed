import { asNumber, asObjects, asString, type JsonObject } from '../base/json.ts';
import type { TokenChance, TokenLogprob } from './canonical/token-logprob.ts';

/*
 * How the OpenAI dialects write the probabilities of tokens: chat under `choices[].logprobs.content`, Responses in the parts and
 * deltas of a message. https://platform.openai.com/docs/api-reference/chat/object
 */

/** Reads a list of probabilities; `undefined` when there are none in it. */
export function readLogprobs(wire: unknown): readonly TokenLogprob[] | undefined {
  if (!Array.isArray(wire) || wire.length === 0) return undefined;
  const tokens = asObjects(wire).map((entry) => ({
    ...readChance(entry),
    top: asObjects(entry.top_logprobs).map(readChance),
  }));
  return tokens.length === 0 ? undefined : tokens;
}

function readChance(wire: JsonObject): TokenChance {
  const bytes = Array.isArray(wire.bytes) ? (wire.bytes as readonly number[]) : undefined;
  const logprob = asNumber(wire.logprob) ?? 0;
  return { token: asString(wire.token) ?? '', logprob, ...(bytes === undefined ? {} : { bytes }) };
}

/** Writes them; the bytes of a token are those of its text where nobody told them. */
export function writeLogprobs(tokens: readonly TokenLogprob[]): readonly JsonObject[] {
  return tokens.map(({ top, ...chance }) => ({ ...writeChance(chance), top_logprobs: top.map(writeChance) }));
}

function writeChance({ token, logprob, bytes }: TokenChance): JsonObject {
  return { token, logprob, bytes: bytes ?? [...new TextEncoder().encode(token)] };
}

/** The same as the events of a Responses stream have it: without bytes. https://platform.openai.com/docs/api-reference/responses-streaming */
export function writeStreamedLogprobs(tokens: readonly TokenLogprob[]): readonly JsonObject[] {
  const chance = ({ token, logprob }: TokenChance) => ({ token, logprob });
  return tokens.map((token) => ({ ...chance(token), top_logprobs: token.top.map(chance) }));
}
