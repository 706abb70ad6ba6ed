import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { refit } from '../../../../src/translate/anthropic-messages/refit.ts';
import { refitBody } from '../../../support/refit-body.ts';

const BASE = { model: 'asked', max_tokens: 64_000, messages: [{ role: 'user', content: 'hi' }] };

/** Only what differs from the base, and what was lost. */
function refitted(model: string, more: JsonObject) {
  const { body, lost } = refitBody(refit, { ...BASE, ...more }, { model });
  const rest = Object.entries(body).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(BASE[key as never]),
  );
  return { fields: Object.fromEntries(rest), lost };
}

const enabled = (budget_tokens = 24576) => ({ type: 'enabled', budget_tokens });
const adaptive = { type: 'adaptive' };
const summarized = { type: 'adaptive', display: 'summarized' };
const disabled = { type: 'disabled' };
const between = { type: 'between_tools' };

type Row = readonly [model: string, sent: JsonObject, fields: JsonObject, lost: readonly string[]];

describe('thinking takes the form of the model', () => {
  test.each<Row>([
    // a budget
    ['claude-opus-4-1', { thinking: enabled(), max_tokens: 32_000 }, { thinking: enabled(), max_tokens: 32_000 }, []],
    ['claude-sonnet-4-6', { thinking: enabled() }, { thinking: enabled() }, []],
    [
      'claude-opus-4-8',
      { thinking: enabled() },
      { thinking: summarized, output_config: { effort: 'high' } },
      ['thinking'],
    ],
    [
      'claude-opus-4-7',
      { thinking: enabled(1024) },
      { thinking: summarized, output_config: { effort: 'low' } },
      ['thinking'],
    ],
    [
      'claude-sonnet-5',
      { thinking: enabled(40_000) },
      { thinking: summarized, output_config: { effort: 'xhigh' } },
      ['thinking'],
    ],
    [
      'claude-opus-5-5',
      { thinking: enabled(8192) },
      { thinking: summarized, output_config: { effort: 'medium' } },
      ['thinking'],
    ],
    [
      'claude-fable-5',
      { thinking: enabled(8192), output_config: { effort: 'max' } },
      { thinking: summarized, output_config: { effort: 'max' } },
      ['thinking'],
    ],
    ['claude-3-5-sonnet', { thinking: enabled(2000), max_tokens: 8000 }, { max_tokens: 8000 }, ['reasoning']],
    // by its own judgement
    ['claude-opus-4-8', { thinking: adaptive }, { thinking: adaptive }, []],
    ['claude-sonnet-4-6', { thinking: adaptive }, { thinking: adaptive }, []],
    ['claude-sonnet-4-5', { thinking: adaptive }, { thinking: enabled() }, ['thinking']],
    [
      'claude-haiku-4-5',
      { thinking: adaptive, output_config: { effort: 'medium' } },
      { thinking: enabled(8192) },
      ['thinking'],
    ],
    [
      'claude-opus-4-5',
      { thinking: adaptive, output_config: { effort: 'xhigh', format: { type: 'json_schema', schema: {} } } },
      { thinking: enabled(32768), output_config: { format: { type: 'json_schema', schema: {} } } },
      ['thinking'],
    ],
    [
      'claude-sonnet-4-5',
      { thinking: { type: 'adaptive', display: 'omitted' }, max_tokens: 2000 },
      { thinking: { type: 'enabled', budget_tokens: 1600, display: 'omitted' }, max_tokens: 2000 },
      ['thinking'],
    ],
    ['claude-sonnet-4-5', { thinking: adaptive, max_tokens: 900 }, { max_tokens: 900 }, ['thinking']],
    [
      'glm-5',
      { thinking: adaptive, output_config: { effort: 'low' } },
      { thinking: enabled(1024), output_config: { effort: 'low' } },
      ['thinking'],
    ],
    // none
    ['claude-sonnet-4-5', { thinking: disabled }, { thinking: disabled }, []],
    ['claude-opus-5', { thinking: disabled }, { thinking: disabled }, []],
    ['claude-haiku-5-5', { thinking: disabled }, { thinking: disabled }, []],
    ['claude-sonnet-5-5', { thinking: disabled }, { thinking: between }, ['thinking']],
    ['claude-sonnet-5-5', { thinking: between }, { thinking: between }, []],
    ['claude-opus-5-5', { thinking: disabled }, { output_config: { effort: 'low' } }, ['reasoning-floor']],
    [
      'claude-mythos-5',
      { thinking: between, output_config: { effort: 'max' } },
      { output_config: { effort: 'low' } },
      ['reasoning-floor'],
    ],
    ['claude-opus-5', { thinking: between }, { thinking: disabled }, ['thinking']],
    [
      'claude-opus-5',
      { thinking: disabled, output_config: { effort: 'max' } },
      { thinking: disabled, output_config: { effort: 'high' } },
      ['effort'],
    ],
    // nothing said, or something nobody knows
    ['claude-opus-5-5', {}, {}, []],
    ['claude-sonnet-4-5', {}, {}, []],
    ['claude-opus-4-8', { thinking: { type: 'novel' } }, { thinking: { type: 'novel' } }, []],
  ])('%s with %j', (model, sent, fields, lost) => {
    expect<unknown>(refitted(model, sent)).toEqual({ fields, lost });
  });

  test('a budget is not asked for in a tool loop whose thought is missing', () => {
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }] },
    ];
    const { fields, lost } = refitted('claude-sonnet-4-5', { thinking: adaptive, messages });
    expect(fields).toEqual({ messages });
    expect(lost).toEqual(['thinking-off']);
  });
});

