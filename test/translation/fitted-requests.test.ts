import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../src/base/json.ts';
import type { DialectId } from '../../src/translate/dialect-id.ts';
import { expectFields, translate } from './translate-request.ts';

const HI = { messages: [{ role: 'user', content: 'hi' }] };
const TOOL = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };
const OTHER_TOOL = { type: 'function', function: { name: 'g', parameters: { type: 'object', properties: {} } } };
const chatToA = (body: JsonObject) => translate('openai-chat', 'anthropic-messages', { ...HI, ...body });
const aTo = (to: DialectId, body: JsonObject) =>
  translate('anthropic-messages', to, { max_tokens: 64_000, ...HI, ...body });

type Row = readonly [asked: JsonObject, written: JsonObject, lost: readonly string[]];

describe('to Anthropic: limits', () => {
  test.each<Row>([
    [{ model: 'claude-opus-4-1' }, { max_tokens: 32_000 }, []],
    [{ model: 'claude-3-haiku' }, { max_tokens: 4096 }, []],
    [{ model: 'claude-sonnet-4' }, { max_tokens: 64_000 }, []],
    [{ model: 'claude-haiku-4-5' }, { max_tokens: 64_000 }, []],
    [{ model: 'claude-opus-4-8' }, { max_tokens: 128_000 }, []],
    [{ model: 'claude-opus-5' }, { max_tokens: 128_000 }, []],
    [{ model: 'claude-unknown' }, { max_tokens: 32_000 }, []],
    [{ model: 'glm-5' }, { max_tokens: 8192 }, []],
    [{ model: 'claude-3-haiku', max_tokens: 9000 }, { max_tokens: 4096 }, ['clamped=max_tokens']],
    [{ model: 'claude-opus-5', max_completion_tokens: 500 }, { max_tokens: 500, max_completion_tokens: null }, []],
  ])('%j', (asked, written, lost) => {
    const got = chatToA(asked);
    expectFields(got.body, written);
    expect(got.lost).toEqual(lost as string[]);
  });

  test('R12: the newer field counts where a client writes both', () => {
    expect(chatToA({ model: 'claude-opus-5', max_tokens: 100, max_completion_tokens: 500 }).body.max_tokens).toBe(500);
    const gemini = translate('openai-chat', 'gemini', { ...HI, model: 'gemini-2.5-pro', max_completion_tokens: 500 });
    expect<unknown>(gemini.body.generationConfig).toEqual({ maxOutputTokens: 500 });
  });
});

describe('to Anthropic: sampling', () => {
  test.each<Row>([
    [{ model: 'claude-sonnet-4-5', temperature: 1.7 }, { temperature: 1 }, ['clamped=temperature']],
    [{ model: 'claude-opus-5', temperature: 1.7 }, { temperature: null }, ['temperature']],
    [{ model: 'claude-opus-5', temperature: 1, top_p: 1 }, { temperature: null, top_p: null }, []],
    [{ model: 'claude-haiku-4-5', temperature: 0.5, top_p: 0.9 }, { temperature: 0.5, top_p: null }, ['top_p']],
    [{ model: 'claude-3-5-haiku', temperature: 0.5, top_p: 0.9 }, { temperature: 0.5, top_p: 0.9 }, []],
    [
      { model: 'claude-opus-5', presence_penalty: 1, frequency_penalty: 1, seed: 3 },
      { presence_penalty: null, seed: null },
      [],
    ],
    [{ model: 'claude-opus-5', logit_bias: { 1: 2 } }, { logit_bias: null }, ['logit_bias']],
  ])('%j', (asked, written, lost) => {
    const got = chatToA(asked);
    expectFields(got.body, written);
    expect(got.lost).toEqual(lost as string[]);
  });
});

describe('to Anthropic: thinking', () => {
  const shown = { type: 'adaptive', display: 'summarized' };
  test.each<Row>([
    [
      { model: 'claude-sonnet-4-5', reasoning_effort: 'high', max_tokens: 2000 },
      { thinking: { type: 'enabled', budget_tokens: 1600 } },
      [],
    ],
    [
      { model: 'claude-sonnet-4-5', reasoning_effort: 'low', max_tokens: 900 },
      { thinking: null, max_tokens: 900 },
      ['thinking'],
    ],
    [
      { model: 'claude-sonnet-4-5', reasoning_effort: 'medium' },
      { thinking: { type: 'enabled', budget_tokens: 8192 } },
      [],
    ],
    [
      { model: 'claude-opus-5-5', reasoning_effort: 'none' },
      { thinking: null, output_config: { effort: 'low' } },
      ['reasoning-floor'],
    ],
    [{ model: 'claude-opus-5', reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }, []],
    [{ model: 'claude-sonnet-5-5', reasoning_effort: 'none' }, { thinking: { type: 'between_tools' } }, []],
    [
      { model: 'claude-opus-4-8', reasoning_effort: 'minimal' },
      { thinking: shown, output_config: { effort: 'low' } },
      [],
    ],
    [
      { model: 'claude-opus-4-8', reasoning_effort: 'xhigh' },
      { thinking: shown, output_config: { effort: 'xhigh' } },
      [],
    ],
    [
      { model: 'claude-opus-4-6', reasoning_effort: 'xhigh' },
      { thinking: shown, output_config: { effort: 'high' } },
      ['effort'],
    ],
    [{ model: 'claude-3-5-haiku', reasoning_effort: 'high' }, { thinking: null }, ['reasoning']],
    [{ model: 'claude-opus-4-8' }, { thinking: null, output_config: null }, []],
    [
      { model: 'claude-sonnet-4-5', reasoning_effort: 'high', temperature: 0.5 },
      { temperature: null },
      ['temperature'],
    ],
  ])('%j', (asked, written, lost) => {
    const got = chatToA(asked);
    expectFields(got.body, written);
    expect(got.lost).toEqual(lost as string[]);
  });
});

