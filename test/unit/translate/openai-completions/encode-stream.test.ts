import { expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { encodeStream } from '../../../../src/translate/openai-completions/encode-stream.ts';
import { encodeError } from '../../../../src/translate/openai-completions/errors.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

const encode = (events: readonly CanonicalEvent[], answer: object = {}) => {
  const request = { ...emptyRequest('asked', true), answer };
  return runAll(encodeStream({ request, exchangeId: 'x', createdAt: 1_784_246_400_999 }), events).map(({ data }) =>
    data === '[DONE]' ? data : JSON.parse(data),
  );
};
const start: CanonicalEvent = { type: 'message-start' };
const said: CanonicalEvent[] = [
  { type: 'reasoning-start' },
  { type: 'reasoning-delta', text: 'hm' },
  { type: 'reasoning-end' },
  { type: 'text-start' },
  { type: 'text-delta', text: 'a' },
  { type: 'text-end' },
];
const end: CanonicalEvent = { type: 'message-end', finish: { reason: 'stop' }, usage: { input: 3, output: 2 } };
const frame = {
  id: expect.stringMatching(/^cmpl-\w{29}$/),
  object: 'text_completion',
  created: 1_784_246_400,
  model: 'asked',
};

test('a stream is its text, the finish and [DONE]', () => {
  expect(encode([start, ...said, end])).toEqual([
    { ...frame, choices: [{ text: 'a', index: 0, logprobs: null, finish_reason: null }] },
    { ...frame, choices: [{ text: '', index: 0, logprobs: null, finish_reason: 'stop' }] },
    '[DONE]',
  ]);
});

test('counts come last, for who asked', () => {
  const frames = encode([start, ...said, end], { includeUsage: true });
  expect(frames.map(({ usage }) => usage)).toMatchObject([
    null,
    null,
    { prompt_tokens: 3, completion_tokens: 2 },
    undefined,
  ]);
  expect(frames[2]).toMatchObject({ ...frame, choices: [] });
});

test('the prompt comes first when that was asked for', () => {
  expect(encode([start, ...said, end], { echoPrompt: 'x ' })[0].choices[0].text).toBe('x ');
});

test('a broken stream ends in an error, without [DONE]', () => {
  const error = new GatewayError('upstream-malformed', 'm');
  const frames = encode([start, ...said, { type: 'stream-error', error }]);
  expect(frames.at(-1)).toEqual(encodeError(error).body);
  expect(frames).not.toContain('[DONE]');
});
