import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { CanonicalEvent } from '../../src/translate/canonical/event.ts';
import { cutAtStop, cutAtStopIn } from '../../src/translate/cut-at-stop.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';

const letters = (from: number, to: number) =>
  fc.array(fc.constantFrom('a', 'b', '\n'), { minLength: from, maxLength: to }).map((list) => list.join(''));

test('wherever a stream is cut into pieces, it ends where the whole text would', () => {
  fc.assert(
    fc.property(
      fc.array(letters(0, 5), { maxLength: 8 }),
      fc.array(letters(1, 4), { maxLength: 4 }),
      (pieces, stops) => {
        const events: CanonicalEvent[] = [
          { type: 'message-start' },
          { type: 'text-start' },
          ...pieces.map((text): CanonicalEvent => ({ type: 'text-delta', text })),
          { type: 'text-end' },
          { type: 'message-end', finish: { reason: 'length' } },
        ];
        const told = runAll(cutAtStop(stops), events);
        const text = told.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
        const last = told.at(-1);
        const whole = cutAtStopIn(
          { parts: [{ type: 'text', text: pieces.join('') }], finish: { reason: 'length' }, losses: [] },
          stops,
        );
        expect(text).toBe(whole.parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
        expect(last?.type === 'message-end' ? last.finish : undefined).toEqual(whole.finish);
      },
    ),
    { numRuns: 500 },
  );
});
