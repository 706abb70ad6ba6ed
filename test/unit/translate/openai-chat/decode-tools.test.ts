import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { decodeToolChoice, decodeTools } from '../../../../src/translate/openai-chat/decode-tools.ts';

const tool = (definition: JsonObject) => decodeTools({ tools: [definition] })[0];

describe('tools', () => {
  const parameters = { type: 'object', properties: { x: { type: 'string' } } };
  const cases: readonly (readonly [string, JsonObject, unknown])[] = [
    [
      'a function',
      { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
      { kind: 'function', name: 'f', description: 'd', schema: parameters, strict: true },
    ],
    ['a function without anything', { function: { name: 'f' } }, { kind: 'function', name: 'f' }],
    [
      'a function in the form of Responses',
      { type: 'function', name: 'f', parameters },
      { kind: 'function', name: 'f', schema: parameters },
    ],
    [
      'a function with a cache mark',
      { type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } },
      { kind: 'function', name: 'f', cache: {} },
    ],
    [
      'a custom tool with a grammar',
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } } },
      },
      { kind: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
    ],
    [
      'a custom tool of free text',
      { type: 'custom', custom: { name: 'c', format: { type: 'text' } } },
      { kind: 'custom', name: 'c', format: { type: 'text' } },
    ],
    [
      'a server tool',
      { type: 'web_search', x: 1 },
      { kind: 'opaque', dialect: 'openai-chat', type: 'web_search', raw: { type: 'web_search', x: 1 } },
    ],
  ];
  for (const [name, wire, expected] of cases) test(name, () => expect(tool(wire)).toEqual(expected as never));

  test('the older form', () => {
    expect(decodeTools({ functions: [{ name: 'f', description: 'd', parameters }] })).toEqual([
      { kind: 'function', name: 'f', description: 'd', schema: parameters },
    ]);
  });
});

describe('tool choice', () => {
  const cases: readonly (readonly [JsonObject, unknown])[] = [
    [{}, undefined],
    [{ tool_choice: 'auto' }, { mode: 'auto' }],
    [{ tool_choice: 'none' }, { mode: 'none' }],
    [{ tool_choice: 'required' }, { mode: 'required' }],
    [{ tool_choice: 'any' }, { mode: 'required' }],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { mode: 'named', name: 'f' }],
    [{ tool_choice: { type: 'custom', custom: { name: 'c' } } }, { mode: 'named', name: 'c' }],
    [{ tool_choice: { type: 'function', name: 'f' } }, { mode: 'named', name: 'f' }],
    [{ function_call: 'none' }, { mode: 'none' }],
    [{ function_call: { name: 'f' } }, { mode: 'named', name: 'f' }],
  ];
  for (const [body, expected] of cases) {
    test(JSON.stringify(body), () => expect(decodeToolChoice(body)).toEqual(expected as never));
  }

  test('R30: allowed tools', () => {
    const tools: Json = [
      { type: 'function', function: { name: 'f' } },
      { type: 'custom', custom: { name: 'c' } },
    ];
    const allowed = (mode: string) =>
      decodeToolChoice({ tool_choice: { type: 'allowed_tools', allowed_tools: { mode, tools } } });
    expect(allowed('auto')).toEqual({ mode: 'allowed', names: ['f', 'c'], must: false });
    expect(allowed('required')).toEqual({ mode: 'allowed', names: ['f', 'c'], must: true });
  });
});
