import { writeJsonArray } from '../translate/stream/json-array.ts';
import { type SseFrame, writeSse } from '../translate/stream/sse.ts';
import type { Sink } from '../translate/stream/transducer.ts';

/** How frames are put on the wire: one SSE stream, or the elements of a JSON array. */
export interface FrameWriter {
  readonly sink: Sink<SseFrame>;
  take(): string;
  /** What is left at the end. An array stays open after an error: libraries that look at none would take it for a whole answer. */
  end(broken: boolean): string;
}

/** Makes a writer at the start of a client's stream. */
export function createFrameWriter(asArray: boolean): FrameWriter {
  let text = '';
  const take = () => {
    const taken = text;
    text = '';
    return taken;
  };
  if (asArray) {
    const sink = writeJsonArray((piece) => {
      text += piece;
    });
    const end = (broken: boolean) => {
      if (!broken) sink.finish();
      return take();
    };
    return { sink, take, end };
  }
  const push = (frame: SseFrame) => {
    text += writeSse(frame);
  };
  return { sink: { push, finish: () => {} }, take, end: take };
}
