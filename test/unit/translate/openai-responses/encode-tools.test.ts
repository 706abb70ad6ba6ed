import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import type { CanonicalRequest, Tool, ToolChoice } from '../../../../src/translate/canonical/request.ts';
import { encodeToolFields } from '../../../../src/translate/openai-responses/encode-tools.ts';
import { startEncoding } from '../../../../src/translate/openai-responses/encoding.ts';
import type { Quirks } from '../../../../src/translate/target.ts';
import { requestOf, type Wire } from './samples.ts';

function encode(fields: Partial<CanonicalRequest>, quirks: Quirks = {}): Wire {
  const encoding = startEncoding(requestOf(fields), { provider: 'openai', quirks });
  return { ...encodeToolFields(encoding), losses: encoding.losses.map((loss) => loss.field) };
}

const f: Tool = { kind: 'function', name: 'f', schema: { type: 'object', properties: { a: { type: 'string' } } } };
const closed = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};
const web: Tool = {
  kind: 'opaque',
  dialect: 'openai-responses',
  type: 'web_search',
  raw: { type: 'web_search', x: 1 },
};
const mcp: Tool = {
  kind: 'opaque',
  dialect: 'openai-responses',
  type: 'mcp',
  raw: { type: 'mcp', server_label: 'wiki' },
};
const spawn: Tool = { kind: 'function', name: 'spawn', namespace: 'agents' };
const exec: Tool = { kind: 'custom', name: 'exec', namespace: 'agents', description: 'runs' };

test('R29: no tools, no choice', () => {
  expect(encode({ toolChoice: { mode: 'auto' }, parallelToolCalls: false })).toEqual({ losses: [] });
});

describe('R04: functions always say whether they are strict, and always have an object', () => {
  const cases: [Tool, Json, string[]][] = [
    [f, { type: 'function', name: 'f', parameters: f.schema as Json, strict: false }, []],
    [
      { kind: 'function', name: 'g' },
      { type: 'function', name: 'g', parameters: { type: 'object', properties: {} }, strict: false },
      [],
    ],
    [
      { kind: 'function', name: 'g', schema: { type: 'object' }, description: 'd' },
      { type: 'function', name: 'g', description: 'd', parameters: { type: 'object', properties: {} }, strict: false },
      [],
    ],
    [
      { kind: 'function', name: 'g', schema: closed, strict: true },
      { type: 'function', name: 'g', parameters: closed, strict: true },
      [],
    ],
    [
      { ...f, strict: true } as Tool,
      { type: 'function', name: 'f', parameters: f.schema as Json, strict: false },
      ['strict'],
    ],
  ];
  test.each(cases)('%j', (tool, expected, losses) => {
    expect(encode({ tools: [tool] })).toEqual({ tools: [expected], losses });
  });
  test('unless the server refuses the word', () => {
    expect(encode({ tools: [f] }, { strictTools: false }).tools).toEqual([
      { type: 'function', name: 'f', parameters: f.schema as Json },
    ]);
  });
});

test('the tools of a namespace stand together', () => {
  expect(encode({ tools: [spawn, f, exec, web] }).tools).toEqual([
    {
      type: 'namespace',
      name: 'agents',
      description: 'Tools of agents.',
      tools: [
        { type: 'function', name: 'spawn', parameters: { type: 'object', properties: {} }, strict: false },
        { type: 'custom', name: 'exec', description: 'runs' },
      ],
    },
    { type: 'function', name: 'f', parameters: f.schema as Json, strict: false },
    { type: 'web_search', x: 1 },
  ]);
});

test('a grammar of the chat dialect is flattened', () => {
  const grammar = { syntax: 'lark', definition: 'start: "a"' };
  const tool: Tool = { kind: 'custom', name: 'c', format: { type: 'grammar', grammar } };
  expect(encode({ tools: [tool] }).tools).toEqual([
    { type: 'custom', name: 'c', format: { type: 'grammar', ...grammar } },
  ]);
});

describe('choice', () => {
  const tools = [f, spawn, exec, web, mcp];
  const cases: [ToolChoice, Json][] = [
    [{ mode: 'auto' }, 'auto'],
    [{ mode: 'none' }, 'none'],
    [{ mode: 'required' }, 'required'],
    [{ mode: 'validated' }, 'auto'],
    [
      { mode: 'named', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [
      { mode: 'named', name: 'exec', namespace: 'agents' },
      { type: 'custom', name: 'exec' },
    ],
    [{ mode: 'named', name: 'web_search' }, { type: 'web_search' }],
    [
      { mode: 'named', name: 'mcp' },
      { type: 'mcp', server_label: 'wiki' },
    ],
    [
      { mode: 'allowed', names: ['f', 'agents__spawn', 'web_search'], must: true },
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [{ type: 'function', name: 'f' }, { type: 'function', name: 'spawn' }, { type: 'web_search' }],
      },
    ],
  ];
  test.each(cases)('%j', (toolChoice, expected) => {
    expect(encode({ tools, toolChoice, parallelToolCalls: false })).toMatchObject({
      tool_choice: expected,
      parallel_tool_calls: false,
      losses: [],
    });
  });
});

describe('a server that only lets its model choose', () => {
  const quirks: Quirks = { toolChoice: 'auto-only' };
  const cases: [ToolChoice, number, string[]][] = [
    [{ mode: 'auto' }, 2, []],
    [{ mode: 'required' }, 2, ['tool_choice']],
    [{ mode: 'named', name: 'f' }, 1, ['tool_choice']],
    [{ mode: 'allowed', names: ['agents__spawn'], must: false }, 1, ['tool_choice']],
  ];
  test.each(cases)('%j', (toolChoice, count, losses) => {
    const encoded = encode({ tools: [f, spawn], toolChoice }, quirks);
    expect(encoded).toMatchObject({ tool_choice: 'auto', losses });
    expect(encoded.tools).toHaveLength(count);
  });
  test('none means that no tool is offered', () => {
    expect(encode({ tools: [f], toolChoice: { mode: 'none' } }, quirks)).toEqual({ losses: [] });
  });
});
