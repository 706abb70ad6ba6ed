import { asNumber, asObject, type JsonObject } from '../base/json.ts';
import type { CanonicalRequest } from '../translate/canonical/request.ts';
import type { DialectId } from '../translate/dialect-id.ts';

/** Tokens that take ten minutes at the rate which the vendor's libraries reckon with; longer answers are only streamed. */
const MOST_TOKENS_WHOLE = 21_333;

/**
 * Whether an upstream is asked for a stream although the client wants a whole answer: one that takes many minutes would be cut
 * by some time limit on its way. It is so in Anthropic's dialect, on either side: its clients ask for long answers as a whole
 * when a stream has failed. https://docs.claude.com/en/api/errors#long-requests
 */
export function mustStream(request: CanonicalRequest, body: JsonObject, sides: readonly DialectId[]): boolean {
  if (request.stream || (request.sampling.n ?? 1) > 1 || !sides.includes('anthropic-messages')) return false;
  const config = asObject(body.generationConfig);
  const limit = body.max_tokens ?? body.max_completion_tokens ?? body.max_output_tokens ?? config?.maxOutputTokens;
  return (asNumber(limit) ?? 0) > MOST_TOKENS_WHOLE;
}
