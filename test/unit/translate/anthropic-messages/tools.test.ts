import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import {
  decodeToolChoice,
  decodeTools,
  encodeChoice,
  encodeTools,
} from '../../../../src/translate/anthropic-messages/tools.ts';
import { type CanonicalRequest, emptyRequest, type Tool } from '../../../../src/translate/canonical/request.ts';

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const f: Tool = { kind: 'function', name: 'f', schema: SCHEMA };
const g: Tool = { kind: 'function', name: 'g' };

describe('decodeTools', () => {
  test('R24: loads deferred tools and leaves out what only this dialect knows', () => {
    const tool = {
      name: 'f',
      description: 'd',
      input_schema: SCHEMA,
      defer_loading: true,
      eager_input_streaming: true,
    };
    expect(decodeTools({ tools: [tool] })).toEqual([{ kind: 'function', name: 'f', description: 'd', schema: SCHEMA }]);
  });

  test('keeps strict and cache marks', () => {
    const tool = {
      type: 'custom',
      name: 'f',
      input_schema: SCHEMA,
      strict: true,
      cache_control: { type: 'ephemeral' },
    };
    expect(decodeTools({ tools: [tool] })).toEqual([
      { kind: 'function', name: 'f', schema: SCHEMA, strict: true, cache: {} },
    ]);
  });

  test.each([
    ['web_search_20250305', { wish: { kind: 'web-search' } }],
    ['code_execution_20250825', { wish: { kind: 'code' } }],
    ['bash_20250124', { asFunction: { kind: 'function', name: 'n', schema: { type: 'object' } } }],
    ['mcp_toolset', {}],
  ])('R24: keeps a tool of type %s as it is, with what it means to others', (type, meaning) => {
    const raw = { type, name: 'n' };
    const [tool] = decodeTools({ tools: [raw] });
    expect(tool).toMatchObject({ kind: 'opaque', dialect: 'anthropic-messages', type, name: 'n', raw, ...meaning });
    expect(Object.keys(tool!).filter((key) => /wish|asFunction/.test(key))).toEqual(Object.keys(meaning));
  });

  test.each<[JsonObject, JsonObject]>([
    [{ type: 'auto' }, { toolChoice: { mode: 'auto' } }],
    [
      { type: 'any', disable_parallel_tool_use: true },
      { toolChoice: { mode: 'required' }, parallelToolCalls: false },
    ],
    [{ type: 'tool', name: 'f' }, { toolChoice: { mode: 'named', name: 'f' } }],
    [{ type: 'none' }, { toolChoice: { mode: 'none' } }],
  ])('reads the choice %j', (choice, expected) => {
    expect(decodeToolChoice({ tool_choice: choice })).toEqual(expected as never);
  });
});

describe('encodeTools', () => {
  test('writes a schema for a tool without arguments', () => {
    expect(encodeTools([g], true).tools).toEqual([{ name: 'g', input_schema: { type: 'object', properties: {} } }]);
  });

  test('R26: leaves out empty lists of domains and empty fields of a server tool', () => {
    const raw = {
      type: 'web_search_20250305',
      name: 'web_search',
      allowed_domains: [],
      blocked_domains: [],
      max_uses: null,
    };
    const tool: Tool = { kind: 'opaque', dialect: 'anthropic-messages', type: 'web_search_20250305', raw };
    expect(encodeTools([tool], true).tools).toEqual([{ type: 'web_search_20250305', name: 'web_search' }]);
  });

  const closed = { ...SCHEMA, additionalProperties: false };
  test.each<[string, JsonObject, boolean, boolean]>([
    ['a schema it can enforce', closed, true, true],
    ['an open schema', SCHEMA, true, false],
    ['a schema with limits', { ...closed, properties: { a: { type: 'string', minLength: 2 } } }, true, false],
    ['a server that cannot', closed, false, false],
  ])('S1: strict with %s', (_name, schema, able, kept) => {
    const encoded = encodeTools([{ kind: 'function', name: 'f', schema, strict: true }], able);
    expect(encoded.tools[0]!.strict).toBe(kept ? true : undefined);
    expect(encoded.losses.map((loss) => loss.field)).toEqual(kept ? [] : ['strict']);
  });

  test('S2: never turns strict on', () => {
    expect(encodeTools([{ kind: 'function', name: 'f', schema: closed }], true).tools[0]).not.toHaveProperty('strict');
  });
});

describe('encodeChoice', () => {
  const free = { forced: true, autoOnly: false };
  const choose = (change: Partial<CanonicalRequest>, limits = free) =>
    encodeChoice({ ...emptyRequest('m', false), tools: [f, g], ...change }, limits);

  test.each<[string, Partial<CanonicalRequest>, unknown]>([
    ['auto', { toolChoice: { mode: 'auto' } }, { type: 'auto' }],
    ['validated', { toolChoice: { mode: 'validated' } }, { type: 'auto' }],
    ['none', { toolChoice: { mode: 'none' }, parallelToolCalls: false }, { type: 'none' }],
    ['required', { toolChoice: { mode: 'required' } }, { type: 'any' }],
    ['named', { toolChoice: { mode: 'named', name: 'f' } }, { type: 'tool', name: 'f' }],
    ['R30: one call', { parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    ['absent', {}, undefined],
  ])('%s', (_name, change, choice) => {
    expect(choose(change).choice).toEqual(choice as never);
    expect(choose(change).losses).toEqual([]);
  });

  test('R29: says nothing of a choice among no tools', () => {
    expect(choose({ tools: [], toolChoice: { mode: 'required' }, parallelToolCalls: false })).toEqual({
      tools: [],
      losses: [],
    });
  });

  test('R30: sends only allowed tools', () => {
    const chosen = choose({ toolChoice: { mode: 'allowed', names: ['g'], must: true } });
    expect(chosen.tools).toEqual([g]);
    expect(chosen.choice).toEqual({ type: 'any' });
    expect(chosen.losses.map((loss) => loss.field)).toEqual(['cache']);
  });

  test('T4: lets a model choose that cannot be forced', () => {
    const chosen = choose({ toolChoice: { mode: 'required' } }, { forced: false, autoOnly: false });
    expect(chosen.choice).toEqual({ type: 'auto' });
    expect(chosen.losses.map((loss) => loss.field)).toEqual(['tool_choice']);
  });

  test('sends one tool to a server that knows auto alone', () => {
    const limits = { forced: true, autoOnly: true };
    expect(choose({ toolChoice: { mode: 'named', name: 'g' } }, limits)).toMatchObject({
      tools: [g],
      choice: { type: 'auto' },
    });
    expect(choose({ toolChoice: { mode: 'none' } }, limits).tools).toEqual([]);
  });
});
