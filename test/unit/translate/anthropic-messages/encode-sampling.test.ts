import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { encodeSampling } from '../../../../src/translate/anthropic-messages/encode-sampling.ts';
import type { Sampling } from '../../../../src/translate/canonical/request.ts';
import { readClaudeModel } from '../../../../src/translate/models/claude.ts';

test.each<[string, Sampling, JsonObject, string[]]>([
  ['claude-3-opus', { temperature: 0.5, topP: 0.9, topK: 5 }, { temperature: 0.5, top_p: 0.9, top_k: 5 }, []],
  ['claude-sonnet-4-5', { temperature: 1.7 }, { temperature: 1 }, ['clamped=temperature']],
  ['claude-haiku-4-5', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5 }, ['top_p']],
  ['claude-haiku-4-5', { topP: 0.9 }, { top_p: 0.9 }, []],
  ['claude-opus-5', { temperature: 0.5, topP: 0.9, topK: 5 }, {}, ['temperature', 'top_p', 'top_k']],
  ['claude-opus-5', { temperature: 1, topP: 1 }, {}, []],
  ['glm-5', { stop: ['a', ' ', '\n'] }, { stop_sequences: ['a'] }, ['stop']],
  ['glm-5', { stop: [' '] }, {}, ['stop']],
  ['glm-5', { stop: [] }, {}, []],
  ['glm-5', { presencePenalty: 1, frequencyPenalty: 1, seed: 7 }, {}, []],
  ['glm-5', { logprobs: { top: 3 }, logitBias: { '5': 1 } }, {}, ['logprobs', 'logit_bias']],
])('%s with %j', (model, sampling, fields, losses) => {
  const encoded = encodeSampling(sampling, readClaudeModel(model), false);
  expect(encoded.fields).toEqual(fields);
  expect(encoded.losses.map((loss) => loss.field)).toEqual(losses);
});

test('T4: thinking leaves only a high top_p', () => {
  const traits = readClaudeModel('claude-3-7-sonnet');
  expect(encodeSampling({ temperature: 1, topP: 0.97 }, traits, true)).toEqual({ fields: { top_p: 0.97 }, losses: [] });
  const encoded = encodeSampling({ temperature: 0.2, topP: 0.5, topK: 3 }, traits, true);
  expect(encoded.fields).toEqual({});
  expect(encoded.losses.map((loss) => loss.field)).toEqual(['temperature', 'top_p', 'top_k']);
});

test('keeps as many stop sequences as the server takes', () => {
  const encoded = encodeSampling({ stop: ['a', 'b'] }, readClaudeModel('glm-5'), false, 1);
  expect(encoded.fields).toEqual({ stop_sequences: ['a'] });
  expect(encoded.losses.map((loss) => loss.field)).toEqual(['stop']);
});
