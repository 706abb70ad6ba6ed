import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { emptyRequest, type ReasoningControl } from '../../../../src/translate/canonical/request.ts';
import { readThinking, writeThinking } from '../../../../src/translate/gemini/thinking.ts';
import type { Loss } from '../../../../src/translate/loss.ts';
import { readGeminiModel } from '../../../../src/translate/models/gemini.ts';

describe('reading', () => {
  const rows: readonly (readonly [config: JsonObject, reasoning: ReasoningControl | undefined, show: boolean])[] = [
    [{}, undefined, false],
    [{ includeThoughts: true }, { display: 'summary' }, true],
    [{ includeThoughts: false, thinkingBudget: 0 }, { mode: 'off', display: 'omitted' }, false],
    [{ thinkingBudget: -1 }, { mode: 'auto' }, false],
    [{ thinkingBudget: '1024' }, { mode: 'on', budget: 1024 }, false],
    [{ thinkingLevel: 'low', includeThoughts: true }, { mode: 'on', effort: 'low', display: 'summary' }, true],
    [{ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, undefined, false],
  ];

  test.each(rows)('%j', (config, reasoning, showReasoning) => {
    expect(readThinking(config)).toEqual(reasoning === undefined ? { showReasoning } : { reasoning, showReasoning });
  });

  test('nobody who says nothing is shown thoughts', () => {
    expect(readThinking(undefined)).toEqual({ showReasoning: false });
  });

  test('a wrong type names the field', () => {
    expect(() => readThinking({ thinkingBudget: 'much' })).toThrow(
      '`generationConfig.thinkingConfig.thinkingBudget` must be a number.',
    );
  });
});

function write(model: string, reasoning: ReasoningControl | undefined, showReasoning?: boolean) {
  const losses: Loss[] = [];
  const request = {
    ...emptyRequest(model, false),
    ...(reasoning === undefined ? {} : { reasoning }),
    answer: showReasoning === undefined ? {} : { showReasoning },
  };
  return { config: writeThinking(request, readGeminiModel(model), losses), lost: losses.map((loss) => loss.field) };
}

describe('T6: writing gives a level or a budget, never both', () => {
  const show = { includeThoughts: true };
  const rows: readonly (readonly [
    model: string,
    reasoning: ReasoningControl,
    config: object | undefined,
    lost: readonly string[],
  ])[] = [
    ['gemini-3-pro-preview', { effort: 'xhigh' }, { thinkingLevel: 'HIGH', ...show }, []],
    ['gemini-3-pro-preview', { effort: 'medium' }, { thinkingLevel: 'HIGH', ...show }, []],
    ['gemini-3.1-pro-preview', { effort: 'medium' }, { thinkingLevel: 'MEDIUM', ...show }, []],
    ['gemini-3.8-flash', { effort: 'minimal' }, { thinkingLevel: 'LOW', ...show }, []],
    ['gemini-3-flash-preview', { mode: 'off' }, { thinkingLevel: 'MINIMAL' }, ['reasoning-floor']],
    ['gemini-3-pro-preview', { effort: 'none' }, { thinkingLevel: 'LOW' }, ['reasoning-floor']],
    ['gemini-3-pro-preview', { mode: 'on', budget: 24576 }, { thinkingLevel: 'HIGH', ...show }, []],
    ['gemini-3-flash-preview', { mode: 'on', budget: 8000 }, { thinkingLevel: 'MEDIUM', ...show }, []],
    ['gemini-3-pro-preview', { mode: 'auto' }, show, []],
    ['gemini-3-pro-preview', { mode: 'auto', effort: 'xhigh' }, { thinkingLevel: 'HIGH', ...show }, []],
    ['gemini-2.5-pro', { mode: 'auto', effort: 'xhigh' }, { thinkingBudget: 32768, ...show }, []],
    ['gemini-2.5-pro', { effort: 'xhigh' }, { thinkingBudget: 32768, ...show }, []],
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128 }, ['reasoning-floor']],
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }, []],
    ['gemini-2.5-flash', { effort: 'max' }, { thinkingBudget: 24576, ...show }, []],
    ['gemini-2.5-flash', { effort: 'low', display: 'omitted' }, { thinkingBudget: 1024, includeThoughts: false }, []],
    ['gemini-2.5-flash', { mode: 'auto' }, { thinkingBudget: -1, ...show }, []],
    ['gemini-2.5-flash', { mode: 'on', budget: 32000 }, { thinkingBudget: 24576, ...show }, ['reasoning.budget']],
    ['gemini-2.5-flash-lite', { mode: 'on', budget: 100 }, { thinkingBudget: 512, ...show }, ['reasoning.budget']],
    ['gemini-2.5-flash', { mode: 'off', display: 'summary' }, { thinkingBudget: 0 }, []],
    ['gemini-2.5-flash', { display: 'summary' }, show, []],
    ['gemini-2.0-flash', { effort: 'high' }, undefined, ['reasoning']],
    ['gemini-2.0-flash', { mode: 'off' }, undefined, []],
  ];

  test.each(rows)('%s %j', (model, reasoning, config, lost) => {
    expect(write(model, reasoning)).toEqual({ config: config as never, lost: [...lost] });
  });

  test('T7: nothing is sent for a client that asked for nothing', () => {
    expect(write('gemini-3-pro-preview', undefined).config).toBeUndefined();
    expect(write('gemini-3-pro-preview', undefined, false).config).toBeUndefined();
    expect(write('gemini-3-pro-preview', undefined, true).config).toEqual({ includeThoughts: true });
  });

  test('R15: a client that will not see them gets no thoughts', () => {
    expect(write('gemini-3-pro-preview', { effort: 'high' }, false).config).toEqual({
      thinkingLevel: 'HIGH',
      includeThoughts: false,
    });
  });
});
