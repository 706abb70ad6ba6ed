import { expect, test } from 'bun:test';
import { replay } from '../../../../src/translate/canonical/replay.ts';

test('tells a whole answer as events', () => {
  const image = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } } as const;
  expect(
    replay({
      model: 'x',
      parts: [
        { type: 'text', text: 'hi' },
        image,
        { type: 'tool-call', callId: 'c', kind: 'function', name: 'n', arguments: '{}' },
      ],
      finish: { reason: 'tool-calls' },
      usage: { input: 1 },
      losses: [],
    }),
  ).toEqual([
    { type: 'message-start', model: 'x', usage: { input: 1 } },
    { type: 'text-start' },
    { type: 'text-delta', text: 'hi' },
    { type: 'text-end' },
    { type: 'media', part: image },
    { type: 'tool-call-start', callId: 'c', kind: 'function', name: 'n' },
    { type: 'tool-call-delta', text: '{}' },
    { type: 'tool-call-end' },
    { type: 'message-end', finish: { reason: 'tool-calls' }, usage: { input: 1 } },
  ]);
});
