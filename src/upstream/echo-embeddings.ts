import { GatewayError } from '../base/gateway-error.ts';
import { asNumber } from '../base/json.ts';
import { readTexts, writeEmbeddings } from '../translate/side/embeddings.ts';
import { ECHO_MODEL } from './echo.ts';
import type { LocalSideCall } from './provider.ts';

const DIMENSIONS = 64;
const MOST_DIMENSIONS = 4096;

/**
 * Embeds texts without any model: each word leaves its mark at a place of its own, so that texts which share words lie near one
 * another, and the same text always at the same place.
 */
export function echoEmbeddings({ body, model }: LocalSideCall): Response {
  if (model !== ECHO_MODEL) {
    throw new GatewayError('upstream-model-unknown', `The echo serves ${ECHO_MODEL} only, not ${model}.`);
  }
  const texts = readTexts(body.input);
  const dimensions = Math.min(Math.max(1, asNumber(body.dimensions) ?? DIMENSIONS), MOST_DIMENSIONS);
  const vectors = texts.map((text) => embed(wordsOf(text), dimensions));
  const input = texts.reduce((sum, text) => sum + wordsOf(text).length, 0);
  const answer = writeEmbeddings(vectors, {
    asBase64: body.encoding_format === 'base64',
    usage: { input },
    context: { model },
  });
  return new Response(answer.body, { headers: { 'content-type': answer.contentType } });
}

function embed(words: readonly string[], dimensions: number): readonly number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of words) {
    const hash = Bun.hash.wyhash(word);
    const place = Number(hash % BigInt(dimensions));
    vector[place] = vector[place]! + ((hash >> 32n) % 2n === 0n ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  return length === 0 ? vector : vector.map((value) => value / length);
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
