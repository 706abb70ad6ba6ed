import { describe, expect, test } from 'bun:test';
import type { ReasoningControl, Sampling } from '../../../../src/translate/canonical/request.ts';
import { encodeReasoning, encodeSampling } from '../../../../src/translate/openai-responses/encode-controls.ts';
import { startEncoding } from '../../../../src/translate/openai-responses/encoding.ts';
import { OPENAI, requestOf } from './samples.ts';

function reasoning(model: string, control: ReasoningControl) {
  const encoding = startEncoding(requestOf({ reasoning: control }, model), OPENAI);
  return [encodeReasoning(encoding), encoding.losses.map((loss) => loss.field)] as const;
}

function sampling(model: string, fields: Sampling, control?: ReasoningControl) {
  const wish = control === undefined ? {} : { reasoning: control };
  const encoding = startEncoding(requestOf({ sampling: fields, ...wish }, model), OPENAI);
  return [encodeSampling(encoding), encoding.losses.map((loss) => loss.field)] as const;
}

describe('reasoning', () => {
  const cases: [string, ReasoningControl, unknown, string[]][] = [
    ['gpt-5.4', { mode: 'on', effort: 'high' }, { effort: 'high', summary: 'auto' }, []],
    ['gpt-5.4', { mode: 'on', effort: 'high', display: 'omitted' }, { effort: 'high' }, []],
    ['gpt-5.4', { mode: 'on', effort: 'high', display: 'full' }, { effort: 'high', summary: 'detailed' }, []],
    ['gpt-5.4', { mode: 'on', budget: 8192, display: 'summary' }, { effort: 'medium', summary: 'auto' }, []],
    ['gpt-5.4', { mode: 'on', budget: 31999 }, { effort: 'xhigh', summary: 'auto' }, []],
    ['gpt-5.4', { mode: 'auto', display: 'summary', summary: 'concise' }, { summary: 'concise' }, []],
    ['gpt-5.4', { mode: 'auto', display: 'omitted' }, undefined, []],
    ['gpt-5.4', { mode: 'off' }, { effort: 'none' }, []],
    ['gpt-5', { mode: 'off' }, { effort: 'minimal' }, ['reasoning-floor']],
    ['o3', { mode: 'off' }, { effort: 'low' }, ['reasoning-floor']],
    ['gpt-5', { mode: 'on', effort: 'max' }, { effort: 'high', summary: 'auto' }, ['effort']],
    ['gpt-5.4', { mode: 'on', effort: 'minimal' }, { effort: 'low', summary: 'auto' }, ['effort']],
    ['gpt-5.6', { mode: 'on', effort: 'max' }, { effort: 'max', summary: 'auto' }, []],
    ['gpt-4.1', { mode: 'on', effort: 'low' }, undefined, ['reasoning']],
    ['gpt-4.1', { mode: 'off' }, undefined, []],
    ['an-open-model', { mode: 'on', effort: 'max' }, { effort: 'max', summary: 'auto' }, []],
  ];
  test.each(cases)('%s with %j', (model, control, expected, losses) => {
    expect(reasoning(model, control) as unknown).toEqual([expected, losses]);
  });
});

describe('sampling', () => {
  const cases: [string, Sampling, ReasoningControl | undefined, unknown, string[]][] = [
    ['gpt-4.1', { temperature: 0, topP: 0.5 }, undefined, { temperature: 0, top_p: 0.5 }, []],
    ['gpt-4.1', { logprobs: { top: 2 } }, undefined, { top_logprobs: 2 }, []],
    ['gpt-5', { logprobs: { top: 2 } }, undefined, {}, ['logprobs']],
    ['gpt-4.1', { seed: 1, topK: 3, presencePenalty: 1, frequencyPenalty: 1 }, undefined, {}, []],
    ['gpt-4.1', { logitBias: { '1': 1 } }, undefined, {}, ['logit_bias']],
    ['gpt-4.1', { stop: [] }, undefined, {}, []],
    ['gpt-5', { temperature: 1 }, undefined, {}, ['sampling']],
    ['gpt-5', { temperature: 1 }, { mode: 'off' }, {}, ['sampling']],
    ['gpt-5.4', { temperature: 1 }, undefined, { temperature: 1 }, []],
    ['gpt-5.4', { temperature: 1 }, { mode: 'on', effort: 'low' }, {}, ['sampling']],
    ['gpt-5.6', { temperature: 1 }, { mode: 'off' }, { temperature: 1 }, []],
    ['gpt-5.6', { temperature: 1 }, undefined, {}, ['sampling']],
    ['gpt-5', { maxTokens: 5 }, undefined, { max_output_tokens: 16 }, ['clamped=max_output_tokens']],
    ['gpt-5', { maxTokens: 500 }, undefined, { max_output_tokens: 500 }, []],
  ];
  test.each(cases)('%s with %j and %j', (model, fields, control, expected, losses) => {
    expect(sampling(model, fields, control) as unknown).toEqual([expected, losses]);
  });
});
