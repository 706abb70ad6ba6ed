import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { expectFields, translate } from './translate-request.ts';

const HI = { messages: [{ role: 'user', content: 'hi' }] };
const TOOL = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };
const A_TOOL = { name: 'f', input_schema: { type: 'object', properties: {} } };
const aTo = (to: DialectId, body: JsonObject) =>
  translate('anthropic-messages', to, { max_tokens: 64_000, ...HI, ...body });

describe('R15: from Anthropic to Gemini, a level or a budget, never both', () => {
  const adaptive = (effort: string) => ({ thinking: { type: 'adaptive' }, output_config: { effort } });
  const enabled = (budget_tokens: number) => ({ thinking: { type: 'enabled', budget_tokens } });
  test.each<[string, JsonObject, JsonObject | undefined, string[]]>([
    ['gemini-3-pro-preview', adaptive('xhigh'), { thinkingLevel: 'HIGH', includeThoughts: true }, []],
    ['gemini-2.5-pro', adaptive('xhigh'), { thinkingBudget: 32_768, includeThoughts: true }, []],
    ['gemini-2.5-flash', adaptive('max'), { thinkingBudget: 24_576, includeThoughts: true }, []],
    ['gemini-2.5-flash', enabled(32_000), { thinkingBudget: 24_576, includeThoughts: true }, ['reasoning.budget']],
    ['gemini-3.8-flash', enabled(8192), { thinkingLevel: 'MEDIUM', includeThoughts: true }, []],
    ['gemini-2.5-pro', { thinking: { type: 'disabled' } }, { thinkingBudget: 128 }, ['reasoning-floor']],
    ['gemini-2.5-flash', { thinking: { type: 'disabled' } }, { thinkingBudget: 0 }, []],
    ['gemini-3-flash-preview', { thinking: { type: 'disabled' } }, { thinkingLevel: 'MINIMAL' }, ['reasoning-floor']],
    ['gemini-3.8-flash', { thinking: { type: 'disabled' } }, { thinkingLevel: 'LOW' }, ['reasoning-floor']],
    ['gemini-3.8-flash', {}, undefined, []],
    ['gemini-3.8-flash', { thinking: { type: 'adaptive', display: 'omitted' } }, { includeThoughts: false }, []],
  ])('%s with %j', (model, asked, written, lost) => {
    const got = aTo('gemini', { model, ...asked });
    const config = got.body.generationConfig as JsonObject;
    const thinking = config.thinkingConfig as JsonObject | undefined;
    const shown = thinking?.includeThoughts === false && written?.includeThoughts === undefined;
    expect<unknown>(shown ? { ...thinking, includeThoughts: undefined } : thinking).toEqual(written);
    expect(got.lost).toEqual(lost);
  });
});

test('R13: a budget of thought that does not fit is made smaller; the limit stays the client’s', () => {
  const { body, lost } = translate('gemini', 'anthropic-messages', {
    model: 'claude-sonnet-4-5',
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    generationConfig: { maxOutputTokens: 4000, thinkingConfig: { thinkingBudget: 8000 } },
  });
  expect(body).toMatchObject({ max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 3200 } });
  expect(lost).toEqual(['thinking']);
});

test('R14: Gemini’s configuration in snake case is read, and written in camel case', () => {
  const thinking_config = { thinking_budget: 8192, include_thoughts: true };
  const { body } = translate('gemini', 'anthropic-messages', {
    model: 'claude-sonnet-4-5',
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    generation_config: { thinking_config, max_output_tokens: 9000 },
  });
  expect(body).toMatchObject({ max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 8192 } });
});

