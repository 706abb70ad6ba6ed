import { createParser } from 'eventsource-parser';
import { GatewayError } from '../../base/gateway-error.ts';
import { isObject, tryParseJson } from '../../base/json.ts';
import type { Transducer } from './transducer.ts';

/** One server-sent event. */
export interface SseFrame {
  readonly event?: string;
  readonly data: string;
}

/** Characters that one event may hold before the stream counts as broken. */
const MAX_FRAME_LENGTH = 96 * 1024 * 1024;

/**
 * Parses bytes into frames after the WHATWG rules; the frames do not depend on where the bytes were cut. Half a frame at the end
 * is discarded, but not one that lacks only its blank line, since servers forget it. Gemini reports an error inside a stream as
 * a bare JSON object after the last event: such an object becomes a last frame. Throws `upstream-malformed` for a frame beyond
 * all measure.
 */
export const parseSse: Transducer<Uint8Array, SseFrame> = (emit) => {
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: MAX_FRAME_LENGTH,
    onError: ({ type }) => {
      if (type !== 'max-buffer-size-exceeded') return;
      throw new GatewayError('upstream-malformed', 'The upstream sent an event that is too long to read.');
    },
    onEvent: ({ event, data }) => {
      if (!atEnd || isWhole(data)) emit(event === undefined ? { data } : { event, data });
    },
  });
  let atEnd = false;
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
      atEnd = true;
      parser.feed('\n\n');
      if (bareJson !== undefined && tryParseJson(bareJson) !== undefined) emit({ data: bareJson.trim() });
    },
  };
};

function isWhole(data: string): boolean {
  return data === '[DONE]' || isObject(tryParseJson(data));
}

function findBareJson(text: string, atLineStart: boolean): number {
  if (atLineStart && text.startsWith('{')) return 0;
  const afterFeed = text.indexOf('\n{');
  const afterReturn = text.indexOf('\r{');
  const first = afterFeed < 0 || afterReturn < 0 ? Math.max(afterFeed, afterReturn) : Math.min(afterFeed, afterReturn);
  return first < 0 ? -1 : first + 1;
}

/** Writes a frame as text with its closing blank line. */
export function writeSse(frame: SseFrame): string {
  return frame.event === undefined ? `data: ${frame.data}\n\n` : `event: ${frame.event}\ndata: ${frame.data}\n\n`;
}