describe('efforts', () => {
  test.each<Row>([
    ['claude-opus-4-6', { output_config: { effort: 'xhigh' } }, { output_config: { effort: 'high' } }, ['effort']],
    ['claude-opus-4-6', { output_config: { effort: 'max' } }, { output_config: { effort: 'max' } }, []],
    ['claude-sonnet-4-5', { output_config: { effort: 'low' } }, {}, ['effort']],
    ['claude-sonnet-4-5', { output_config: { effort: 'low', x: 1 } }, { output_config: { x: 1 } }, ['effort']],
    ['claude-opus-4-5', { output_config: { effort: 'low' } }, { output_config: { effort: 'low' } }, []],
    ['glm-5', { output_config: { effort: 'low' } }, { output_config: { effort: 'low' } }, []],
  ])('of %s with %j', (model, sent, fields, lost) => {
    expect<unknown>(refitted(model, sent)).toEqual({ fields, lost });
  });
});

describe('what does not go with the model', () => {
  const any = { tool_choice: { type: 'any', disable_parallel_tool_use: true } };
  const auto = { tool_choice: { type: 'auto', disable_parallel_tool_use: true } };
  const named = { tool_choice: { type: 'tool', name: 'f' } };

  test.each<Row>([
    ['claude-sonnet-4-5', { temperature: 0.5, top_p: 0.9 }, { temperature: 0.5 }, ['top_p']],
    ['claude-opus-4-8', { temperature: 0.5, top_p: 0.9, top_k: 4 }, {}, ['temperature', 'top_p', 'top_k']],
    ['claude-opus-5', { temperature: 1, top_p: 1 }, {}, []],
    [
      'claude-3-5-haiku',
      { temperature: 0.5, top_p: 0.9, top_k: 4 },
      { temperature: 0.5, top_p: 0.9, top_k: 4 },
      ['clamped=max_tokens'],
    ],
    ['claude-sonnet-4-5', { temperature: 0.5, thinking: enabled() }, { thinking: enabled() }, ['temperature']],
    ['claude-sonnet-4-5', any, any, []],
    ['claude-sonnet-4-5', { ...any, thinking: enabled() }, { ...auto, thinking: enabled() }, ['tool_choice']],
    ['claude-opus-4-8', any, any, []],
    ['claude-opus-5', any, { ...any, thinking: disabled }, []],
    ['claude-haiku-5-5', named, { tool_choice: { type: 'auto' } }, ['tool_choice']],
    ['claude-opus-5-5', named, { tool_choice: { type: 'auto' } }, ['tool_choice']],
    ['claude-opus-5-5', { tool_choice: { type: 'none' } }, { tool_choice: { type: 'none' } }, []],
  ])('%s with %j', (model, sent, fields, lost) => {
    const { fields: got, lost: gotLost } = refitted(model, sent);
    const { max_tokens: _, ...rest } = got;
    expect<unknown>({ fields: rest, lost: gotLost }).toEqual({ fields, lost });
  });

  test.each([
    ['claude-sonnet-4-5', 100_000, 64_000],
    ['claude-3-haiku', 5000, 4096],
    ['claude-opus-5', 100_000, 100_000],
    ['glm-5', 100_000, 100_000],
  ])('the limit of %s: %d becomes %d', (model, asked, taken) => {
    const { body, lost } = refitBody(refit, { ...BASE, max_tokens: asked }, { model });
    expect(body.max_tokens).toBe(taken);
    expect(lost).toEqual(asked === taken ? [] : ['clamped=max_tokens']);
  });

  test('a budget that the smaller limit leaves no room for is made smaller', () => {
    const { body, lost } = refitBody(
      refit,
      { ...BASE, max_tokens: 60_000, thinking: enabled(50_000) },
      { model: 'claude-opus-4-1' },
    );
    expect(body).toMatchObject({ max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 25_600 } });
    expect(lost).toEqual(['clamped=max_tokens', 'thinking']);
  });
});

