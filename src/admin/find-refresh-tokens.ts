/** How Google's refresh tokens look. They may stand in any text: JSON, tables, logs, one a line. */
const REFRESH_TOKEN = /1\/\/[0-9A-Za-z_-]{20,500}/g;

/** Every refresh token of Google's in a text, each once, in order. */
export function findRefreshTokens(text: string): readonly string[] {
  // some writers of JSON escape slashes
  return [...new Set(text.replaceAll('\\/', '/').match(REFRESH_TOKEN) ?? [])];
}
