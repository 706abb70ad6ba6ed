import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { refit } from '../../../../src/translate/openai-chat/refit.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';
import { refitBody } from '../../../support/refit-body.ts';

const OPENAI: TargetTraits = { provider: 'openai', quirks: {} };
const OTHER: TargetTraits = { provider: 'openai-compatible', quirks: { maxTokensField: 'max_tokens' } };

type Row = readonly [model: string, sent: JsonObject, fitted: JsonObject, lost: readonly string[]];

describe('a body for another model', () => {
  test.each<Row>([
    ['gpt-5', { reasoning_effort: 'xhigh' }, { reasoning_effort: 'high' }, ['effort']],
    ['gpt-5', { reasoning_effort: 'none' }, { reasoning_effort: 'minimal' }, ['reasoning-floor']],
    ['gpt-5.1', { reasoning_effort: 'minimal' }, { reasoning_effort: 'low' }, ['effort']],
    ['gpt-5.1', { reasoning_effort: 'none', temperature: 0.5 }, { reasoning_effort: 'none', temperature: 0.5 }, []],
    ['gpt-5.1', { temperature: 0.5, presence_penalty: 1 }, { temperature: 0.5 }, ['sampling']],
    ['gpt-4o', { reasoning_effort: 'high' }, {}, ['reasoning']],
    ['gpt-4o', { reasoning_effort: 'none', temperature: 0.5 }, { temperature: 0.5 }, []],
    ['gpt-4o', { verbosity: 'low' }, {}, ['verbosity']],
    ['gpt-5', { verbosity: 'low' }, { verbosity: 'low' }, []],
    ['o3', { temperature: 0.5, top_p: 1, logit_bias: { 1: 2 }, stop: ['x'] }, {}, ['stop', 'sampling']],
    ['gpt-5', { temperature: 1, top_p: 1, presence_penalty: 0, logprobs: false }, {}, []],
    ['gpt-5', { max_tokens: 50 }, { max_completion_tokens: 50 }, []],
    ['gpt-5', { max_tokens: 50, max_completion_tokens: 60 }, { max_completion_tokens: 60 }, []],
    ['gpt-4o', { max_tokens: 20_000 }, { max_tokens: 16_384 }, ['clamped=max_tokens']],
    ['gpt-4o', { max_completion_tokens: 20_000 }, { max_completion_tokens: 16_384 }, ['clamped=max_tokens']],
    [
      'some-model',
      { reasoning_effort: 'max', temperature: 2, max_tokens: 1e6 },
      { reasoning_effort: 'max', temperature: 2, max_tokens: 1e6 },
      [],
    ],
  ])('%s: %j', (model, sent, fitted, lost) => {
    expect<unknown>(refitBody(refit, { messages: [], ...sent }, { model, traits: OPENAI })).toEqual({
      body: { messages: [], ...fitted },
      lost,
    });
  });

  test('of another server keeps its limit, which is known by its list alone', () => {
    const body = { max_tokens: 20_000 };
    expect<unknown>(refitBody(refit, body, { model: 'gpt-4o', traits: OTHER })).toEqual({ body, lost: [] });
    expect<unknown>(refitBody(refit, body, { model: 'gpt-5', traits: OTHER })).toEqual({ body, lost: [] });
    const told = { ...OTHER, facts: { maxOutput: 9 } };
    expect(refitBody(refit, body, { model: 'qwen', traits: told }).body).toEqual({ max_tokens: 9 });
  });
});

test('nothing changes for the model that the client named', () => {
  const body = { reasoning_effort: 'max', temperature: 2, max_tokens: 1e6 };
  expect<unknown>(refitBody(refit, body, { model: 'o3', traits: OPENAI, renamed: false })).toEqual({ body, lost: [] });
});
