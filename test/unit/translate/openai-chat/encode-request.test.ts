import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalRequest, Sampling } from '../../../../src/translate/canonical/request.ts';
import { encodeRequest } from '../../../../src/translate/openai-chat/encode-request.ts';
import type { Quirks, TargetTraits } from '../../../../src/translate/target.ts';

const request = (fields: Partial<CanonicalRequest> = {}): CanonicalRequest => ({
  model: 'gpt-4o',
  stream: false,
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  tools: [],
  sampling: {},
  answer: {},
  extras: {},
  ...fields,
});
const official: TargetTraits = { provider: 'openai', quirks: {} };
const compatible = (quirks: Quirks = {}): TargetTraits => ({ provider: 'openai-compatible', quirks });
const fieldsOf = (fields: Partial<CanonicalRequest>, traits: TargetTraits = official): JsonObject => {
  const { model: _model, messages: _messages, ...rest } = encodeRequest(request(fields), traits).body;
  return rest;
};
const lossesOf = (fields: Partial<CanonicalRequest>, traits: TargetTraits = official) =>
  encodeRequest(request(fields), traits).losses.map(({ field, effect }) => `${field} ${effect}`);

test('R43: a request with nothing has nothing but its model and messages', () => {
  expect(JSON.parse(JSON.stringify(encodeRequest(request(), official)))).toEqual({
    body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] },
    losses: [],
  });
});

describe('the limit', () => {
  const cases: readonly (readonly [string, TargetTraits, string])[] = [
    ['gpt-4o', official, 'max_completion_tokens'],
    ['gpt-5', official, 'max_completion_tokens'],
    ['gpt-5', compatible(), 'max_completion_tokens'],
    ['openai/o3', compatible(), 'max_completion_tokens'],
    ['qwen3', compatible(), 'max_tokens'],
    ['gpt-5', compatible({ maxTokensField: 'max_tokens' }), 'max_tokens'],
    ['qwen3', compatible({ maxTokensField: 'max_completion_tokens' }), 'max_completion_tokens'],
  ];
  for (const [model, traits, field] of cases) {
    test(`of ${model} at ${traits.provider} is ${field}`, () =>
      expect(fieldsOf({ model, sampling: { maxTokens: 9 } }, traits)).toEqual({ [field]: 9 }));
  }
});

describe('stop sequences', () => {
  const stop = ['a', 'b', 'c', 'd', 'e'];
  test('R11: are a list, even of one', () => expect(fieldsOf({ sampling: { stop: ['a'] } })).toEqual({ stop: ['a'] }));
  test('are cut to what the target takes', () => {
    expect(fieldsOf({ sampling: { stop } })).toEqual({ stop: ['a', 'b', 'c', 'd'] });
    expect(lossesOf({ sampling: { stop } })).toEqual(['stop approximated']);
    expect(fieldsOf({ sampling: { stop } }, compatible({ maxStops: 1 }))).toEqual({ stop: ['a'] });
  });
});

describe('sampling', () => {
  const sampling: Sampling = {
    temperature: 0.5,
    topP: 0.9,
    presencePenalty: 1,
    frequencyPenalty: 2,
    logitBias: { 1: 2 },
    seed: 3,
  };
  const wire = {
    temperature: 0.5,
    top_p: 0.9,
    presence_penalty: 1,
    frequency_penalty: 2,
    logit_bias: { 1: 2 },
    seed: 3,
  };

  test('goes to a model that does not reason', () => expect(fieldsOf({ sampling })).toEqual(wire));
  test('is dropped, and told, for one that does', () => {
    expect(fieldsOf({ model: 'gpt-5', sampling })).toEqual({ seed: 3 });
    expect(lossesOf({ model: 'gpt-5', sampling })).toEqual(['sampling dropped']);
  });
  test('that says what is so anyway is no loss', () => {
    const idle = { temperature: 1, topP: 1, presencePenalty: 0 };
    expect(lossesOf({ model: 'gpt-5', sampling: idle })).toEqual([]);
  });
  test('is taken by gpt-5.1 and later while they do not think', () => {
    const reasoning = { mode: 'off' } as const;
    expect(fieldsOf({ model: 'gpt-5.2', sampling: { temperature: 0.5 }, reasoning })).toEqual({
      reasoning_effort: 'none',
      temperature: 0.5,
    });
    // which they do not unless they are asked to
    expect(fieldsOf({ model: 'gpt-5.2', sampling: { temperature: 0.5 } })).toEqual({ temperature: 0.5 });
    expect(fieldsOf({ model: 'gpt-5', sampling: { temperature: 0.5 } })).toEqual({});
  });
  test('top_k goes only to servers that know it', () => {
    expect(fieldsOf({ sampling: { topK: 5 } })).toEqual({});
    expect(fieldsOf({ sampling: { topK: 5 } }, compatible({ topK: true }))).toEqual({ top_k: 5 });
  });
  test('several answers and probabilities are asked for', () => {
    expect(fieldsOf({ sampling: { n: 2, logprobs: { top: 25 } } })).toEqual({ n: 2, logprobs: true, top_logprobs: 20 });
    expect(fieldsOf({ sampling: { n: 1, logprobs: {} } })).toEqual({ logprobs: true });
  });

  test('probabilities are a loss where the model thinks', () => {
    expect(lossesOf({ model: 'gpt-5', sampling: { logprobs: {} } })).toEqual(['logprobs dropped']);
    const idle = { model: 'gpt-5.1', sampling: { logprobs: {} }, reasoning: { mode: 'off' } } as const;
    expect(fieldsOf(idle)).toEqual({ reasoning_effort: 'none', logprobs: true });
  });

  test('several answers are refused where the server gives one', () => {
    const ask = () => fieldsOf({ sampling: { n: 2 } }, compatible({ refusedFields: ['n'] }));
    expect(ask).toThrow(expect.objectContaining({ kind: 'translation-refused', detail: { param: 'n' } }));
  });
});

test('usage is asked for in every stream, unless the server refuses that', () => {
  expect(fieldsOf({ stream: true })).toEqual({ stream: true, stream_options: { include_usage: true } });
  expect(fieldsOf({ stream: true }, compatible({ streamUsage: false }))).toEqual({ stream: true });
});

test('refused fields are a loss when the client had them', () => {
  const traits = compatible({ refusedFields: ['seed', 'stream_options', 'n'] });
  expect(fieldsOf({ stream: true, sampling: { seed: 3 } }, traits)).toEqual({ stream: true });
  expect(lossesOf({ stream: true, sampling: { seed: 3 } }, traits)).toEqual(['seed dropped']);
});

test('extras of the own dialect go back; a lost part of an instruction is only told', () => {
  const extras = { 'openai-chat': { min_p: 0.1, 'system-nontext': true } };
  expect(fieldsOf({ extras })).toEqual({ min_p: 0.1 });
  expect(lossesOf({ extras })).toEqual(['system-nontext dropped']);
});

test('tier, verbosity, metadata and user', () => {
  const fields = { serviceTier: 'priority', verbosity: 'low', user: 'u', metadata: { a: 'b' } } as const;
  expect(fieldsOf({ ...fields, model: 'gpt-5' })).toEqual({ service_tier: 'priority', verbosity: 'low' });
  expect(fieldsOf(fields)).toEqual({ service_tier: 'priority' });
  expect(fieldsOf({ serviceTier: 'standard_only' })).toEqual({});
  expect(lossesOf(fields)).toEqual(['metadata dropped']);
});
