import { expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { useCamelCase } from '../../../../src/translate/gemini/field-names.ts';

test('a body in the spelling of protobuf reads as one in camel case', () => {
  const body = {
    system_instruction: { parts: [{ text: 's' }] },
    contents: [
      {
        parts: [
          { inline_data: { mime_type: 'image/png', data: 'AA==' } },
          { function_call: { name: 'f', args: { file_data: 1 } }, thought_signature: 'sig' },
        ],
      },
    ],
    tools: [{ google_search: {} }, { function_declarations: [{ name: 'f', parameters_json_schema: { any_of: [] } }] }],
    generation_config: { top_p: 0.5, thinking_config: { thinking_budget: 1, include_thoughts: true } },
  };
  expect(useCamelCase(body)).toEqual({
    systemInstruction: { parts: [{ text: 's' }] },
    contents: [
      {
        parts: [
          { inlineData: { mimeType: 'image/png', data: 'AA==' } },
          { functionCall: { name: 'f', args: { file_data: 1 } }, thoughtSignature: 'sig' },
        ],
      },
    ],
    tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'f', parametersJsonSchema: { any_of: [] } }] }],
    generationConfig: { topP: 0.5, thinkingConfig: { thinkingBudget: 1, includeThoughts: true } },
  });
});

const userData: readonly (readonly [name: string, body: JsonObject])[] = [
  ['arguments', { functionCall: { name: 'f', args: { inline_data: { mime_type: 'x' } } } }],
  ['results', { functionResponse: { name: 'f', response: { tool_call: { file_uri: 'x' } } } }],
  [
    'schemas',
    { functionDeclarations: [{ name: 'f', parametersJsonSchema: { properties: { top_p: { type: 'number' } } } }] },
  ],
  [
    'older schemas',
    { functionDeclarations: [{ name: 'f', parameters: { properties: { mime_type: { type: 'STRING' } } } }] },
  ],
  ['output schemas', { generationConfig: { responseSchema: { properties: { file_data: {} } } } }],
  ['labels', { labels: { cached_content: 'x' } }],
];

test.each(userData)('R01: %s are left alone', (_name, body) => {
  expect(useCamelCase(body)).toBe(body);
});

test('unknown names keep their spelling, and camel case wins where both are there', () => {
  expect(useCamelCase({ my_own_field: 1, top_k: 2, topK: 3 })).toEqual({ my_own_field: 1, topK: 3 });
});

test('a body in camel case is not copied', () => {
  const body = { contents: [{ role: 'user', parts: [{ text: 'x' }] }], generationConfig: { topP: 1 } };
  expect(useCamelCase(body)).toBe(body);
});
