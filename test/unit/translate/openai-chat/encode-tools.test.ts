import { describe, expect, test } from 'bun:test';
import { asObject, type JsonObject } from '../../../../src/base/json.ts';
import { emptyRequest, type Tool, type ToolChoice } from '../../../../src/translate/canonical/request.ts';
import { encodeToolFields } from '../../../../src/translate/openai-chat/encode-tools.ts';
import { startEncoding } from '../../../../src/translate/openai-chat/encoding.ts';
import type { TargetTraits } from '../../../../src/translate/target.ts';

const official: TargetTraits = { provider: 'openai', quirks: {} };
const local: TargetTraits = { provider: 'openai-compatible', quirks: {} };
const autoOnly: TargetTraits = { provider: 'zai', quirks: { toolChoice: 'auto-only' } };
const f: Tool = { kind: 'function', name: 'f' };
const g: Tool = { kind: 'function', name: 'g' };
const c: Tool = { kind: 'custom', name: 'c' };

interface Given {
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

const encode = (given: Given, traits = official) => {
  const encoding = startEncoding({ ...emptyRequest('gpt-5', false), ...given }, traits);
  const fields = encodeToolFields(encoding) as { tools?: JsonObject[]; tool_choice?: unknown };
  const names = fields.tools?.map((tool) => asObject(tool.function ?? tool.custom)?.name);
  return { fields, names, choice: fields.tool_choice, losses: encoding.losses.map(({ field }) => field) };
};
const wire = (tool: Tool, traits = official) => encode({ tools: [tool] }, traits).fields.tools?.[0];

test('R29: without tools there is nothing to choose', () => {
  expect(encode({ tools: [], toolChoice: { mode: 'auto' }, parallelToolCalls: false }).fields).toEqual({});
});

describe('a tool', () => {
  const empty = { type: 'object', properties: {} };
  const cases: readonly (readonly [string, Tool, unknown])[] = [
    ['R04: without a schema', f, { type: 'function', function: { name: 'f', parameters: empty } }],
    [
      'R04: with objects that have no properties',
      { ...f, schema: { type: 'object', properties: { x: { type: 'object' } } } },
      {
        type: 'function',
        function: { name: 'f', parameters: { type: 'object', properties: { x: { type: 'object', properties: {} } } } },
      },
    ],
    [
      'R01: with a property named like a keyword',
      { ...f, schema: { type: 'object', properties: { pattern: { type: 'string' }, default: { type: 'string' } } } },
      {
        type: 'function',
        function: {
          name: 'f',
          parameters: { type: 'object', properties: { pattern: { type: 'string' }, default: { type: 'string' } } },
        },
      },
    ],
    [
      'without a type at the root',
      { ...f, description: 'd', schema: { properties: { x: {} } } },
      {
        type: 'function',
        function: { name: 'f', description: 'd', parameters: { type: 'object', properties: { x: {} } } },
      },
    ],
    [
      'of free text under a grammar',
      { ...c, format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } } as Tool,
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } } },
      },
    ],
    [
      'of this dialect alone',
      { kind: 'opaque', dialect: 'openai-chat', type: 'x', raw: { type: 'x', y: 1 } },
      { type: 'x', y: 1 },
    ],
  ];
  for (const [name, tool, expected] of cases) test(name, () => expect(wire(tool)).toEqual(expected as never));

  test('with a cache mark, where Anthropic’s are understood', () => {
    const traits: TargetTraits = { provider: 'openrouter', quirks: { cacheControl: true } };
    expect(wire({ ...f, cache: {} } as Tool, traits)).toMatchObject({ cache_control: { type: 'ephemeral' } });
    expect(wire({ ...f, cache: {} } as Tool)).not.toHaveProperty('cache_control');
  });
});

describe('strict', () => {
  const closed = {
    type: 'object',
    properties: { x: { type: 'string' } },
    required: ['x'],
    additionalProperties: false,
  };
  const open = { type: 'object', properties: { x: { type: 'string' } } };
  const strict = (schema: JsonObject, traits = official, wish = true) => {
    const { fields, losses } = encode({ tools: [{ ...f, schema, strict: wish } as Tool] }, traits);
    return [asObject(fields.tools?.[0]?.function)?.strict, losses];
  };
  test('is kept where the schema allows it', () => expect(strict(closed)).toEqual([true, []]));
  test('is a loss where it does not', () => expect(strict(open)).toEqual([undefined, ['strict']]));
  test('is a loss where the server refuses it', () => {
    const traits: TargetTraits = { provider: 'zai', quirks: { strictTools: false } };
    expect(strict(closed, traits)).toEqual([undefined, ['strict']]);
  });
  test('is never turned on', () => expect(strict(closed, official, false)).toEqual([undefined, []]));
});

describe('the choice', () => {
  const tools = [f, g, c];
  const allowed = (must: boolean): ToolChoice => ({ mode: 'allowed', names: ['f', 'c'], must });
  const cases: readonly (readonly [string, ToolChoice, TargetTraits, unknown, readonly string[], readonly string[]])[] =
    [
      ['auto', { mode: 'auto' }, official, 'auto', ['f', 'g', 'c'], []],
      ['none', { mode: 'none' }, official, 'none', ['f', 'g', 'c'], []],
      ['required', { mode: 'required' }, official, 'required', ['f', 'g', 'c'], []],
      ['validated', { mode: 'validated' }, official, 'auto', ['f', 'g', 'c'], []],
      [
        'named',
        { mode: 'named', name: 'g' },
        official,
        { type: 'function', function: { name: 'g' } },
        ['f', 'g', 'c'],
        [],
      ],
      [
        'named custom',
        { mode: 'named', name: 'c' },
        official,
        { type: 'custom', custom: { name: 'c' } },
        ['f', 'g', 'c'],
        [],
      ],
      [
        'R30: allowed',
        allowed(true),
        official,
        {
          type: 'allowed_tools',
          allowed_tools: {
            mode: 'required',
            tools: [
              { type: 'function', function: { name: 'f' } },
              { type: 'custom', custom: { name: 'c' } },
            ],
          },
        },
        ['f', 'g', 'c'],
        [],
      ],
      ['R30: allowed, where only the list can tell', allowed(false), local, 'auto', ['f', 'c'], ['tool_choice']],
      ['required, where only auto is taken', { mode: 'required' }, autoOnly, 'auto', ['f', 'g', 'c'], ['tool_choice']],
      ['named, where only auto is taken', { mode: 'named', name: 'g' }, autoOnly, 'auto', ['g'], ['tool_choice']],
      ['auto, where only auto is taken', { mode: 'auto' }, autoOnly, 'auto', ['f', 'g', 'c'], []],
    ];
  for (const [name, toolChoice, traits, choice, names, losses] of cases) {
    test(name, () => expect(encode({ tools, toolChoice }, traits)).toMatchObject({ choice, names, losses } as never));
  }

  test('none, where only auto is taken, is no tools', () =>
    expect(encode({ tools, toolChoice: { mode: 'none' } }, autoOnly).fields).toEqual({}));

  test('one call at a time', () => {
    expect(encode({ tools, parallelToolCalls: false }).fields).toMatchObject({ parallel_tool_calls: false });
    expect(encode({ tools, parallelToolCalls: true }).fields).not.toHaveProperty('parallel_tool_calls');
  });
});
