import type { JsonObject } from '../base/json.ts';
import type { EndUser } from './canonical/request.ts';
import { optionalString } from './request-fields.ts';

/** Reads for whom a client asks, which has the same names in both dialects. Throws `invalid-request`. */
export function readEndUser(body: JsonObject): EndUser | undefined {
  const name = optionalString(body, 'user');
  const safetyId = optionalString(body, 'safety_identifier');
  if (name === undefined && safetyId === undefined) return undefined;
  return { ...(name === undefined ? {} : { name }), ...(safetyId === undefined ? {} : { safetyId }) };
}

/**
 * Writes it for OpenAI itself: nobody else is told who uses a client, and other servers refuse what they do not know.
 * https://platform.openai.com/docs/guides/safety-best-practices#implement-safety-identifiers
 */
export function writeEndUser(user: EndUser | undefined): JsonObject {
  if (user === undefined) return {};
  return {
    ...(user.name === undefined ? {} : { user: user.name }),
    ...(user.safetyId === undefined ? {} : { safety_identifier: user.safetyId }),
  };
}
