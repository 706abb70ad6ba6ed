import { describe, expect, test } from 'bun:test';
import type { CanonicalEvent } from '../../../src/translate/canonical/event.ts';
import { runAll } from '../../../src/translate/stream/transducer.ts';
import { translateText } from '../../../src/translate/translate-text.ts';
import { unwrapEvents, unwrapText, wrappingOf } from '../../../src/translate/wrapped-output.ts';

test.each([
  [undefined, undefined],
  [{ kind: 'json' }, undefined],
  [{ kind: 'choice', values: ['a'] }, 'word'],
  [{ kind: 'schema', schema: { type: 'object' } }, undefined],
  [{ kind: 'schema', schema: { properties: {} } }, undefined],
  [{ kind: 'schema', schema: { $ref: '#/$defs/A', $defs: { A: { type: 'object' } } } }, undefined],
  [{ kind: 'schema', schema: { type: 'array' } }, 'value'],
  [{ kind: 'schema', schema: { anyOf: [{ type: 'object' }] } }, 'value'],
  [{ kind: 'schema', schema: { type: 'string', enum: ['a'] } }, 'value'],
] as const)('%j is wrapped: %p', (output, wrapping) => {
  expect(wrappingOf(output)).toBe(wrapping as never);
});

const TEXTS = [
  ['word', '{"value":"yes"}', 'yes'],
  ['word', '{"value":5}', '{"value":5}'],
  ['word', 'yes', 'yes'],
  ['value', '{"value":"yes"}', '"yes"'],
  ['value', ' {\n "value" : [1, {"a":{}}]\n }\n', '[1, {"a":{}}]'],
  ['value', '{"value":12345678901234567890}', '12345678901234567890'],
  ['value', '{"value":null}', 'null'],
  ['value', '[1]', '[1]'],
  [
    'value',
    'a text that is long enough to tell that nothing wraps it',
    'a text that is long enough to tell that nothing wraps it',
  ],
] as const;

test.each(TEXTS)('a whole %s: %s', (wrapping, text, expected) => {
  expect(unwrapText(text, wrapping)).toBe(expected);
});

describe('a stream', () => {
  const run = (wrapping: 'word' | 'value', pieces: readonly string[]) => {
    const events: CanonicalEvent[] = [
      { type: 'text-start' },
      ...pieces.map((text): CanonicalEvent => ({ type: 'text-delta', text })),
      { type: 'text-end' },
    ];
    return runAll(unwrapEvents(wrapping), events);
  };
  const said = (events: readonly CanonicalEvent[]) =>
    events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

  test.each(TEXTS)('cut anywhere, a %s comes out as when whole: %s', (wrapping, text, expected) => {
    for (let at = 0; at <= text.length; at++) {
      expect(said(run(wrapping, [text.slice(0, at), text.slice(at)]))).toBe(expected);
    }
    const events = run(wrapping, [...text]);
    expect(said(events)).toBe(expected);
    expect(events.at(-1)).toEqual({ type: 'text-end' });
  });

  test('tells a value as it comes', () => {
    const events = run('value', ['{"value":[', '1,', '2', ']', '}']);
    expect(events.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(2);
  });

  test('leaves refusals and thoughts alone', () => {
    const events: CanonicalEvent[] = [
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: '{"value":1}' },
      { type: 'reasoning-end' },
      { type: 'text-start', refusal: true },
      { type: 'text-delta', text: '{"value":1}' },
      { type: 'text-end' },
    ];
    expect(runAll(unwrapEvents('value'), events)).toEqual(events);
  });
});

describe('a list that a Gemini client wants', () => {
  const request = JSON.stringify({
    contents: [{ role: 'user', parts: [{ text: 'x' }] }],
    generationConfig: {
      responseMimeType: 'application/json',
      responseSchema: { type: 'ARRAY', items: { type: 'STRING' } },
    },
  });

  test.each([
    ['openai-chat', 'response_format'],
    ['openai-responses', 'text'],
    ['anthropic-messages', 'output_config'],
  ] as const)('is asked of %s as an object', (to, field) => {
    const job = { kind: 'request', from: 'gemini', to, body: request, model: 'claude-sonnet-4-5' } as const;
    const { output } = translateText(job, 0);
    const format = JSON.stringify(JSON.parse(output)[field]);
    expect(format).toContain(
      '{"type":"object","properties":{"value":{"type":"array","items":{"type":"string"}}},"required":["value"],"additionalProperties":false}',
    );
  });

  test('and comes as the list', () => {
    const body = JSON.stringify({
      choices: [{ index: 0, message: { role: 'assistant', content: '{"value":["a", "b"]}' }, finish_reason: 'stop' }],
    });
    const { output } = translateText({ kind: 'response', from: 'openai-chat', to: 'gemini', body, request }, 0);
    expect(JSON.parse(output).candidates[0].content.parts).toEqual([{ text: '["a", "b"]' }]);
  });
});
