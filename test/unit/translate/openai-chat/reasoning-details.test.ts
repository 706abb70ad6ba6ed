import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import {
  mergeDetails,
  readDetails,
  sealOfDetails,
  writeDetails,
} from '../../../../src/translate/openai-chat/reasoning-details.ts';

test('pieces of a stream are joined by type and index', () => {
  const pieces = [
    { type: 'reasoning.text', text: 'a', format: null, index: 0 },
    { type: 'reasoning.text', text: 'b', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.text', signature: 'S', index: 0 },
    { type: 'reasoning.encrypted', data: 'D', index: 0 },
    { type: 'reasoning.text', text: 'c', index: 1 },
  ];
  expect(mergeDetails(pieces)).toEqual([
    { type: 'reasoning.text', text: 'ab', format: 'anthropic-claude-v1', index: 0, signature: 'S' },
    { type: 'reasoning.encrypted', data: 'D', index: 0 },
    { type: 'reasoning.text', text: 'c', index: 1 },
  ]);
});

test('a list that proves nothing has no seal', () => {
  expect(sealOfDetails([{ type: 'reasoning.text', text: 'a' }])).toBeUndefined();
});

describe('a vendor’s list comes back as it was', () => {
  const lists: readonly (readonly [string, JsonObject[]])[] = [
    ['Anthropic', [{ type: 'reasoning.text', text: 'a', signature: 'S', format: 'anthropic-claude-v1', index: 0 }]],
    [
      'OpenAI',
      [
        { type: 'reasoning.summary', summary: 'a', format: 'openai-responses-v1', index: 0 },
        { type: 'reasoning.encrypted', data: 'D', id: 'rs_1', format: 'openai-responses-v1', index: 1 },
      ],
    ],
    ['Gemini', [{ type: 'reasoning.encrypted', data: 'D', id: 'tool_1', format: 'google-gemini-v1', index: 0 }]],
    [
      'several thoughts',
      [
        { type: 'reasoning.text', text: 'a', signature: 'S', index: 0 },
        { type: 'reasoning.text', text: 'b', signature: 'T', index: 1 },
      ],
    ],
  ];
  for (const [name, list] of lists) {
    test(name, () => {
      const [thought, ...others] = readDetails(list);
      expect(others).toEqual([]);
      expect(writeDetails(thought!, 0)).toEqual(list);
    });
  }
});
