import { expect, test } from 'bun:test';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { encodeAll } from './samples.ts';

test('thoughts as they are stand in the content of their item, with the seal of who has one', () => {
  const events = encodeAll([
    { type: 'message-start' },
    { type: 'reasoning-start', raw: true },
    { type: 'reasoning-delta', text: 'hm' },
    { type: 'reasoning-end', seal: { dialect: 'openai-responses', value: 's' } },
    { type: 'text-start' },
    { type: 'text-delta', text: 'Hello' },
    { type: 'text-end' },
    { type: 'message-end', finish: { reason: 'stop' } },
  ]);
  expect(events.slice(2, 8).map(({ type }) => String(type).replace('response.', ''))).toEqual([
    'output_item.added',
    'content_part.added',
    'reasoning_text.delta',
    'reasoning_text.done',
    'content_part.done',
    'output_item.done',
  ]);
  expect(events[3]?.part).toEqual({ type: 'reasoning_text', text: '' });
  expect(events.at(-1)?.response.output).toMatchObject([
    { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }], encrypted_content: 's' },
    { type: 'message' },
  ]);
});

test('a source named before the first words of its message is told with them', () => {
  const citation = { start: 0, end: 5, url: 'https://a.example', title: 'A' };
  const source: CanonicalEvent[] = [{ type: 'text-start' }, { type: 'citation', citation }, { type: 'text-end' }];
  const words: CanonicalEvent[] = [{ type: 'text-start' }, { type: 'text-delta', text: 'Hello' }, { type: 'text-end' }];
  const thought: CanonicalEvent[] = [
    { type: 'reasoning-start' },
    { type: 'reasoning-delta', text: 'Hm' },
    { type: 'reasoning-end' },
  ];
  const tell = (...events: CanonicalEvent[]) =>
    encodeAll([{ type: 'message-start' }, ...events, { type: 'message-end', finish: { reason: 'stop' } }]);
  const annotation = { type: 'url_citation', start_index: 0, end_index: 5, title: 'A', url: 'https://a.example' };

  const followed = tell(...source, ...words);
  expect(followed.at(-1)?.response.output).toMatchObject([{ content: [{ text: 'Hello', annotations: [annotation] }] }]);
  expect(followed.map(({ type }) => type)).toContain('response.output_text.annotation.added');
  // of what would rest on it nothing came
  const alone = tell(...source, ...thought, ...words).at(-1)?.response.output;
  expect(alone).toMatchObject([{ type: 'reasoning' }, { content: [{ text: 'Hello', annotations: [] }] }]);
});
