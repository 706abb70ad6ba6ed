import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import { restoreValues } from '../../../../src/translate/schema/restore-values.ts';
import { translateText } from '../../../../src/translate/translate-text.ts';

const schema: Json = {
  type: 'object',
  properties: {
    size: { enum: [1, 2.5] },
    on: { const: true },
    both: { enum: ['1', 1] },
    text: { type: 'string', enum: ['1', '2'] },
    list: { type: 'array', items: { $ref: '#/$defs/level' } },
    either: { anyOf: [{ type: 'null' }, { enum: [7] }] },
  },
  $defs: { level: { enum: [3, 4] } },
};

test.each([
  [
    { size: '2.5', on: 'true' },
    { size: 2.5, on: true },
  ],
  [{ list: ['3', '9', 4] }, { list: [3, '9', 4] }],
  [{ either: '7' }, { either: 7 }],
])('%j is meant as %j', (given, meant) => {
  expect(restoreValues(given, schema)).toEqual(meant);
});

test.each([[{ text: '1' }], [{ both: '1' }], [{ size: 1, other: '1', list: [3] }], [{ size: '9' }], [{}]])(
  '%j is left alone',
  (value) => {
    expect(restoreValues(value, schema)).toBe(value);
  },
);

test('a schema within itself ends', () => {
  const loop: Json = { anyOf: [{ $ref: '#/$defs/a' }], $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } };
  const value = { a: 'x' };
  expect(restoreValues(value, loop)).toBe(value);
});

describe('allowed values that are no texts', () => {
  const request = JSON.stringify({
    model: 'gemini-1.5-pro',
    messages: [{ role: 'user', content: 'x' }],
    tools: [
      {
        type: 'function',
        function: { name: 'f', parameters: { type: 'object', properties: { n: { enum: [1, 2] } } } },
      },
    ],
  });

  test('are texts for the older form of Gemini', () => {
    const { output } = translateText({ kind: 'request', from: 'openai-chat', to: 'gemini', body: request }, 0);
    expect(JSON.parse(output).tools[0].functionDeclarations[0].parameters.properties.n).toEqual({
      type: 'STRING',
      enum: ['1', '2'],
      description: '(integer as text)',
    });
  });

  test('and come back as what they are', () => {
    const call = { functionCall: { name: 'f', args: { n: '2' } } };
    const body = JSON.stringify({ candidates: [{ content: { parts: [call] }, finishReason: 'STOP' }] });
    const { output } = translateText({ kind: 'response', from: 'gemini', to: 'openai-chat', body, request }, 0);
    expect(JSON.parse(output).choices[0].message.tool_calls[0].function.arguments).toBe('{"n":2}');
  });
});
