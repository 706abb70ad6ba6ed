import { parseSse, type SseFrame } from '../../../src/translate/stream/sse.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';

/** The frames of a stream. */
export function framesOf(stream: string): SseFrame[] {
  return runAll(parseSse, [new TextEncoder().encode(stream)]);
}

/** What the frames of a stream hold. */
export function dataOf(stream: string): string[] {
  return framesOf(stream).map(({ data }) => data);
}
