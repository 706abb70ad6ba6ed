/** Counts the tokens of a text. */
export type CountText = (text: string) => number;

/** A run of characters without a break is cut here: the work for one grows with its square. */
const LONGEST_RUN = 200;
/** The last character of ASCII that ends a word: up to it stand control characters, the space and most of punctuation. */
const LAST_BREAK = 0x2f;
/** Texts that look like the tokens of a format are counted as what they are: text. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/**
 * Loads the tokenizer, at the first count and not before: it takes a fifth of a second and some ninety megabytes. Its words are
 * those of o200k_base; other vendors' are told from it by a factor.
 */
export async function loadTokenizer(): Promise<CountText> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  const countWords: CountText = (text) => {
    let tokens = 0;
    for (const piece of cutRuns(text)) tokens += countTokens(piece, PLAIN);
    return tokens;
  };
  return (text) => countSampled(text, countWords);
}

/** Text is looked at in windows of so many characters. */
const WINDOW = 4096;
/** What is counted of a window of coded bytes: its start, since one part of them is like any other. */
const SAMPLE = 512;
/** Bytes in base64 or hexadecimal digits, which cost ten times what prose does. Prose ends the look at its first space. */
const CODED = /^[\w+/=\r\n-]*$/;

/** Counts what a text says, and takes coded bytes for like their beginnings. A text without such is counted whole. */
export function countSampled(text: string, countWords: CountText): number {
  let tokens = 0;
  let start = 0;
  for (let at = 0; at + WINDOW <= text.length; at += WINDOW) {
    if (!CODED.test(text.slice(at, at + WINDOW))) continue;
    if (at > start) tokens += countWords(text.slice(start, at));
    tokens += countWords(text.slice(at, at + SAMPLE)) * (WINDOW / SAMPLE);
    start = at + WINDOW;
  }
  return tokens + countWords(start === 0 ? text : text.slice(start));
}

/** The text in pieces of which none holds an endless word. Nearly every text is one piece. */
export function cutRuns(text: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) <= LAST_BREAK) run = 0;
    else if (++run >= LONGEST_RUN && !isLowSurrogate(text.charCodeAt(at + 1))) {
      pieces.push(text.slice(start, at + 1));
      start = at + 1;
      run = 0;
    }
  }
  if (start === 0) return [text];
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
