import type { JsonObject } from '../../base/json.ts';
import type { CanonicalResponse } from '../canonical/response.ts';
import type { AnswerContext } from '../dialect.ts';
import { encodeOutput } from './output-items.ts';
import { endingOf, identityOf, repeatedOf, standingOf } from './response-object.ts';
import { encodeUsage } from './vocabulary.ts';

/** Encodes a whole answer as a response object. */
export function encodeResponse(response: CanonicalResponse, context: AnswerContext): JsonObject {
  const hasRefusal = response.parts.some((part) => part.type === 'text' && part.refusal === true);
  const ending = endingOf(response.finish, hasRefusal, context.client);
  const output = encodeOutput(response.parts, {
    context,
    lastStatus: ending.status === 'failed' ? 'completed' : ending.status,
    refusals: context.client !== 'codex',
  });
  return {
    ...identityOf(context),
    ...standingOf(ending),
    output,
    usage: encodeUsage(response.usage),
    ...repeatedOf(context),
  };
}
