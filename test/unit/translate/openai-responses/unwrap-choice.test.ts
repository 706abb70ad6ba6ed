import { describe, expect, test } from 'bun:test';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { unwrapChoice, unwrapChoices } from '../../../../src/translate/openai-responses/unwrap-choice.ts';

describe('a whole text', () => {
  test.each([
    ['{"value":"yes"}', 'yes'],
    ['{"value":5}', '{"value":5}'],
    ['yes', 'yes'],
    ['{"value"', '{"value"'],
  ])('%s', (text, expected) => {
    expect(unwrapChoice({ type: 'text', text })).toEqual({ type: 'text', text: expected });
  });
  test('other parts are left alone', () => {
    const part = { type: 'reasoning', text: '{"value":"yes"}' } as const;
    expect(unwrapChoice(part)).toBe(part);
  });
});

test('a streamed text is held until it is whole', () => {
  const events: CanonicalEvent[] = [];
  const push = unwrapChoices((event) => events.push(event));
  push({ type: 'text-start' });
  push({ type: 'text-delta', text: '{"value":' });
  push({ type: 'text-delta', text: '"no"}' });
  expect(events).toEqual([{ type: 'text-start' }]);
  push({ type: 'text-end' });
  expect(events.slice(1)).toEqual([{ type: 'text-delta', text: 'no' }, { type: 'text-end' }]);
});
