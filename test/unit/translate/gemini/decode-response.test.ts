import { expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { emptyRequest } from '../../../../src/translate/canonical/request.ts';
import { decodeResponse } from '../../../../src/translate/gemini/decode-response.ts';

const context = { request: emptyRequest('m', false), exchangeId: 'x', createdAt: 0 };
const decode = (body: JsonObject) => decodeResponse(body, context);
const candidate = (parts: readonly Json[], rest: JsonObject = { finishReason: 'STOP' }): JsonObject => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...rest }],
});

test('a whole answer', () => {
  const body = {
    ...candidate([
      { text: 'hm', thought: true },
      { text: 'Let me' },
      { text: ' look.', thoughtSignature: 't' },
      { functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 's' },
    ]),
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, thoughtsTokenCount: 3, totalTokenCount: 6 },
    modelVersion: 'v',
    responseId: 'r',
  };
  expect(decode(body)).toEqual({
    messageId: 'r',
    model: 'v',
    parts: [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Let me look.', seal: { dialect: 'gemini', value: 't', attach: 'text' } },
      {
        type: 'tool-call',
        callId: 'c',
        kind: 'function',
        name: 'f',
        arguments: '{"a":1}',
        seal: { dialect: 'gemini', value: 's', attach: 'call' },
      },
    ],
    finish: { reason: 'tool-calls', wireReason: 'STOP' },
    usage: { input: 1, output: 5, reasoning: 3 },
    losses: [],
  });
});

test('what is whole needs no reason to be whole', () => {
  expect(decode(candidate([{ text: 'a' }], {})).finish).toEqual({ reason: 'stop' });
});

test('F4: a blocked prompt has no parts and says why', () => {
  expect(decode({ promptFeedback: { blockReason: 'BLOCKLIST' } })).toMatchObject({
    parts: [],
    finish: { reason: 'content-filter', explanation: 'The prompt was blocked: BLOCKLIST.' },
  });
  expect(decode({ candidates: [], promptFeedback: { blockReasonMessage: 'No.' } }).finish.explanation).toBe('No.');
});

test.each([[{}], [{ candidates: [] }], [{ usageMetadata: { promptTokenCount: 1 } }]])('%j is no answer', (body) => {
  expect(() => decode(body)).toThrow(expect.objectContaining({ kind: 'upstream-malformed' }));
});

test('an error in a good answer is thrown', () => {
  const error = { error: { code: 429, message: 'Slow down.', status: 'RESOURCE_EXHAUSTED' } };
  expect(() => decode(error)).toThrow(expect.objectContaining({ kind: 'rate-limited', message: 'Slow down.' }));
});
