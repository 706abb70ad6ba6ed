import { expect, test } from 'bun:test';
import { isHiddenTool } from '../../../../src/translate/anthropic-messages/output-format.ts';
import { emptyRequest, type OutputFormat } from '../../../../src/translate/canonical/request.ts';

const OBJECT: OutputFormat = { kind: 'schema', schema: { type: 'object', properties: {} } };

test('the hidden tool is known by its name where a schema was asked for', () => {
  const request = emptyRequest('m', false);
  expect(isHiddenTool('json_output', request)).toBe(false);
  expect(isHiddenTool('json_output', { ...request, output: OBJECT })).toBe(true);
  expect(isHiddenTool('f', { ...request, output: OBJECT })).toBe(false);
  const tools = [{ kind: 'function', name: 'json_output' }] as const;
  expect(isHiddenTool('json_output', { ...request, output: OBJECT, tools })).toBe(false);
});
