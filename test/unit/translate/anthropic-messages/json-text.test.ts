import { expect, test } from 'bun:test';
import { repairStreamText } from '../../../../src/translate/anthropic-messages/json-text.ts';
import { repairText } from '../../../../src/translate/anthropic-messages/output-format.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { runAll } from '../../../../src/translate/stream/transducer.ts';

function run(
  repair: 'unfence' | 'unwrap-word',
  pieces: readonly string[],
  ending: CanonicalEvent = { type: 'text-end' },
) {
  const deltas = pieces.map((text): CanonicalEvent => ({ type: 'text-delta', text }));
  return runAll(repairStreamText(repair), [{ type: 'text-start' }, ...deltas, ending]);
}
const textOf = (events: readonly CanonicalEvent[]) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

const TEXTS = [
  '{"a":"`b`"}',
  '```json\n{"a": 1}\n```',
  '```\n[1,\n 2]\n```\n',
  '  {"a":1}',
  '``` is code',
  '{"value":"x`"}',
  '',
];

test.each(TEXTS)('cut anywhere, %j comes out as when whole', (text) => {
  for (const repair of ['unfence', 'unwrap-word'] as const) {
    const expected = repairText(text, repair);
    for (let at = 0; at <= text.length; at++) {
      expect(textOf(run(repair, [text.slice(0, at), text.slice(at)]))).toBe(expected);
    }
    expect(textOf(run(repair, [...text]))).toBe(expected);
  }
});

test('text without a fence is not held back', () => {
  const events = run('unfence', ['{"a"', ':1}']);
  expect(events).toEqual([
    { type: 'text-start' },
    { type: 'text-delta', text: '{"a"' },
    { type: 'text-delta', text: ':1}' },
    { type: 'text-end' },
  ]);
});

test('held text is not lost when the answer ends without an end of the text', () => {
  const events = run('unwrap-word', ['{"value":"x"}'], { type: 'message-end', finish: { reason: 'stop' } });
  expect(events.map((event) => event.type)).toEqual(['text-start', 'text-delta', 'message-end']);
  expect(textOf(events)).toBe('x');
});
