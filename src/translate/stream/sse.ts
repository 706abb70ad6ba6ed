import { createParser } from 'eventsource-parser';
import { tryParseJson } from '../../base/json.ts';
import type { Transducer } from './transducer.ts';

/** One server-sent event. */
export interface SseFrame {
  readonly event?: string;
  readonly data: string;
}

/** Characters that one event may hold before the stream counts as broken. */
const MAX_FRAME_LENGTH = 96 * 1024 * 1024;

/**
 * Parses bytes into frames after the WHATWG rules; the frames do not depend on where the bytes were cut, and half a frame at
 * the end is discarded. Gemini reports an error inside a stream as a bare JSON object after the last event: such an object
 * becomes a last frame.
 */
export const parseSse: Transducer<Uint8Array, SseFrame> = (emit) => {
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: MAX_FRAME_LENGTH,
    onEvent: ({ event, data }) => emit(event === undefined ? { data } : { event, data }),
  });
  let atLineStart = true;
  let bareJson: string | undefined;
  const feed = (text: string) => {
    if (text === '') return;
    if (bareJson !== undefined) {
      bareJson += text;
      return;
    }
    const start = findBareJson(text, atLineStart);
    const lines = start < 0 ? text : text.slice(0, start);
    if (start >= 0) bareJson = text.slice(start);
    const last = text.charCodeAt(text.length - 1);
    atLineStart = last === 10 || last === 13;
    if (lines !== '') parser.feed(lines);
  };
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    finish: () => {
      feed(decoder.decode());
      if (bareJson !== undefined && tryParseJson(bareJson) !== undefined) emit({ data: bareJson.trim() });
    },
  };
};

function findBareJson(text: string, atLineStart: boolean): number {
  if (atLineStart && text.startsWith('{')) return 0;
  const afterLine = text.indexOf('\n{');
  return afterLine < 0 ? -1 : afterLine + 1;
}

/** Writes a frame as text with its closing blank line. */
export function writeSse(frame: SseFrame): string {
  return frame.event === undefined ? `data: ${frame.data}\n\n` : `event: ${frame.event}\ndata: ${frame.data}\n\n`;
}
