import { describe, test } from 'bun:test';
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { parseJsonArray, writeJsonArray } from '../../src/translate/stream/json-array.ts';
import { parseSse, type SseFrame, writeSse } from '../../src/translate/stream/sse.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';

const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const value = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.json({ maxDepth: 2 }))
  .map((text) => text.replace(/[\r\n]/g, ''));
const line = fc.oneof(
  value.map((text) => `data: ${text}`),
  value.map((text) => `data:${text}`),
  value.map((text) => `event: ${text}`),
  value.map((text) => `: ${text}`),
  value.map((text) => `id: ${text}`),
  fc.constant('data'),
  fc.constant(''),
  fc.constant('{"error":{"code":503}}'),
  value,
);
const streamText = fc.array(fc.tuple(line, lineEnd), { maxLength: 20 }).map((lines) => lines.flat().join(''));
const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });

describe('the frames do not depend on where the bytes were cut', () => {
  test('server-sent events', () => {
    fc.assert(
      fc.property(streamText, cuts, (text, positions) => {
        const bytes = new TextEncoder().encode(text);
        deepStrictEqual(runAll(parseSse, cutAt(bytes, positions)), runAll(parseSse, [bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test('a JSON array', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(value, fc.jsonValue({ maxDepth: 2 })), { maxLength: 5 }),
        cuts,
        (items, positions) => {
          const bytes = new TextEncoder().encode(JSON.stringify(items, null, positions.length % 3));
          const frames = runAll(parseJsonArray, cutAt(bytes, positions));
          deepStrictEqual(
            frames.map((frame) => JSON.parse(frame.data)),
            JSON.parse(JSON.stringify(items)),
          );
        },
      ),
    );
  });
});

describe('what is written is read again', () => {
  const frame = fc.record(
    { event: fc.stringMatching(/^[a-z_.]{1,10}$/), data: fc.json({ maxDepth: 2 }) },
    { requiredKeys: ['data'] },
  );

  test('as server-sent events', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), cuts, (frames, positions) => {
        const bytes = new TextEncoder().encode(frames.map(writeSse).join(''));
        deepStrictEqual(runAll(parseSse, cutAt(bytes, positions)), frames.map(plain));
      }),
    );
  });

  test('as a JSON array', () => {
    const objects = fc.dictionary(value, value).map((object): SseFrame => ({ data: JSON.stringify(object) }));
    fc.assert(
      fc.property(fc.array(objects, { maxLength: 6 }), (frames) => {
        const bytes = new TextEncoder().encode(runAll(writeJsonArray, frames).join(''));
        deepStrictEqual(runAll(parseJsonArray, [bytes]), frames);
      }),
    );
  });
});

function plain({ event, data }: { event?: string; data: string }): SseFrame {
  return event === undefined ? { data } : { event, data };
}

function cutAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(positions.map((position) => position % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, at) => bytes.slice(from, sorted[at] ?? bytes.length));
}
