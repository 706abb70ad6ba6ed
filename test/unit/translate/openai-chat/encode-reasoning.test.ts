import { expect, test } from 'bun:test';
import { emptyRequest, type ReasoningControl } from '../../../../src/translate/canonical/request.ts';
import { encodeReasoning } from '../../../../src/translate/openai-chat/encode-reasoning.ts';
import { startEncoding } from '../../../../src/translate/openai-chat/encoding.ts';
import type { Quirks } from '../../../../src/translate/target.ts';

const encode = (reasoning: ReasoningControl, model: string, quirks?: Quirks) => {
  const traits = quirks === undefined ? { provider: 'openai', quirks: {} } : { provider: 'openai-compatible', quirks };
  const encoding = startEncoding({ ...emptyRequest(model, false), reasoning }, traits as never);
  return { fields: encodeReasoning(encoding), losses: encoding.losses.map(({ field }) => field) };
};

const cases: readonly (readonly [string, ReasoningControl, Quirks | undefined, unknown, readonly string[]])[] = [
  ['gpt-5', { mode: 'on', effort: 'high' }, undefined, { reasoning_effort: 'high' }, []],
  ['gpt-5', { mode: 'on', budget: 8192 }, undefined, { reasoning_effort: 'medium' }, []],
  ['gpt-5', { mode: 'on', budget: 40000 }, undefined, { reasoning_effort: 'high' }, ['effort']],
  ['gpt-5', { mode: 'off' }, undefined, { reasoning_effort: 'minimal' }, ['reasoning-floor']],
  ['gpt-5', { mode: 'auto' }, undefined, {}, []],
  ['gpt-5', { mode: 'on' }, undefined, {}, []],
  ['gpt-5', { display: 'omitted' }, undefined, {}, []],
  ['gpt-5.1', { mode: 'off', effort: 'none' }, undefined, { reasoning_effort: 'none' }, []],
  ['gpt-5.1', { mode: 'on', effort: 'minimal' }, undefined, { reasoning_effort: 'low' }, ['effort']],
  ['gpt-5.2', { mode: 'on', effort: 'max' }, undefined, { reasoning_effort: 'xhigh' }, ['effort']],
  ['gpt-6', { mode: 'on', effort: 'max' }, undefined, { reasoning_effort: 'max' }, []],
  ['o3', { mode: 'on', effort: 'minimal' }, undefined, { reasoning_effort: 'low' }, ['effort']],
  ['gpt-4o', { mode: 'on', effort: 'high' }, undefined, {}, ['reasoning']],
  ['gpt-4o', { mode: 'off' }, undefined, {}, []],
  ['qwen3', { mode: 'on', effort: 'high' }, {}, { reasoning_effort: 'high' }, []],
  ['qwen3', { mode: 'on', effort: 'xhigh' }, {}, { reasoning_effort: 'high' }, ['effort']],
  ['qwen3', { mode: 'off' }, {}, {}, ['effort']],
  ['glm-5.3', { mode: 'off' }, { reasoningControl: 'effort' }, { reasoning_effort: 'none' }, []],
  ['grok-4', { mode: 'on', effort: 'high' }, { reasoningControl: 'none' }, {}, ['reasoning']],
  [
    'glm-4.6',
    { mode: 'on', effort: 'high' },
    { reasoningControl: 'thinking-type' },
    { thinking: { type: 'enabled' } },
    [],
  ],
  ['glm-4.6', { mode: 'on' }, { reasoningControl: 'thinking-type' }, { thinking: { type: 'enabled' } }, []],
  ['glm-4.6', { mode: 'off' }, { reasoningControl: 'thinking-type' }, { thinking: { type: 'disabled' } }, []],
  [
    'deepseek-chat',
    { mode: 'on', effort: 'xhigh' },
    { reasoningControl: 'thinking-type' },
    { thinking: { type: 'enabled' }, reasoning_effort: 'max' },
    [],
  ],
  [
    'anthropic/claude',
    { mode: 'on', effort: 'high', display: 'omitted' },
    { reasoningControl: 'reasoning-object' },
    { reasoning: { effort: 'high', exclude: true } },
    [],
  ],
  [
    'x/y',
    { mode: 'on', budget: 2000 },
    { reasoningControl: 'reasoning-object' },
    { reasoning: { max_tokens: 2000 } },
    [],
  ],
  ['x/y', { mode: 'on' }, { reasoningControl: 'reasoning-object' }, { reasoning: { enabled: true } }, []],
  ['x/y', { mode: 'off' }, { reasoningControl: 'reasoning-object' }, { reasoning: { effort: 'none' } }, []],
  ['openai/gpt-4o', { mode: 'on' }, { reasoningControl: 'reasoning-object' }, {}, ['reasoning']],
];

const ollama: readonly (readonly [string, ReasoningControl, unknown, readonly string[]])[] = [
  ['llama3.2', { mode: 'on', effort: 'high' }, {}, ['reasoning']],
  ['qwen3', { mode: 'off' }, { reasoning_effort: 'none' }, []],
  ['gpt-oss:20b', { mode: 'on', effort: 'xhigh' }, { reasoning_effort: 'high' }, []],
];
for (const [model, reasoning, fields, losses] of ollama) {
  test(`Ollama: ${model} ${JSON.stringify(reasoning)}`, () => {
    const request = { ...emptyRequest(model, false), reasoning };
    const encoding = startEncoding(request, { provider: 'ollama', quirks: {} });
    expect(encodeReasoning(encoding)).toEqual(fields as never);
    expect(encoding.losses.map(({ field }) => field)).toEqual([...losses]);
  });
}

for (const [model, reasoning, quirks, fields, losses] of cases) {
  test(`${model} ${quirks?.reasoningControl ?? ''} ${JSON.stringify(reasoning)}`, () =>
    expect(encode(reasoning, model, quirks)).toEqual({ fields, losses } as never));
}
