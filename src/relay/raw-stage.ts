import type { ByteSource } from './answer.ts';
import type { StreamFacts, StreamStage } from './stream-stage.ts';

/** A stage for bytes that are no protocol: sound, pictures, and streams that nobody here reads. */
export interface RawStage extends StreamStage {
  /** The source, but for its end: where the upstream broke off, so does the answer, since half a recording sounds like a whole one. */
  breaking(source: ByteSource): ByteSource;
}

/** Makes a stage that changes nothing. */
export function rawStage(): RawStage {
  const facts: StreamFacts = { contentSeen: false, ended: false, losses: [] };
  return {
    facts,
    knowsItsEnd: false,
    push: (bytes) => {
      facts.contentSeen = true;
      return bytes;
    },
    finish: () => {
      facts.ended = true;
      return '';
    },
    fail: (error) => {
      facts.error = error;
      return '';
    },
    breaking: (source) => ({
      cancel: () => source.cancel(),
      next: async () => {
        const piece = await source.next();
        if (facts.error !== undefined) throw facts.error;
        return piece;
      },
    }),
  };
}
