import { asNumber, asObject, asObjects, asString, type JsonObject } from '../../base/json.ts';
import type { TokenChance, TokenLogprob } from '../canonical/token-logprob.ts';

/** Reads the probabilities of a candidate; `undefined` when it tells none. https://ai.google.dev/api/generate-content#LogprobsResult */
export function readLogprobsResult(wire: unknown): readonly TokenLogprob[] | undefined {
  const result = asObject(wire);
  if (result === undefined) return undefined;
  const top = asObjects(result.topCandidates);
  const tokens = asObjects(result.chosenCandidates).map((chosen, index) => ({
    ...readChance(chosen),
    top: asObjects(top[index]?.candidates).map(readChance),
  }));
  return tokens.length === 0 ? undefined : tokens;
}

function readChance(wire: JsonObject): TokenChance {
  return { token: asString(wire.token) ?? '', logprob: asNumber(wire.logProbability) ?? 0 };
}

/** The fields of a candidate that tell probabilities. */
export function writeLogprobsResult(tokens: readonly TokenLogprob[]): JsonObject {
  const sum = tokens.reduce((total, { logprob }) => total + logprob, 0);
  return {
    avgLogprobs: tokens.length === 0 ? 0 : sum / tokens.length,
    logprobsResult: {
      topCandidates: tokens.map(({ top }) => ({ candidates: top.map(writeChance) })),
      chosenCandidates: tokens.map(writeChance),
    },
  };
}

function writeChance({ token, logprob }: TokenChance): JsonObject {
  return { token, logProbability: logprob };
}
