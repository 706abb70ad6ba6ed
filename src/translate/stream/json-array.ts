import type { SseFrame } from './sse.ts';
import type { Transducer } from './transducer.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = new Set([91, 123]);
const CLOSE = new Set([93, 125]);

/**
 * Splits a JSON array that arrives in pieces into its elements, one frame each: the form of a Gemini stream without
 * `alt=sse`. https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
 */
export const parseJsonArray: Transducer<Uint8Array, SseFrame> = (emit) => {
  const decoder = new TextDecoder();
  let depth = 0;
  let inString = false;
  let escaped = false;
  let element = '';
  const feed = (text: string) => {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
      } else if (code === QUOTE) inString = true;
      else if (OPEN.has(code)) {
        depth++;
        if (depth === 2) start = at;
      } else if (CLOSE.has(code)) {
        depth--;
        if (depth === 1) {
          emit({ data: element + text.slice(start, at + 1) });
          element = '';
        }
      }
    }
    if (depth > 1) element += text.slice(start);
  };
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    finish: () => feed(decoder.decode()),
  };
};

/**
 * Writes frames as the elements of one JSON array, in pieces. Nothing follows the last bracket: Google's older Python library takes
 * whatever does for the start of another array.
 */
export const writeJsonArray: Transducer<SseFrame, string> = (emit) => {
  let first = true;
  return {
    push: (frame) => {
      emit(`${first ? '[' : ',\n'}${frame.data}`);
      first = false;
    },
    finish: () => emit(first ? '[]' : ']'),
  };
};
