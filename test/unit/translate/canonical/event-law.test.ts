import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { keepEventLaw, settleFinish } from '../../../../src/translate/canonical/event-law.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

const mend = (...events: readonly CanonicalEvent[]) => runAll(keepEventLaw, events);
const END: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop' } };
const START: CanonicalEvent = { type: 'message-start' };
const CALL: CanonicalEvent = { type: 'tool-call-start', callId: 'c', kind: 'function', name: 'f' };

describe('keepEventLaw', () => {
  test('opens and closes blocks around deltas', () => {
    expect(mend({ type: 'reasoning-delta', text: 'r' }, { type: 'text-delta', text: 't' }, END)).toEqual([
      START,
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'r' },
      { type: 'reasoning-end' },
      { type: 'text-start' },
      { type: 'text-delta', text: 't' },
      { type: 'text-end' },
      END,
    ]);
  });

  test('S06: an empty delta does nothing', () => {
    expect(mend(START, CALL, { type: 'text-delta', text: '' }, { type: 'tool-call-delta', text: '{}' }, END)).toEqual([
      START,
      CALL,
      { type: 'tool-call-delta', text: '{}' },
      { type: 'tool-call-end' },
      { type: 'message-end', finish: { reason: 'tool-calls' } },
    ]);
  });

  test('S01, S18: one start and one end, nothing after it, usage of both merged', () => {
    expect(
      mend(
        { ...START, usage: { input: 1, output: 1 } },
        { ...START, usage: { cacheRead: 2 } },
        { ...END, usage: { output: 5 } },
        END,
        { type: 'text-delta', text: 'late' },
      ),
    ).toEqual([
      { ...START, usage: { input: 1, output: 1 } },
      { ...END, usage: { input: 1, cacheRead: 2, output: 5 } },
    ]);
  });

  test('S25: an end without a finish is an error', () => {
    const events = mend(START, { type: 'text-delta', text: 'half' });
    expect(events.slice(-2)).toEqual([{ type: 'text-end' }, { type: 'stream-error', error: expect.any(GatewayError) }]);
    expect((events.at(-1) as { error: GatewayError }).error.kind).toBe('upstream-malformed');
  });

  test('a seal that comes alone gets a block', () => {
    const seal = { dialect: 'gemini', value: 's' } as const;
    expect(mend(START, { type: 'text-delta', text: 'a' }, { type: 'reasoning-end', seal }, END)).toEqual([
      START,
      { type: 'text-start' },
      { type: 'text-delta', text: 'a' },
      { type: 'text-end' },
      { type: 'reasoning-start' },
      { type: 'reasoning-end', seal },
      END,
    ]);
  });

  test('an end of a block that is not open does nothing', () => {
    expect(mend(START, { type: 'tool-call-end' }, { type: 'text-end' }, END)).toEqual([START, END]);
  });
});

describe('settleFinish', () => {
  test('S10: calls make tool-calls of a stop', () => {
    expect(settleFinish({ reason: 'stop' }, 1)).toEqual({ reason: 'tool-calls' });
    expect(settleFinish({ reason: 'pause' }, 1)).toEqual({ reason: 'tool-calls' });
    expect(settleFinish({ reason: 'stop', stopSequence: 'X' }, 1)).toEqual({ reason: 'stop', stopSequence: 'X' });
  });

  test('tool-calls without a call is a stop, and a cut answer stays cut', () => {
    expect(settleFinish({ reason: 'tool-calls' }, 0)).toEqual({ reason: 'stop' });
    expect(settleFinish({ reason: 'length' }, 1)).toEqual({ reason: 'length' });
  });
});
