import { expect, test } from 'bun:test';
import { collect } from '../../../src/translate/canonical/collect.ts';
import { replay } from '../../../src/translate/canonical/replay.ts';
import type { AssistantPart } from '../../../src/translate/canonical/request.ts';
import type { AnsweredStep } from '../../../src/translate/remembered-step.ts';
import { sealOrigin } from '../../../src/translate/seal-origin.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';
import { watchParts, watchSteps } from '../../../src/translate/watch-step.ts';

const origin = sealOrigin('anthropic-messages', 'claude-opus-4-5', 'acc_1');
const seal = { dialect: 'anthropic-messages', value: 'proof' } as const;
const PARTS: readonly AssistantPart[] = [
  { type: 'reasoning', text: 'Hm.', seal },
  { type: 'text', text: 'I ' },
  { type: 'reasoning', text: 'Oh.', seal: { ...seal, value: 'second' } },
  { type: 'text', text: 'look.' },
  { type: 'tool-call', callId: 'c1', kind: 'function', name: 'look', arguments: '{"at":1}' },
];

function watch(parts: readonly AssistantPart[], keepsText = false) {
  const streamed: AnsweredStep[] = [];
  const whole: AnsweredStep[] = [];
  const response = { parts, finish: { reason: 'stop' as const }, losses: [] };
  const events = runAll(watchSteps({ origin, keepsText, keep: (step) => streamed.push(step) }), replay(response));
  const told = watchParts({ origin, keepsText, keep: (step) => whole.push(step) }, parts);
  expect(collect(events).parts).toEqual([...told]);
  expect(whole).toEqual(streamed.map((step) => ({ ...step, calls: whole[0]!.calls })));
  return { told, steps: streamed };
}

test('what is kept is the thoughts, and where they stood', () => {
  const { told, steps } = watch(PARTS);
  expect(steps).toMatchObject([
    {
      text: 'I look.',
      calls: [{ callId: 'c1', name: 'look', arguments: '{"at":1}' }],
      pieces: [
        { type: 'thought', part: { text: 'Hm.', seal: { value: 'proof', family: origin.family, account: 'acc_1' } } },
        { type: 'text', length: 2 },
        { type: 'thought', part: { text: 'Oh.' } },
        { type: 'text', length: 5 },
        { type: 'call', callId: 'c1' },
      ],
    },
  ]);
  expect(told[0]).toMatchObject({ seal: { account: 'acc_1' } });
  expect(told[1]).toBe(PARTS[1]!);
});

test('seals on calls and texts are kept with them', () => {
  const gemini = { dialect: 'gemini', value: 'g' } as const;
  const { steps } = watch([
    { type: 'text', text: 'x', seal: { ...gemini, attach: 'text' } },
    { type: 'tool-call', callId: 'c1', kind: 'function', name: 'look', arguments: '{}', seal: gemini },
  ]);
  expect(steps[0]!.pieces).toEqual([
    { type: 'text', length: 1, seal: { ...gemini, attach: 'text' } },
    { type: 'call', callId: 'c1', seal: gemini },
  ]);
});

test('an answer without seals leaves nothing behind, but for upstreams that want thoughts back as text', () => {
  const plain: readonly AssistantPart[] = [
    { type: 'reasoning', text: 'Hm.' },
    { type: 'text', text: 'Yes.' },
  ];
  expect(watch(plain).steps).toEqual([]);
  expect(watch(plain, true).steps[0]!.pieces).toEqual([
    { type: 'thought', part: { type: 'reasoning', text: 'Hm.' } },
    { type: 'text', length: 4 },
  ]);
});

test('an answer that broke off is not kept', () => {
  const kept: AnsweredStep[] = [];
  const events = replay({ parts: PARTS, finish: { reason: 'stop' }, losses: [] }).slice(0, -1);
  runAll(watchSteps({ origin, keepsText: false, keep: (step) => kept.push(step) }), events);
  expect(kept).toEqual([]);
});

test('an answer is not found by its words when they began before it was known that they matter', () => {
  expect(watch([PARTS[1]!, PARTS[0]!, PARTS[3]!]).steps).toMatchObject([{ text: '', calls: [] }]);
  expect(watch([PARTS[0]!, PARTS[1]!, PARTS[3]!]).steps).toMatchObject([{ text: 'I look.' }]);
});
