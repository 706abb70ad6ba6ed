import { describe, expect, test } from 'bun:test';
import { bareEvents, bareParts, bareText } from '../../../src/translate/bare-output.ts';
import type { CanonicalEvent } from '../../../src/translate/canonical/event.ts';
import type { OutputFormat } from '../../../src/translate/canonical/request.ts';
import { runAll, type Transducer } from '../../../src/translate/stream/transducer.ts';

const JSON_OUTPUT: OutputFormat = { kind: 'json' };
const LIST: OutputFormat = { kind: 'schema', schema: { type: 'ARRAY', items: { type: 'STRING' } } };
const WORD: OutputFormat = { kind: 'choice', values: ['x'] };

const same: Transducer<CanonicalEvent, CanonicalEvent> = (emit) => ({ push: emit, finish: () => {} });
const delta = (text: string): CanonicalEvent => ({ type: 'text-delta', text });
const END: CanonicalEvent = { type: 'text-end' };

function run(output: OutputFormat, pieces: readonly string[], ending: CanonicalEvent = END) {
  return runAll(bareEvents(same, output), [{ type: 'text-start' }, ...pieces.map(delta), ending]);
}

const textOf = (events: readonly CanonicalEvent[]) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

describe('bareText', () => {
  test.each([
    ['{"a":1}', '{"a":1}'],
    ['```json\n{"a":1}\n```', '{"a":1}'],
    ['```JSON\r\n{"a":1}\r\n```', '{"a":1}'],
    [' ```\n[1]\n```\n', '[1]'],
    // an answer that broke off, and one that goes on talking
    ['```json\n{"a":1}', '{"a":1}'],
    ['```json\n{"a":"```"}\n```\nI hope this helps!', '{"a":"```"}'],
    ['text', 'text'],
    ['`x` is code', '`x` is code'],
  ])('unfences %j', (text, expected) => {
    expect(bareText(text, JSON_OUTPUT)).toBe(expected);
    expect(bareText(text, undefined)).toBe(text);
  });

  test.each<[string, string, OutputFormat]>([
    ['{"value":"x"}', 'x', WORD],
    ['{"value":[1,2]}', '[1,2]', LIST],
    ['```json\n{"value":[true]}\n```', '[true]', LIST],
    ['{"value":1,"b":2}', '{"value":1,"b":2}', LIST],
    ['x', 'x', WORD],
  ])('unwraps %j', (text, expected, output) => {
    expect(bareText(text, output)).toBe(expected);
  });
});

test('of a whole answer only what was said is bared', () => {
  const fenced = '```\n{}\n```';
  const parts = [
    { type: 'text', text: fenced },
    { type: 'text', text: fenced, refusal: true },
    { type: 'reasoning', text: fenced },
  ] as const;
  expect(bareParts(parts, JSON_OUTPUT)).toEqual([{ type: 'text', text: '{}' }, parts[1], parts[2]]);
  expect(bareParts(parts, undefined)).toBe(parts);
});

describe('bareEvents', () => {
  test.each([
    '{"a":"`b`"}',
    '```json\n{"a": 1}\n```',
    '```\n[1,\n 2]\n```\n',
    '```json\n{"a":"```"}\n ```\nDone.',
    '```json\n{"a": 1',
    '  {"a":1}',
    '``` is code',
    '{"value":["x`"]}',
    '',
  ])('cut anywhere, %j comes out as when whole', (text) => {
    for (const output of [JSON_OUTPUT, WORD, LIST]) {
      const expected = bareText(text, output);
      for (let at = 0; at <= text.length; at++) {
        expect(textOf(run(output, [text.slice(0, at), text.slice(at)]))).toBe(expected);
      }
      expect(textOf(run(output, [...text]))).toBe(expected);
    }
  });

  test('text without a fence is not held back', () => {
    const events = run(JSON_OUTPUT, ['{"a"', ':1}']);
    expect(events).toEqual([{ type: 'text-start' }, delta('{"a"'), delta(':1}'), END]);
  });

  test('held text is not lost when the answer ends without an end of the text', () => {
    const events = run(WORD, ['{"value":"x"}'], { type: 'message-end', finish: { reason: 'stop' } });
    expect(events.map((event) => event.type)).toEqual(['text-start', 'text-delta', 'message-end']);
    expect(textOf(events)).toBe('x');
  });

  test('what stands beside a text does not cut its fence, and each text has its own', () => {
    const events = runAll(bareEvents(same, JSON_OUTPUT), [
      { type: 'text-start' },
      delta('``'),
      { type: 'logprobs', tokens: [] },
      delta('`\n{}\n```'),
      END,
      { type: 'text-start', refusal: true },
      delta('```\nno'),
      END,
    ]);
    expect(textOf(events)).toBe('{}```\nno');
  });

  test('where no form was asked for nothing is looked at', () => {
    expect(bareEvents(same, undefined)).toBe(same);
  });
});
