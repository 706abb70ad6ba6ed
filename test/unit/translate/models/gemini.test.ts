import { expect, test } from 'bun:test';
import { readGeminiModel, type ThinkingTraits } from '../../../../src/translate/models/gemini.ts';

const levels = (...list: ('MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH')[]): ThinkingTraits => ({ by: 'level', levels: list });
const nothing: ThinkingTraits = { by: 'nothing' };

const thinking: readonly (readonly [model: string, thinking: ThinkingTraits])[] = [
  ['gemini-1.5-pro', nothing],
  ['gemini-2.0-flash', nothing],
  ['gemini-2.5-pro', { by: 'budget', min: 128, max: 32768, canStop: false }],
  ['models/gemini-2.5-flash', { by: 'budget', min: 1, max: 24576, canStop: true }],
  ['gemini-2.5-flash-lite', { by: 'budget', min: 512, max: 24576, canStop: true }],
  ['gemini-2.5-flash-image', nothing],
  ['gemini-2.5-pro-preview-tts', nothing],
  ['gemini-3-pro-preview', levels('LOW', 'HIGH')],
  ['gemini-3.1-pro-preview', levels('LOW', 'MEDIUM', 'HIGH')],
  ['publishers/google/models/gemini-3-flash-preview', levels('MINIMAL', 'LOW', 'MEDIUM', 'HIGH')],
  ['gemini-3.8-flash', levels('LOW', 'MEDIUM', 'HIGH')],
  ['gemini-3.5-flash-lite', levels('MINIMAL', 'LOW', 'MEDIUM', 'HIGH')],
  ['gemini-3.1-flash-image', levels('MINIMAL', 'HIGH')],
  ['gemini-4-argon', levels('LOW', 'MEDIUM', 'HIGH')],
  ['gemini-flash-latest', levels('LOW', 'MEDIUM', 'HIGH')],
  ['gemma-3-27b-it', nothing],
];

test.each(thinking)('thinking of %s', (model, expected) => {
  expect(readGeminiModel(model).thinking).toEqual(expected);
});

const generations: readonly (readonly [model: string, callSeals: boolean, jsonSchema: boolean, penalties: boolean])[] =
  [
    ['gemini-1.5-flash', false, false, true],
    ['gemini-2.5-pro', false, true, true],
    ['gemini-3-pro-preview', true, true, true],
    ['gemini-3.8-flash', true, true, false],
    ['some-name', true, true, false],
  ];

test.each(generations)('generation of %s', (model, callSeals, jsonSchema, penalties) => {
  const traits = readGeminiModel(model);
  expect(traits).toMatchObject({ callSeals, mixedTools: callSeals, mediaResults: callSeals, jsonWithTools: callSeals });
  expect(traits).toMatchObject({ jsonSchema, penalties, system: true });
});

test('Gemma takes no instructions apart', () => {
  expect(readGeminiModel('gemma-3-27b-it').system).toBe(false);
});

test.each([
  ['gemini-1.5-pro', 2_097_152, 8192],
  ['gemini-2.0-flash', 1_048_576, 8192],
  ['models/gemini-2.5-pro', 1_048_576, 65_536],
  ['gemini-2.5-flash-image', 32_768, 32_768],
  ['gemini-3.8-flash', 1_048_576, 65_536],
  ['gemini-flash-latest', undefined, undefined],
])('limits of %s', (model, contextWindow, maxOutput) => {
  const read = readGeminiModel(model);
  expect([read.contextWindow, read.maxOutput]).toEqual([contextWindow, maxOutput]);
});

test('what the upstream’s list says counts more', () => {
  const facts = { maxOutput: 100, contextWindow: 200, thinks: false };
  const read = readGeminiModel('gemini-3.8-flash', facts);
  expect(read).toMatchObject({ maxOutput: 100, contextWindow: 200, thinking: nothing });
});