describe('to Anthropic: the choice of tools', () => {
  test.each<Row>([
    [
      { model: 'claude-sonnet-4-5', tool_choice: 'required', reasoning_effort: 'medium' },
      { tool_choice: { type: 'auto' } },
      ['tool_choice'],
    ],
    [{ model: 'claude-sonnet-4-5', tool_choice: 'required' }, { tool_choice: { type: 'any' }, thinking: null }, []],
    [
      { model: 'claude-opus-5', tool_choice: 'required' },
      { tool_choice: { type: 'any' }, thinking: { type: 'disabled' } },
      [],
    ],
    [{ model: 'claude-opus-5-5', tool_choice: 'required' }, { tool_choice: { type: 'auto' } }, ['tool_choice']],
    [
      { model: 'claude-haiku-5-5', tool_choice: { type: 'function', function: { name: 'f' } } },
      { tool_choice: { type: 'auto' } },
      ['tool_choice'],
    ],
    [{ model: 'claude-opus-5', tool_choice: 'none' }, { tool_choice: { type: 'none' } }, []],
    [
      { model: 'claude-opus-5', parallel_tool_calls: false },
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      [],
    ],
  ])('%j', (asked, written, lost) => {
    const got = chatToA({ tools: [TOOL], ...asked });
    expectFields(got.body, written);
    expect(got.lost).toEqual(lost as string[]);
  });

  test('R30: of the allowed tools alone, one call at a time', () => {
    const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] };
    const { body, lost } = chatToA({
      model: 'claude-sonnet-4-5',
      tools: [TOOL, OTHER_TOOL],
      tool_choice: { type: 'allowed_tools', allowed_tools: allowed },
      parallel_tool_calls: false,
    });
    expect((body.tools as { name: string }[]).map(({ name }) => name)).toEqual(['g']);
    expect<unknown>(body.tool_choice).toEqual({ type: 'any', disable_parallel_tool_use: true });
    expect(lost).toEqual(['cache']);
  });

  test('a history with calls but without tools gets stand-ins', () => {
    const messages = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'old', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
    ];
    expect<unknown>(chatToA({ model: 'claude-opus-5', messages }).body.tools).toEqual([
      { name: 'old', input_schema: expect.objectContaining({ type: 'object' }) },
    ]);
  });
});

describe('R29: a choice without tools is left out', () => {
  const choice = { tools: [], tool_choice: 'auto', parallel_tool_calls: false };
  test.each<[DialectId, string]>([
    ['anthropic-messages', 'claude-opus-5'],
    ['openai-responses', 'gpt-5'],
    ['gemini', 'gemini-3.8-flash'],
  ])('for %s', (to, model) => {
    const { body, lost } = translate('openai-chat', to, { ...HI, model, ...choice });
    for (const field of ['tools', 'tool_choice', 'parallel_tool_calls', 'toolConfig'])
      expect(body).not.toHaveProperty(field);
    expect(lost).toEqual([]);
  });

  test('for chat', () => {
    const { body, lost } = aTo('openai-chat', { model: 'gpt-5', tools: [], tool_choice: { type: 'auto' } });
    expect([body.tools, body.tool_choice, lost]).toEqual([undefined, undefined, []]);
  });
});

describe('to Anthropic: a begun answer', () => {
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'Sure: ' },
  ];
  test('is trimmed for a model that goes on with it', () => {
    const { body, lost } = chatToA({ model: 'claude-sonnet-4-5', messages });
    expect<unknown>((body.messages as JsonObject[]).at(-1)).toMatchObject({
      role: 'assistant',
      content: [{ text: 'Sure:' }],
    });
    expect(lost).toEqual([]);
  });
  test('and asked for, of one that does not', () => {
    const { body, lost } = chatToA({ model: 'claude-opus-4-6', messages });
    expect<unknown>((body.messages as JsonObject[]).at(-1)).toMatchObject({
      role: 'user',
      content: [{ text: 'Continue.' }],
    });
    expect(lost).toEqual(['prefill']);
  });
});
