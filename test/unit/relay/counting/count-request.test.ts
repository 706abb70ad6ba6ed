import { describe, expect, test } from 'bun:test';
import { countRequest } from '../../../../src/relay/counting/count-request.ts';
import { makerOf } from '../../../../src/relay/counting/model-maker.ts';
import { type CanonicalRequest, emptyRequest } from '../../../../src/translate/canonical/request.ts';

const words = (text: string) => (text === '' ? 0 : text.split(' ').length);
const gpt = makerOf('gpt-4o');
const count = (change: Partial<CanonicalRequest>) =>
  countRequest({ ...emptyRequest('gpt-4o', false), ...change }, gpt, words);

describe('U14: every part of a request is counted', () => {
  const text = (value: string) => ({ type: 'text' as const, text: value });

  test.each<[string, Partial<CanonicalRequest>, number]>([
    ['text', { messages: [{ role: 'user', parts: [text('one two three')] }] }, 3 + 4],
    ['instructions', { system: [{ role: 'system', parts: [text('one two')] }] }, 2 + 4],
    ['thoughts', { messages: [{ role: 'assistant', parts: [{ type: 'reasoning', text: 'one two' }] }] }, 2 + 4],
    [
      'calls',
      {
        messages: [
          {
            role: 'assistant',
            parts: [{ type: 'tool-call', callId: 'c', kind: 'function', name: 'run', arguments: '{"a": 1}' }],
          },
        ],
      },
      3 + 8,
    ],
    [
      'results',
      {
        messages: [
          { role: 'user', parts: [{ type: 'tool-result', callId: 'c', kind: 'function', parts: [text('one two')] }] },
        ],
      },
      2 + 8,
    ],
  ])('%s', (_what, change, tokens) => {
    expect(count(change)).toEqual({ text: tokens, media: 0, mediaCharacters: 0 });
  });

  test('tools', () => {
    const tool = {
      kind: 'function' as const,
      name: 'run',
      description: 'runs a long program',
      schema: { type: 'object' },
    };
    expect(count({ tools: [tool] }).text).toBeGreaterThan(4 + 3);
  });

  test('pictures, inside results as well', () => {
    const image = {
      type: 'media' as const,
      kind: 'image' as const,
      source: { type: 'base64' as const, mimeType: 'image/png', data: 'AAAA' },
    };
    const result = { type: 'tool-result' as const, callId: 'c', kind: 'function' as const, parts: [image] };
    const counted = count({ messages: [{ role: 'user', parts: [image, result] }] });
    expect(counted.mediaCharacters).toBe(8);
    expect(counted.media).toBeGreaterThan(1000);
  });
});

test('a very long request is counted by samples', () => {
  let read = 0;
  const text = 'word '.repeat(1_000_000);
  const { text: tokens } = countRequest(
    { ...emptyRequest('gpt-4o', false), messages: [{ role: 'user', parts: [{ type: 'text', text }] }] },
    gpt,
    (sample) => {
      read += sample.length;
      return sample.length / 5;
    },
  );
  expect(read).toBeLessThan(300_000);
  expect(Math.round(tokens / 10_000)).toBe(100);
});

test('the model’s own measure is a factor', () => {
  const message = { role: 'user' as const, parts: [{ type: 'text' as const, text: 'a b c d e f g h i j' }] };
  const request = { ...emptyRequest('claude-opus-5', false), messages: [message] };
  expect(countRequest(request, makerOf('claude-opus-5'), words).text).toBe(19);
});