describe('turns', () => {
  const system = { role: 'system', content: [{ type: 'text', text: 'left: 9', cache_control: { type: 'ephemeral' } }] };
  const told = {
    role: 'user',
    content: [{ type: 'text', text: '<system>left: 9</system>', cache_control: { type: 'ephemeral' } }],
  };
  const [user, assistant] = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
  ];

  test.each<[string, JsonObject[], JsonObject[], string[]]>([
    ['claude-opus-4-8', [user, system], [user, system], []],
    ['claude-sonnet-5', [user, system], [user, told], []],
    ['claude-sonnet-4-5', [user, system, assistant, user], [user, told, assistant, user], []],
    [
      'glm-5',
      [user, { role: 'system', content: 'x' }],
      [user, { role: 'user', content: [{ type: 'text', text: '<system>x</system>' }] }],
      [],
    ],
    ['claude-sonnet-4-5', [user, assistant], [user, assistant], []],
    ['claude-opus-4-6', [user, assistant], [user, assistant, { role: 'user', content: 'Continue.' }], ['prefill']],
    [
      'claude-opus-4-8',
      [user, assistant, system],
      [user, assistant, system, { role: 'user', content: 'Continue.' }],
      ['prefill'],
    ],
  ])('for %s', (model, messages, expected, lost) => {
    const got = refitBody(refit, { ...BASE, messages }, { model });
    expect<unknown>(got).toEqual({ body: { ...BASE, messages: expected }, lost });
  });

  test('a turn that waits for a server’s tool is no begun answer', () => {
    const paused = {
      role: 'assistant',
      content: [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
    };
    const got = refitBody(refit, { ...BASE, messages: [user, paused] }, { model: 'claude-opus-5' });
    expect(got.lost).toEqual([]);
  });
});

test('the model that the client named gets what the client wrote', () => {
  const body = { ...BASE, max_tokens: 1e6, thinking: enabled(), temperature: 3 };
  expect(refitBody(refit, body, { model: 'claude-opus-5-5', renamed: false })).toEqual({ body, lost: [] });
});

test('what the upstream’s list says of the model counts', () => {
  const traits = { provider: 'anthropic', quirks: {}, facts: { maxOutput: 500, thinkingTypes: ['enabled'] } } as const;
  const { body } = refitBody(refit, { ...BASE, thinking: adaptive }, { model: 'claude-opus-5', traits });
  expect(body.max_tokens).toBe(500);
  expect(body.thinking).toBeUndefined();
});
