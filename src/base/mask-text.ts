import { GatewayError } from './gateway-error.ts';

/** What in a text of an upstream may give away a secret or a person, and what stands in its place. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\b(sk|pk|rk|key|xai|gsk|or)-[A-Za-z0-9_*-]{8,}/g, '$1-…'],
  [/\bAIza[A-Za-z0-9_-]{10,}/g, 'AIza…'],
  [/\bya29\.[A-Za-z0-9._-]{8,}/g, 'ya29.…'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/gi, 'Bearer …'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '…@…'],
  [/(https?:\/\/[^\s"'<>?#]+)[?#][^\s"'<>]*/g, '$1'],
];

/** An upstream's words as a client may see them: without keys, e-mail addresses and the queries of URLs. */
export function maskText(text: string): string {
  return MASKS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

/** An error in words that a client may see; what an upstream said to its own dialect is kept as it is. */
export function maskError(error: GatewayError): GatewayError {
  const masked = maskText(error.message);
  return masked === error.message ? error : new GatewayError(error.kind, masked, error.detail);
}
