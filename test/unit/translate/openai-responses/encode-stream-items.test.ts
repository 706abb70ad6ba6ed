import { expect, test } from 'bun:test';
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
