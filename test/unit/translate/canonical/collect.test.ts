import { expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import { collect } from '../../../../src/translate/canonical/collect.ts';

test('gathers parts, seals, usage and losses', () => {
  const seal = { dialect: 'gemini', value: 's' } as const;
  const loss = { field: 'f', effect: 'dropped', reason: 'r' } as const;
  expect(
    collect([
      { type: 'message-start', messageId: 'm', model: 'x', usage: { input: 3 } },
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'a' },
      { type: 'reasoning-delta', text: 'b' },
      { type: 'reasoning-end', seal },
      { type: 'text-start', refusal: true },
      { type: 'text-delta', text: 'no' },
      { type: 'text-end' },
      { type: 'tool-call-start', callId: 'c', kind: 'custom', name: 'n', namespace: 'ns', seal },
      { type: 'tool-call-delta', text: 'x' },
      { type: 'tool-call-end' },
      { type: 'loss', loss },
      { type: 'message-end', finish: { reason: 'tool-calls' }, usage: { output: 4 } },
    ]),
  ).toEqual({
    messageId: 'm',
    model: 'x',
    parts: [
      { type: 'reasoning', text: 'ab', seal },
      { type: 'text', text: 'no', refusal: true },
      { type: 'tool-call', callId: 'c', kind: 'custom', name: 'n', namespace: 'ns', arguments: 'x', seal },
    ],
    finish: { reason: 'tool-calls' },
    usage: { input: 3, output: 4 },
    losses: [loss],
  });
});

test('throws the error that ended the stream', () => {
  const error = new GatewayError('overloaded', 'busy');
  expect(() => collect([{ type: 'message-start' }, { type: 'stream-error', error }])).toThrow(error);
});

test('an answer without an end is malformed', () => {
  expect(() => collect([{ type: 'message-start' }])).toThrow('no complete answer');
});
