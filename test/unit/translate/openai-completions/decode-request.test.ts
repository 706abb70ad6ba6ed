import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { openaiCompletions } from '../../../../src/translate/openai-completions/index.ts';

const decode = (body: JsonObject) => openaiCompletions.client!.decodeRequest(body, { model: 'm', stream: false });

test('a prompt is one user turn', () => {
  const expected = {
    model: 'm',
    stream: false,
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }],
    tools: [],
    sampling: {},
    answer: {},
    extras: {},
  };
  expect(decode({ model: 'm', prompt: 'x' })).toEqual(expected as never);
  expect(decode({ model: 'm', prompt: ['x'] })).toEqual(expected as never);
  const nulls = { suffix: null, seed: null, logprobs: null, stop: null, n: null, user: null };
  expect(decode({ model: 'm', prompt: 'x', best_of: 1, logit_bias: {}, ...nulls })).toMatchObject(expected as never);
});

test('every field', () => {
  const body = {
    max_tokens: 5,
    temperature: 0.5,
    top_p: 0.9,
    presence_penalty: 1,
    frequency_penalty: 2,
    seed: 3,
    stop: 'X',
    n: 2,
    logit_bias: { 1: 2 },
    user: 'u',
    echo: true,
    stream_options: { include_usage: true },
    best_of: 3,
    logprobs: 2,
  };
  expect(decode({ model: 'm', prompt: 'x', ...body })).toMatchObject({
    sampling: {
      maxTokens: 5,
      temperature: 0.5,
      topP: 0.9,
      presencePenalty: 1,
      frequencyPenalty: 2,
      seed: 3,
      stop: ['X'],
      n: 2,
      logitBias: { 1: 2 },
      logprobs: { top: 2 },
    },
    endUser: { name: 'u' },
    answer: { includeUsage: true, echoPrompt: 'x' },
    extras: { 'openai-completions': { best_of: 3 } },
  });
});

test('best_of is a loss only where it leaves a choice', () => {
  expect(decode({ prompt: 'x', n: 3, best_of: 3 }).extras).toEqual({});
  expect(decode({ prompt: 'x', n: 3, best_of: 4 }).extras).toEqual({ 'openai-completions': { best_of: 4 } });
});

test('more alternatives than other dialects give become as many as they do', () => {
  expect(decode({ prompt: 'x', logprobs: 50 }).sampling.logprobs).toEqual({ top: 20 });
  expect(decode({ prompt: 'x', logprobs: 0 }).sampling.logprobs).toEqual({ top: 0 });
});

test('a missing limit stays missing', () => expect(decode({ prompt: 'x' }).sampling).toEqual({}));

describe('is refused', () => {
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ['no prompt', { model: 'm' }, 'prompt'],
    ['a prompt that is a number', { model: 'm', prompt: 5 }, 'prompt'],
    ['an empty list', { model: 'm', prompt: [] }, 'prompt'],
    ['several prompts', { model: 'm', prompt: ['a', 'b'] }, 'prompt'],
    ['token ids', { model: 'm', prompt: [1, 2] }, 'prompt'],
    ['lists of token ids', { model: 'm', prompt: [[1, 2]] }, 'prompt'],
    ['a suffix', { model: 'm', prompt: 'x', suffix: 'y' }, 'suffix'],
    ['a model that is no string', { model: 5, prompt: 'x' }, 'model'],
    ['a limit that is text', { model: 'm', prompt: 'x', max_tokens: '5' }, 'max_tokens'],
  ];
  for (const [name, body, param] of cases) {
    test(name, () => {
      let thrown: unknown;
      try {
        decode(body);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(GatewayError);
      const { kind, detail } = thrown as GatewayError;
      expect([kind, detail.param]).toEqual(['invalid-request', param]);
    });
  }
});
