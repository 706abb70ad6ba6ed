import { describe, expect, test } from 'bun:test';
import type { Json, JsonObject } from '../../../../src/base/json.ts';
import { emptyRequest, type Tool, type ToolChoice } from '../../../../src/translate/canonical/request.ts';
import { readToolChoice, readTools, writeTools } from '../../../../src/translate/gemini/tools.ts';
import type { Loss } from '../../../../src/translate/loss.ts';
import { readGeminiModel } from '../../../../src/translate/models/gemini.ts';
import type { Quirks } from '../../../../src/translate/target.ts';

test('tools are read one by one, schemas as JSON Schema', () => {
  const tools: Json = [
    {
      functionDeclarations: [
        { name: 'a', description: null, parameters: { type: 'OBJECT', properties: { x: { type: 'STRING' } } } },
        { name: 'b', description: 'd', parametersJsonSchema: { type: 'object' } },
        { name: 'c' },
      ],
      codeExecution: {},
    },
    { googleSearch: { timeRangeFilter: {} } },
  ];
  expect(readTools(tools)).toEqual([
    { kind: 'function', name: 'a', schema: { type: 'object', properties: { x: { type: 'string' } } } },
    { kind: 'function', name: 'b', description: 'd', schema: { type: 'object' } },
    { kind: 'function', name: 'c' },
    { kind: 'opaque', dialect: 'gemini', type: 'codeExecution', raw: { codeExecution: {} }, wish: { kind: 'code' } },
    {
      kind: 'opaque',
      dialect: 'gemini',
      type: 'googleSearch',
      raw: { googleSearch: { timeRangeFilter: {} } },
      wish: { kind: 'web-search' },
    },
  ]);
});

test('a declaration without name is refused by its place', () => {
  expect(() => readTools([{ functionDeclarations: [{ name: 'a' }, {}] }])).toThrow(
    'tools[0].functionDeclarations[1].name',
  );
});

describe('choices', () => {
  const rows: readonly (readonly [config: JsonObject | undefined, choice: ToolChoice | undefined])[] = [
    [undefined, undefined],
    [{ mode: 'MODE_UNSPECIFIED' }, undefined],
    [{ mode: 'auto' }, { mode: 'auto' }],
    [{ mode: 'NONE' }, { mode: 'none' }],
    [{ mode: 'ANY' }, { mode: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['a'] },
      { mode: 'named', name: 'a' },
    ],
    [
      { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
      { mode: 'allowed', names: ['a', 'b'], must: true },
    ],
    [{ mode: 'VALIDATED' }, { mode: 'validated' }],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
      { mode: 'allowed', names: ['a'], must: false },
    ],
  ];

  test.each(rows)('reading %j', (config, choice) => {
    expect(readToolChoice(config === undefined ? undefined : { functionCallingConfig: config })).toEqual(
      choice as ToolChoice,
    );
  });

  test.each(rows.filter(([, choice]) => choice !== undefined))('writing what %j means', (config, choice) => {
    const { toolConfig } = write({ tools: [f], toolChoice: choice! }).body;
    const mode = String((config as JsonObject).mode).toUpperCase();
    expect(toolConfig).toEqual({ functionCallingConfig: { ...config, mode } });
  });
});

const f: Tool = { kind: 'function', name: 'f', schema: { type: 'object', properties: { a: { type: 'string' } } } };
const search: Tool = { kind: 'opaque', dialect: 'gemini', type: 'googleSearch', raw: { googleSearch: {} } };

interface Given {
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

function write(given: Given, model = 'gemini-3-pro-preview', quirks: Quirks = {}) {
  const losses: Loss[] = [];
  const traits = readGeminiModel(model);
  const target = { model: traits, server: { provider: 'gemini' as const, quirks }, jsonSchema: traits.jsonSchema };
  const body = writeTools({ ...emptyRequest(model, false), ...given }, target, losses);
  return { body, lost: losses.map((loss) => loss.field) };
}

test('functions stand in one entry', () => {
  expect(write({ tools: [f, { kind: 'function', name: 'g', description: 'd' }] }).body).toEqual({
    tools: [
      {
        functionDeclarations: [
          { name: 'f', parametersJsonSchema: { type: 'object', properties: { a: { type: 'string' } } } },
          { name: 'g', description: 'd' },
        ],
      },
    ],
  });
});

test('older models get the subset, and no parameters where there are none', () => {
  const empty: Tool = { kind: 'function', name: 'g', schema: { type: 'object', properties: {} } };
  expect(write({ tools: [f, empty] }, 'gemini-1.5-pro').body.tools).toEqual([
    {
      functionDeclarations: [
        { name: 'f', parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } } } },
        { name: 'g' },
      ],
    },
  ]);
});

test('built-in tools stand beside functions only on newer models', () => {
  expect(write({ tools: [f, search], toolChoice: { mode: 'auto' } })).toMatchObject({
    body: {
      tools: [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' }, includeServerSideToolInvocations: true },
    },
    lost: [],
  });
  const older = write({ tools: [f, search] }, 'gemini-2.5-pro');
  expect(older.body.tools).toHaveLength(1);
  expect(older.lost).toEqual(['tool=googleSearch']);
  expect(write({ tools: [search] }, 'gemini-2.5-pro')).toEqual({ body: { tools: [{ googleSearch: {} }] }, lost: [] });
});

test('R29: without a function there is nothing to choose', () => {
  expect(write({ tools: [], toolChoice: { mode: 'required' }, parallelToolCalls: false })).toEqual({
    body: {},
    lost: [],
  });
});

test('a model cannot be held strictly to its parameters', () => {
  expect(write({ tools: [{ ...f, strict: true }] }).lost).toEqual(['strict']);
  expect(write({ tools: [{ ...f, strict: false }] }).lost).toEqual([]);
});

test('one call at a time cannot be asked for', () => {
  const forced = { mode: 'required' } as const;
  expect(write({ tools: [f], parallelToolCalls: false, toolChoice: forced }).lost).toEqual(['parallel_tool_calls']);
  expect(write({ tools: [f], parallelToolCalls: false }).lost).toEqual([]);
});

test('an upstream that lets the model choose is told nothing', () => {
  const { body, lost } = write({ tools: [f], toolChoice: { mode: 'required' } }, undefined, {
    toolChoice: 'auto-only',
  });
  expect(body).not.toHaveProperty('toolConfig');
  expect(lost).toEqual(['tool_choice']);
});
