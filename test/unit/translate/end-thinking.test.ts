import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { editObject } from '../../../src/translate/edit-body.ts';
import { endThinking, forbidsThinking } from '../../../src/translate/end-thinking.ts';

const use = { type: 'tool_use', id: 't', name: 'f', input: {} };
const thought = { type: 'thinking', thinking: 'Hm.', signature: 's' };

test.each<[unknown, boolean]>([
  [[use], true],
  [[{ type: 'text', text: 'I look.' }, thought, use], true],
  [[thought, use], false],
  [[{ type: 'redacted_thinking', data: 'x' }, use], false],
  [[{ type: 'text', text: 'Done.' }], false],
  ['Done.', false],
])('whether %j forbids thinking: %p', (content, answer) => {
  expect(forbidsThinking({ role: 'assistant', content } as JsonObject)).toBe(answer);
});

test('no turn forbids nothing', () => {
  expect(forbidsThinking(undefined)).toBe(false);
});

test.each<[JsonObject, JsonObject]>([
  [{}, {}],
  [{ context_management: { edits: [{ type: 'clear_thinking_20251015' }] } }, {}],
  [
    { context_management: { edits: [{ type: 'clear_thinking_20251015' }], more: 1 } },
    { context_management: { edits: [], more: 1 } },
  ],
  [{ context_management: { edits: ['odd'] } }, { context_management: { edits: ['odd'] } }],
])('with thinking its clearing ends: %j', (more, left) => {
  const body: JsonObject = { thinking: { type: 'enabled' }, model: 'm', ...more };
  expect(
    editObject(
      body,
      endThinking((key) => body[key]),
    ),
  ).toEqual({ model: 'm', ...left });
});
