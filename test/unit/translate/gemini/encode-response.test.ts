import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { type AssistantPart, emptyRequest } from '../../../../src/translate/canonical/request.ts';
import type { CanonicalResponse } from '../../../../src/translate/canonical/response.ts';
import { encodeResponse } from '../../../../src/translate/gemini/encode-response.ts';
import { openEnvelope } from '../../../../src/translate/seal.ts';

const stop: CanonicalResponse = { parts: [], finish: { reason: 'stop' }, losses: [] };

function encode(parts: readonly AssistantPart[], showReasoning = true, rest: Partial<CanonicalResponse> = {}) {
  const context = {
    request: { ...emptyRequest('asked', false), answer: { showReasoning } },
    exchangeId: 'x',
    createdAt: 0,
  };
  return encodeResponse({ ...stop, parts, ...rest }, context);
}
const partsOf = (parts: readonly AssistantPart[], showReasoning = true) =>
  encode(parts, showReasoning).candidates[0]!.content.parts as readonly JsonObject[];

const foreign = { dialect: 'anthropic-messages' as const, value: 'theirs' };
const call: AssistantPart = { type: 'tool-call', callId: 'c', kind: 'function', name: 'f', arguments: '{"a":1}' };

test('a whole answer', () => {
  const answer = encode([{ type: 'text', text: 'ok' }, call], true, {
    finish: { reason: 'tool-calls' },
    usage: { input: 3, output: 4 },
  });
  expect(answer).toEqual({
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'ok' }, { functionCall: { id: 'c', name: 'f', args: { a: 1 } } }] },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
    modelVersion: 'asked',
    responseId: answer.responseId,
  });
});

test('F8: an answer without parts has an empty text', () => {
  expect(partsOf([])).toEqual([{ text: '' }]);
  expect(partsOf([{ type: 'text', text: '' }])).toEqual([{ text: '' }]);
});

test('a text carries its own signature', () => {
  const seal = { dialect: 'gemini' as const, value: 'own', attach: 'text' as const };
  expect(partsOf([{ type: 'text', text: 'ok', seal }])).toEqual([{ text: 'ok', thoughtSignature: 'own' }]);
});

test("a thought's seal stands on the thought, or on the call after it", () => {
  const thought: AssistantPart = { type: 'reasoning', text: 'hm', seal: foreign };
  const [alone] = partsOf([thought]);
  expect(alone).toMatchObject({ text: 'hm', thought: true });
  expect(openEnvelope(String(alone?.thoughtSignature))).toEqual(foreign);
  const [bare, carrier] = partsOf([thought, call]);
  expect(bare).toEqual({ text: 'hm', thought: true });
  expect(openEnvelope(String(carrier?.thoughtSignature))).toEqual(foreign);
});

test('hidden thoughts leave only their seal', () => {
  const [only, ...others] = partsOf([{ type: 'reasoning', text: 'hm', seal: foreign }], false);
  expect(others).toEqual([]);
  expect(only).toEqual({ text: '', thoughtSignature: expect.any(String) as never });
  expect(
    partsOf(
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'ok' },
      ],
      false,
    ),
  ).toEqual([{ text: 'ok' }]);
});

test('F2: half a call that the limit cut off is left out', () => {
  const half: AssistantPart = { ...call, arguments: '{"a":' };
  const answer = encode([{ type: 'text', text: 'ok' }, half], true, { finish: { reason: 'length' } });
  expect(answer.candidates[0]!.content.parts).toEqual([{ text: 'ok' }]);
  expect(partsOf([half])).toEqual([{ functionCall: { id: 'c', name: 'f', args: { _raw: '{"a":' } } }]);
});
