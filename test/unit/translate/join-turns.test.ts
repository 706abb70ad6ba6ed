import { describe, expect, test } from 'bun:test';
import type { CanonicalEvent } from '../../../src/translate/canonical/event.ts';
import type { CanonicalResponse } from '../../../src/translate/canonical/response.ts';
import { joinAnswers, joinTurns } from '../../../src/translate/join-turns.ts';
import { findUnlawful } from '../../support/check-event-law.ts';

const turn = (text: string, reason: 'pause' | 'stop'): CanonicalEvent[] => [
  { type: 'message-start', usage: { input: 3 } },
  { type: 'text-start' },
  { type: 'text-delta', text },
  { type: 'text-end' },
  { type: 'message-end', finish: { reason }, usage: { input: 3, output: 2 } },
];

function run(turns: readonly CanonicalEvent[][], goesOn: boolean) {
  const events: CanonicalEvent[] = [];
  const paused: CanonicalResponse[] = [];
  const sink = joinTurns(
    (event) => events.push(event),
    (answer) => {
      paused.push(answer);
      return goesOn;
    },
  );
  turns.forEach((list, at) => {
    if (at > 0) sink.nextTurn();
    for (const event of list) sink.push(event);
  });
  sink.finish();
  return { events, paused };
}

describe('turns', () => {
  test('are one lawful answer whose tokens are those of all', () => {
    const { events, paused } = run([turn('a', 'pause'), turn('b', 'pause'), turn('c', 'stop')], true);
    expect(findUnlawful(events)).toEqual([]);
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual(['a', 'b', 'c']);
    expect(events.at(-1)).toEqual({ type: 'message-end', finish: { reason: 'stop' }, usage: { input: 9, output: 6 } });
    expect(paused.map(({ parts }) => parts)).toEqual([[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]]);
  });

  test('end in a pause when nobody goes on, or no turn comes', () => {
    const pausedAt = { type: 'message-end', finish: { reason: 'pause' }, usage: { input: 3, output: 2 } };
    expect(run([turn('a', 'pause')], false).events.at(-1)).toMatchObject(pausedAt);
    const { events } = run([turn('a', 'pause')], true);
    expect(events.at(-1)).toMatchObject(pausedAt);
    expect(findUnlawful(events)).toEqual([]);
  });
});

test('whole turns are joined the same way', () => {
  const part = (text: string) => ({ type: 'text', text }) as const;
  const first: CanonicalResponse = {
    messageId: 'm1',
    parts: [part('a')],
    finish: { reason: 'pause' },
    usage: { output: 2 },
    losses: [],
  };
  const second: CanonicalResponse = { messageId: 'm2', parts: [part('b')], finish: { reason: 'stop' }, losses: [] };
  expect(joinAnswers(first, second)).toEqual({
    messageId: 'm1',
    parts: [part('a'), part('b')],
    finish: { reason: 'stop' },
    usage: { output: 2 },
    losses: [],
  });
});
