import { expect } from 'bun:test';
import { emptyRequest } from '../../src/translate/canonical/request.ts';
import { DIALECT_IDS, type DialectId } from '../../src/translate/dialect-id.ts';
import { DIALECTS } from '../../src/translate/registry.ts';
import { parseJsonArray } from '../../src/translate/stream/json-array.ts';
import { parseSse, type SseFrame, writeSse } from '../../src/translate/stream/sse.ts';
import { chain, runAll, type Transducer } from '../../src/translate/stream/transducer.ts';
import { traitsOfReference } from '../../src/translate/target.ts';
import { translateAnswerStream } from '../../src/translate/translate-answer.ts';
import { type CheckedDialect, testShared } from '../support/shared-folder.ts';
import { bodyOf, recordingsOf, UPSTREAM_DIALECTS } from './recordings.ts';

/** Recordings up to so many bytes are cut everywhere. */
const SMALL = 4_000;
/** So many cuts are tried in a larger one. */
const SAMPLE = 200;
/** So many of them in each pair of dialects. */
const PAIR_SAMPLE = 15;

for (const from of UPSTREAM_DIALECTS) {
  testShared(`the frames of ${from} streams do not depend on where the bytes were cut`, () => {
    const faults = recordingsOf('stream', from).flatMap((recording) => {
      const bytes = new TextEncoder().encode(bodyOf(recording));
      const parse = parserOf(bytes);
      const whole = JSON.stringify(runAll(parse, [bytes]));
      const bad = cutsOf(bytes).filter((at) => JSON.stringify(runAll(parse, cutAt(bytes, at))) !== whole);
      return bad.map((at) => `${recording.file}: cut at ${at}`);
    });
    expect(faults).toEqual([]);
  });

  for (const to of DIALECT_IDS) {
    if (to === from) continue;
    testShared(`${from} streams reach clients of ${to} the same however the bytes were cut`, () => {
      const faults = recordingsOf('stream', from).flatMap((recording) => {
        const bytes = new TextEncoder().encode(bodyOf(recording));
        const whole = translate(from, to, bytes, [bytes]);
        const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
        const cuts = spread(cutsOf(bytes), PAIR_SAMPLE).map((at) => cutAt(bytes, at));
        return [single, ...cuts]
          .filter((pieces) => translate(from, to, bytes, pieces) !== whole)
          .map((pieces) => `${recording.file}: in ${pieces.length} pieces, the first of ${pieces[0]?.length} bytes`);
      });
      expect(faults).toEqual([]);
    });
  }
}

function translate(from: CheckedDialect, to: DialectId, whole: Uint8Array, pieces: readonly Uint8Array[]): string {
  const route = {
    upstream: DIALECTS[from],
    client: DIALECTS[to],
    traits: traitsOfReference(from),
    targetModel: 'm',
    context: { request: emptyRequest('m', true), exchangeId: 'exchange', createdAt: 1_700_000_000_000 },
  };
  const stage: Transducer<Uint8Array, SseFrame> = chain(parserOf(whole), translateAnswerStream(route));
  return runAll(stage, pieces).map(writeSse).join('');
}

function parserOf(bytes: Uint8Array): Transducer<Uint8Array, SseFrame> {
  return bytes[0] === 91 ? parseJsonArray : parseSse;
}

/** Where a stream is cut: everywhere in a small one, else around characters of several bytes, around line ends, and evenly. */
function cutsOf(bytes: Uint8Array): number[] {
  const everywhere = Array.from({ length: bytes.length - 1 }, (_, at) => at + 1);
  if (bytes.length <= SMALL) return everywhere;
  const isTender = (at: number) => bytes[at]! >= 128 || bytes[at] === 10 || bytes[at] === 13 || bytes[at - 1] === 10;
  return [...spread(everywhere.filter(isTender), SAMPLE), ...spread(everywhere, SAMPLE)];
}

function spread(positions: readonly number[], count: number): number[] {
  const step = Math.max(1, Math.ceil(positions.length / count));
  return positions.filter((_, at) => at % step === 0);
}

function cutAt(bytes: Uint8Array, at: number): Uint8Array[] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}
