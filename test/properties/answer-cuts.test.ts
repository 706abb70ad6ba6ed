import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { SCENARIOS, UPSTREAMS } from '../../src/translate/conformance/scenario.ts';
import { DIALECT_IDS } from '../../src/translate/dialect-id.ts';
import { parseSse, type SseFrame, writeSse } from '../../src/translate/stream/sse.ts';
import { chain, runAll, type Transducer } from '../../src/translate/stream/transducer.ts';
import { translateAnswerStream } from '../../src/translate/translate-answer.ts';
import { routeOf } from '../../src/translate/translate-text.ts';
import { readClientRequest, readRecording } from '../support/scenario-recording.ts';

/** Where a stream is cut, as numbers that any length makes places of. */
const anyCuts = fc.oneof(
  fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
  // every byte for itself
  fc.constant(undefined),
);

describe.each([...UPSTREAMS])('the answers of %s do not depend on where the bytes were cut', (upstream) => {
  const streams = SCENARIOS.flatMap((scenario) => {
    const { stream } = readRecording(scenario, upstream);
    return stream === undefined ? [] : [{ scenario, stream }];
  });

  test.each(DIALECT_IDS.filter((one) => one !== upstream))('for clients of %s', (client) => {
    fc.assert(
      fc.property(fc.constantFrom(...streams), anyCuts, ({ scenario, stream }, cuts) => {
        const asked = readClientRequest(scenario, client);
        const job = { kind: 'stream', from: upstream, to: client, body: stream } as const;
        const request = asked === undefined ? {} : { request: asked.body, model: asked.model };
        const route = routeOf({ ...job, ...request }, 0, true);
        const stage: Transducer<Uint8Array, SseFrame> = chain(parseSse, translateAnswerStream(route));
        const bytes = new TextEncoder().encode(stream);
        const whole = runAll(stage, [bytes]).map(writeSse).join('');
        expect(runAll(stage, cutAt(bytes, cuts)).map(writeSse).join('')).toBe(whole);
      }),
      { includeErrorInReport: true, numRuns: 150 },
    );
  });
});

function cutAt(bytes: Uint8Array, cuts: readonly number[] | undefined): Uint8Array[] {
  if (cuts === undefined) return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, at) => bytes.subarray(from, places[at] ?? bytes.length));
}
