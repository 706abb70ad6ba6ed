import type { UpstreamFailure } from '../translate/dialect.ts';

/** Characters of an error body that are worth reading; a page of HTML needs no more. */
const MAX_BODY_LENGTH = 256 * 1024;

/** Reads a failed answer whole, up to a bound. A body that breaks off counts as far as it came. */
export async function readFailure(response: Response, now: number): Promise<UpstreamFailure> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await readText(response),
    now,
  };
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < MAX_BODY_LENGTH) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // what came is what can be told
  }
  return text.slice(0, MAX_BODY_LENGTH);
}
