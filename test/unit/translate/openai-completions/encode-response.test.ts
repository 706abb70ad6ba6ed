import { expect, test } from 'bun:test';
import { emptyRequest } from '../../../../src/translate/canonical/request.ts';
import type { CanonicalResponse } from '../../../../src/translate/canonical/response.ts';
import { encodeResponse, writeLegacyLogprobs } from '../../../../src/translate/openai-completions/encode-response.ts';

const response: CanonicalResponse = {
  parts: [
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ],
  finish: { reason: 'length' },
  usage: { input: 3, output: 2 },
  losses: [],
};
const encode = (answer: object) =>
  encodeResponse(response, {
    request: { ...emptyRequest('asked', false), answer },
    exchangeId: 'x',
    createdAt: 1_784_246_400_999,
  });

test('an answer is its text', () => {
  expect(encode({})).toEqual({
    id: expect.stringMatching(/^cmpl-\w{29}$/),
    object: 'text_completion',
    created: 1_784_246_400,
    model: 'asked',
    choices: [{ text: 'ab', index: 0, logprobs: null, finish_reason: 'length' }],
    usage: {
      prompt_tokens: 3,
      completion_tokens: 2,
      total_tokens: 5,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  });
});

test('the prompt stands before it when that was asked for', () => {
  expect(encode({ echoPrompt: 'x ' }).choices).toMatchObject([{ text: 'x ab' }]);
});

test('probabilities have the form of this dialect, and stand where the text does', () => {
  const top = [
    { token: 'Hé', logprob: -0.5 },
    { token: 'Yo', logprob: -2 },
  ];
  const tokens = [
    { token: 'Hé', logprob: -0.5, top },
    { token: '!', logprob: -1, top: [] },
  ];
  expect(writeLegacyLogprobs(tokens, 3)).toEqual({
    tokens: ['Hé', '!'],
    token_logprobs: [-0.5, -1],
    top_logprobs: [{ Hé: -0.5, Yo: -2 }, {}],
    text_offset: [3, 5],
  });
});
