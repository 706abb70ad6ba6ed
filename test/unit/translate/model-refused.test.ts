import { expect, test } from 'bun:test';
import { refusesModel } from '../../../src/translate/model-refused.ts';

test.each([
  'The requested model is unavailable',
  'model gemini-x is not available',
  "The 'gpt-5.1-codex' model is not supported when using this account",
  'The model `gpt-9` does not exist',
  'Model glm-4 has been retired',
  'Invalid model name passed in model=foo',
])('P18: a bad request that is the matter of the model: %s', (text) => {
  expect(refusesModel(text)).toBe(true);
});

test.each([
  "Unsupported parameter: 'temperature' is not supported with this model.",
  'This model does not support tools.',
  "For this model, 'max_tokens' is not supported.",
  'messages.0: the image is not available',
  "This model's maximum context length is 8192 tokens.",
])('a bad request that is its own fault: %s', (text) => {
  expect(refusesModel(text)).toBe(false);
});