describe('what of thinking is shown', () => {
  const responses = (more: JsonObject) => ({ input: 'hi', ...more });
  test.each<[string, DialectId, DialectId, JsonObject, JsonObject]>([
    [
      'a summary of Responses is summarized thinking',
      'openai-responses',
      'anthropic-messages',
      responses({ model: 'claude-opus-4-8', reasoning: { effort: 'high', summary: 'concise' } }),
      { thinking: { type: 'adaptive', display: 'summarized' } },
    ],
    [
      'no summary is omitted thinking',
      'openai-responses',
      'anthropic-messages',
      responses({ model: 'claude-opus-4-8', reasoning: { effort: 'high' } }),
      { thinking: { type: 'adaptive', display: 'omitted' } },
    ],
    [
      'and a thought that is not included',
      'openai-responses',
      'gemini',
      responses({ model: 'gemini-3.8-flash', reasoning: { effort: 'high' } }),
      { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: false } } },
    ],
    [
      'omitted thinking asks for no summary',
      'anthropic-messages',
      'openai-responses',
      {
        ...HI,
        max_tokens: 99,
        model: 'gpt-5',
        thinking: { type: 'adaptive', display: 'omitted' },
        output_config: { effort: 'high' },
      },
      { reasoning: { effort: 'high' } },
    ],
    [
      'chat always asks for visible thinking',
      'openai-chat',
      'openai-responses',
      { ...HI, model: 'gpt-5', reasoning_effort: 'high' },
      { reasoning: { effort: 'high', summary: 'auto' } },
    ],
  ])('%s', (_what, from, to, asked, written) => expectFields(translate(from, to, asked).body, written));
});

describe('to OpenAI', () => {
  test.each<[DialectId, JsonObject, JsonObject, readonly string[]]>([
    [
      'openai-chat',
      { model: 'gpt-5', max_tokens: 200_000 },
      { max_completion_tokens: 128_000, max_tokens: null },
      ['clamped=max_tokens'],
    ],
    ['openai-chat', { model: 'gpt-4o', max_tokens: 64_000 }, { max_completion_tokens: 16_384 }, ['clamped=max_tokens']],
    [
      'openai-responses',
      { model: 'gpt-4o', max_tokens: 64_000 },
      { max_output_tokens: 16_384 },
      ['clamped=max_tokens'],
    ],
    ['openai-chat', { model: 'gpt-5', max_tokens: 9, temperature: 0.5 }, { temperature: null }, ['sampling']],
    ['openai-responses', { model: 'gpt-5', max_tokens: 99, temperature: 0.5 }, { temperature: null }, ['sampling']],
    [
      'openai-chat',
      { model: 'gpt-5', max_tokens: 9, thinking: { type: 'disabled' } },
      { reasoning_effort: 'minimal' },
      ['reasoning-floor'],
    ],
    [
      'openai-chat',
      { model: 'gpt-5.1', max_tokens: 9, thinking: { type: 'disabled' }, temperature: 0.5 },
      { reasoning_effort: 'none', temperature: 0.5 },
      [],
    ],
    [
      'openai-responses',
      { model: 'gpt-5', max_tokens: 99, output_config: { effort: 'max' } },
      { reasoning: { effort: 'high', summary: 'auto' } },
      ['effort'],
    ],
    [
      'openai-responses',
      { model: 'gpt-6', max_tokens: 99, thinking: { type: 'enabled', budget_tokens: 8192 } },
      { reasoning: { effort: 'medium', summary: 'auto' } },
      [],
    ],
    [
      'openai-chat',
      { model: 'gpt-4o', max_tokens: 9, thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      { reasoning_effort: null },
      ['reasoning'],
    ],
    [
      'openai-responses',
      { model: 'gpt-4o', max_tokens: 99, thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      { reasoning: null },
      ['reasoning'],
    ],
  ])('%s with %j', (to, asked, written, lost) => {
    const got = aTo(to, asked);
    expectFields(got.body, written);
    expect(got.lost).toEqual(lost as string[]);
  });
});

test('to Gemini, one call at a time cannot be asked for, and nobody misses it while calls are free', () => {
  const asked = { model: 'gemini-3.8-flash', ...HI, tools: [TOOL], parallel_tool_calls: false };
  expect(translate('openai-chat', 'gemini', asked).lost).toEqual([]);
  expect(translate('openai-chat', 'gemini', { ...asked, tool_choice: 'required' }).lost).toEqual([
    'parallel_tool_calls',
  ]);
  const anthropic = { model: 'gemini-3.8-flash', tools: [A_TOOL], tool_choice: { type: 'tool', name: 'f' } };
  const { toolConfig } = aTo('gemini', anthropic).body;
  expect<unknown>(toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } });
});
