import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { refit } from '../../../../src/translate/gemini/refit.ts';
import { refitBody } from '../../../support/refit-body.ts';

const CONTENTS = [{ role: 'user', parts: [{ text: 'hi' }] }];

type Row = readonly [model: string, sent: JsonObject, fitted: JsonObject, lost: readonly string[]];

describe('thinking takes the form of the model', () => {
  test.each<Row>([
    ['gemini-3-flash-preview', { thinkingBudget: 8192 }, { thinkingLevel: 'MEDIUM' }, ['thinking']],
    ['gemini-3-pro-preview', { thinkingBudget: 8192 }, { thinkingLevel: 'HIGH' }, ['thinking']],
    ['gemini-3.8-flash', { thinkingBudget: 0 }, { thinkingLevel: 'LOW' }, ['reasoning-floor']],
    ['gemini-3.8-flash', { thinkingBudget: -1, includeThoughts: true }, { includeThoughts: true }, ['thinking']],
    ['gemini-3.8-flash', { thinkingLevel: 'HIGH' }, { thinkingLevel: 'HIGH' }, []],
    ['gemini-3.8-flash', { thinkingLevel: 'minimal' }, { thinkingLevel: 'LOW' }, ['thinking']],
    ['gemini-2.5-pro', { thinkingLevel: 'LOW' }, { thinkingBudget: 1024 }, ['thinking']],
    [
      'gemini-2.5-flash',
      { thinkingLevel: 'HIGH', includeThoughts: false },
      { thinkingBudget: 24576, includeThoughts: false },
      ['thinking'],
    ],
    ['gemini-2.5-pro', { thinkingBudget: 0 }, { thinkingBudget: 128 }, ['reasoning-floor']],
    ['gemini-2.5-flash', { thinkingBudget: 32768 }, { thinkingBudget: 24576 }, ['reasoning.budget']],
    ['gemini-2.5-flash', { thinkingBudget: 0 }, { thinkingBudget: 0 }, []],
    ['gemini-2.5-flash', { thinkingBudget: -1 }, { thinkingBudget: -1 }, []],
  ])('%s with %j', (model, sent, fitted, lost) => {
    const got = refitBody(
      refit,
      { contents: CONTENTS, generationConfig: { topP: 1, thinkingConfig: sent } },
      { model },
    );
    expect<unknown>(got).toEqual({
      body: { contents: CONTENTS, generationConfig: { topP: 1, thinkingConfig: fitted } },
      lost,
    });
  });

  test('or goes, for one that cannot think', () => {
    const body = { contents: CONTENTS, generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } };
    const got = refitBody(refit, body, { model: 'gemini-2.0-flash' });
    expect<unknown>(got).toEqual({ body: { contents: CONTENTS, generationConfig: {} }, lost: ['reasoning'] });
  });

  test('R14: snake case is read, and what replaces it is camel case', () => {
    const thinking_config = { thinking_budget: 1024, include_thoughts: true };
    const got = refitBody(
      refit,
      { contents: CONTENTS, generation_config: { thinking_config } },
      { model: 'gemini-3.8-flash' },
    );
    expect<unknown>(got.body.generation_config).toEqual({
      thinking_config: { thinkingLevel: 'LOW', includeThoughts: true },
    });
  });
});

test('limits and penalties are those of the model', () => {
  const generationConfig = { maxOutputTokens: 70_000, presencePenalty: 0.5, frequencyPenalty: 0 };
  const got = refitBody(refit, { contents: CONTENTS, generationConfig }, { model: 'gemini-3.8-flash' });
  expect<unknown>(got.body.generationConfig).toEqual({ maxOutputTokens: 65_536 });
  expect(got.lost).toEqual(['clamped=max_tokens', 'presencePenalty']);
});

test.each([
  ['without a configuration', { contents: CONTENTS }, true],
  [
    'for the model that the client named',
    { contents: CONTENTS, generationConfig: { thinkingConfig: { thinkingBudget: 1 } } },
    false,
  ],
])('nothing changes %s', (_when, body, renamed) => {
  expect<unknown>(refitBody(refit, body, { model: 'gemini-3.8-flash', renamed })).toEqual({ body, lost: [] });
});
