import type { JsonObject } from '../base/json.ts';

/** What JSON writes for half of a surrogate pair that stands alone, behind any number of whole escapes. */
const LONE_HALF = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/**
 * A translated request as its upstream gets it. Half of a surrogate pair, which a client leaves when it cuts a text within an emoji,
 * becomes U+FFFD: it has no form in UTF-8, and vendors refuse the whole request for it.
 */
export function writeBody(body: JsonObject): string {
  const text = JSON.stringify(body);
  return text.includes('\\ud') ? text.replace(LONE_HALF, '$1\u{FFFD}') : text;
}
