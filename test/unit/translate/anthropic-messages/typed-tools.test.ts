import { expect, test } from 'bun:test';
import { functionOfTyped } from '../../../../src/translate/anthropic-messages/typed-tools.ts';

test.each([
  ['bash_20250124', 'bash', ['command', 'restart']],
  ['text_editor_20250728', 'str_replace_based_edit_tool', ['command', 'path', 'old_str', 'new_str']],
  ['memory_20250818', 'memory', ['command', 'path', 'old_path', 'new_path']],
  ['computer_20250124', 'computer', ['action', 'coordinate', 'text']],
])('R24: %s is described to models that do not know it', (type, name, fields) => {
  const tool = functionOfTyped(type, { type, name });
  expect(tool).toMatchObject({ kind: 'function', name });
  expect(Object.keys((tool!.schema as { properties: object }).properties)).toEqual(expect.arrayContaining(fields));
});

test('a tool that runs at the vendor is no function', () => {
  expect(functionOfTyped('web_search_20250305', {})).toBeUndefined();
  expect(functionOfTyped('bash_code', {})).toBeUndefined();
});

test('an older text editor undoes, and the name it was given stays', () => {
  const schema = JSON.stringify(functionOfTyped('text_editor_20250124', { type: 'text_editor_20250124', name: 'ed' }));
  expect(schema).toContain('undo_edit');
  expect(schema).toContain('"name":"ed"');
});

test('the size of the screen is told', () => {
  const tool = { type: 'computer_20251124', display_width_px: 800, display_height_px: 600, enable_zoom: true };
  expect(functionOfTyped('computer_20251124', tool)?.description).toContain('800 x 600');
  expect(JSON.stringify(functionOfTyped('computer_20251124', tool)?.schema)).toContain('zoom');
});
