import { describe, test } from 'bun:test';
import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { collect } from '../../src/translate/canonical/collect.ts';
import type { CanonicalEvent } from '../../src/translate/canonical/event.ts';
import { keepEventLaw, settleFinish } from '../../src/translate/canonical/event-law.ts';
import { replay } from '../../src/translate/canonical/replay.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';
import { anyEvent, anyResponse } from '../support/arbitraries.ts';
import { findUnlawful } from '../support/check-event-law.ts';

const events = fc.array(anyEvent, { maxLength: 30 });

describe('keepEventLaw', () => {
  test('makes any events lawful', () => {
    fc.assert(
      fc.property(events, (input) => deepStrictEqual(findUnlawful(runAll(keepEventLaw, input)), [])),
      { numRuns: 2000 },
    );
  });

  test('leaves lawful events as they are', () => {
    fc.assert(
      fc.property(events, (input) => {
        const lawful = runAll(keepEventLaw, input);
        deepStrictEqual(withoutUsage(runAll(keepEventLaw, lawful)), withoutUsage(lawful));
      }),
      { numRuns: 1000 },
    );
  });

  test('loses no text of a block before the end', () => {
    fc.assert(
      fc.property(events, (input) => {
        const end = input.findIndex((event) => event.type === 'message-end' || event.type === 'stream-error');
        const before = end < 0 ? input : input.slice(0, end);
        for (const type of ['text-delta', 'reasoning-delta'] as const) {
          deepStrictEqual(textOf(runAll(keepEventLaw, input), type), textOf(before, type));
        }
      }),
    );
  });
});

test('a whole answer told as events and gathered again is the same', () => {
  fc.assert(
    fc.property(anyResponse, (response) => {
      deepStrictEqual(collect(replay(response)), response);
    }),
    { numRuns: 500 },
  );
});

test('the events of a whole answer are lawful once its finish is settled', () => {
  fc.assert(
    fc.property(anyResponse, (response) => {
      const calls = response.parts.filter((part) => part.type === 'tool-call').length;
      const told = replay({ ...response, finish: settleFinish(response.finish, calls) });
      const faults = findUnlawful(told).filter((fault) => !fault.endsWith('empty'));
      deepStrictEqual(faults, []);
    }),
  );
});

function withoutUsage(list: readonly CanonicalEvent[]): CanonicalEvent[] {
  return list.map((event) => {
    if (!('usage' in event)) return event;
    const { usage: _figures, ...rest } = event;
    return rest as CanonicalEvent;
  });
}

function textOf(list: readonly CanonicalEvent[], type: 'text-delta' | 'reasoning-delta'): string {
  return list.map((event) => (event.type === type ? event.text : '')).join('');
}
