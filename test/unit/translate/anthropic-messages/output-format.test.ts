import { describe, expect, test } from 'bun:test';
import { isHiddenTool, repairOf, repairText } from '../../../../src/translate/anthropic-messages/output-format.ts';
import { emptyRequest, type OutputFormat } from '../../../../src/translate/canonical/request.ts';

const OBJECT: OutputFormat = { kind: 'schema', schema: { type: 'object', properties: {} } };

test.each<[OutputFormat | undefined, string]>([
  [undefined, 'none'],
  [{ kind: 'json' }, 'unfence'],
  [OBJECT, 'unfence'],
  [{ kind: 'schema', schema: { type: 'ARRAY', items: { type: 'STRING' } } }, 'unwrap-value'],
  [{ kind: 'choice', values: ['a'] }, 'unwrap-word'],
])('repairOf(%j) is %s', (output, repair) => {
  expect(repairOf(output)).toBe(repair as never);
});

describe('repairText', () => {
  test.each([
    ['{"a":1}', '{"a":1}'],
    ['```json\n{"a":1}\n```', '{"a":1}'],
    [' ```\n[1]\n```\n', '[1]'],
    ['```json\n{"a":1}', '```json\n{"a":1}'],
    ['text', 'text'],
  ])('unfences %j', (text, expected) => {
    expect(repairText(text, 'unfence')).toBe(expected);
  });

  test.each([
    ['{"value":"x"}', 'x'],
    ['{"value":[1,2]}', '[1,2]'],
    ['```json\n{"value":true}\n```', 'true'],
    ['{"value":1,"b":2}', '{"value":1,"b":2}'],
    ['x', 'x'],
  ])('unwraps %j', (text, expected) => {
    expect(repairText(text, text.includes('"x"') ? 'unwrap-word' : 'unwrap-value')).toBe(expected);
  });
});

test('the hidden tool is known by its name where a schema was asked for', () => {
  const request = emptyRequest('m', false);
  expect(isHiddenTool('json_output', request)).toBe(false);
  expect(isHiddenTool('json_output', { ...request, output: OBJECT })).toBe(true);
  expect(isHiddenTool('f', { ...request, output: OBJECT })).toBe(false);
  const tools = [{ kind: 'function', name: 'json_output' }] as const;
  expect(isHiddenTool('json_output', { ...request, output: OBJECT, tools })).toBe(false);
});
