import { expect, test } from 'bun:test';
import { type RememberedStep, readStep, writeStep } from '../../../src/translate/remembered-step.ts';

const seal = { dialect: 'gemini', value: 'x' } as const;
const STEP: RememberedStep = {
  prefix: 'p',
  pieces: [
    { type: 'thought', part: { type: 'reasoning', text: 'Hm.', seal } },
    { type: 'text', length: 2, seal },
    { type: 'call', callId: 'c1', seal },
    { type: 'call', callId: 'c2' },
  ],
};

test('a step is read as it was written', () => {
  expect(readStep(writeStep(STEP))).toEqual(STEP);
  expect(readStep(writeStep({ pieces: [] }))).toEqual({ pieces: [] });
});

test.each([
  'x',
  '[]',
  '{"pieces":[{"type":"text"}]}',
  '{"pieces":[{"type":"call","callId":1}]}',
  '{"pieces":[{"type":"thought","part":{"text":"x","seal":{"dialect":"martian","value":"x"}}}]}',
])('damaged text is no step: %p', (text) => {
  expect(readStep(text)).toBeUndefined();
});
