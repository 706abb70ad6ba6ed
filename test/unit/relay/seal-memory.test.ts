import { expect, test } from 'bun:test';
import { forgetsThoughts, keepStep, openSteps } from '../../../src/relay/seal-memory.ts';
import type { AnsweredStep } from '../../../src/translate/remembered-step.ts';
import { sealOrigin } from '../../../src/translate/seal-origin.ts';
import { memoryOfSeals } from '../../support/memory-of-seals.ts';

const claude = sealOrigin('anthropic-messages', 'claude-opus-4-5', 'acc_1');
const gemini = sealOrigin('gemini', 'gemini-3-pro', 'acc_1');
const LONG_ID = 'toolu_01ABCDEFGHJKLMNPQRSTUV';
const aCall = (callId: string, args = '{}') => ({ callId, name: 'look', arguments: args });
const aStep = (text: string, ...calls: AnsweredStep['calls']): AnsweredStep => ({ pieces: [], text, calls });

function kept(step: AnsweredStep, at: Partial<Parameters<typeof keepStep>[2]> = {}) {
  const memory = memoryOfSeals();
  keepStep(memory, step, { origin: claude, sessionKey: 's', namesDeeds: false, ...at });
  return memory;
}

test('an empty memory is not asked', () => {
  expect(openSteps(memoryOfSeals(), claude, 's')).toBeUndefined();
});

test('a step is found by its first call, within its family, in every conversation', () => {
  const memory = kept(aStep('x', aCall(LONG_ID), aCall('second')));
  expect(openSteps(memory, claude, 's')?.ofCall(aCall(LONG_ID))).toEqual({ pieces: [] });
  expect(openSteps(memory, claude, undefined)?.ofCall(aCall(LONG_ID))).toEqual({ pieces: [] });
  expect(openSteps(memory, claude, 's')?.ofCall(aCall('second'))).toBeUndefined();
  expect(openSteps(memory, gemini, 's')?.ofCall(aCall(LONG_ID))).toBeUndefined();
});

test('an id that others may have too is found in its own conversation alone', () => {
  const memory = kept(aStep('x', aCall('functions.look:0')));
  expect(openSteps(memory, claude, 's')?.ofCall(aCall('functions.look:0'))).toEqual({ pieces: [] });
  expect(openSteps(memory, claude, 'other')?.ofCall(aCall('functions.look:0'))).toBeUndefined();
});

test('a step without calls is found by its words in its own conversation, white space around them aside', () => {
  const memory = kept(aStep(' Yes.\n'));
  expect(openSteps(memory, claude, 's')?.ofText('Yes.')).toEqual({ pieces: [] });
  expect(openSteps(memory, claude, 'other')?.ofText('Yes.')).toBeUndefined();
  expect(kept(aStep('Yes.'), { sessionKey: undefined }).isEmpty()).toBe(true);
  expect(kept(aStep(' ')).isEmpty()).toBe(true);
});

test('a call that the client knows by no id is found by what it does', () => {
  const memory = kept(aStep('', aCall('minted', '{"at":1}')), { origin: gemini, namesDeeds: true });
  expect(openSteps(memory, gemini, 's')?.ofCall(aCall('other', '{"at":1}'))).toEqual({ pieces: [] });
  expect(openSteps(memory, gemini, 's')?.ofCall(aCall('other', '{"at":2}'))).toBeUndefined();
});

test('programs that send everything back need no memory', () => {
  expect(['claude-code', 'codex', 'gemini-cli', 'openai'].map(forgetsThoughts)).toEqual([false, false, true, true]);
});
