import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import { decodeToolChoice, decodeTools } from '../../../../src/translate/openai-responses/decode-tools.ts';

const schema = { type: 'object', properties: { a: { type: 'string' } } };

describe('tools', () => {
  const cases: [string, Json, unknown][] = [
    [
      'a function',
      { type: 'function', name: 'f', description: 'd', parameters: schema, strict: false },
      [{ kind: 'function', name: 'f', description: 'd', schema, strict: false }],
    ],
    ['a bare function', { type: 'function', name: 'f', parameters: null }, [{ kind: 'function', name: 'f' }]],
    [
      'a function in the form of the chat dialect',
      { type: 'function', function: { name: 'f', parameters: schema } },
      [{ kind: 'function', name: 'f', schema }],
    ],
    [
      'a custom tool',
      { type: 'custom', name: 'c', format: { type: 'text' } },
      [{ kind: 'custom', name: 'c', format: { type: 'text' } }],
    ],
    [
      'a namespace',
      {
        type: 'namespace',
        name: 'n',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'custom', name: 'c' },
        ],
      },
      [
        { kind: 'function', name: 'f', namespace: 'n' },
        { kind: 'custom', name: 'c', namespace: 'n' },
      ],
    ],
    [
      'a server tool',
      { type: 'web_search', search_context_size: 'low' },
      [
        {
          kind: 'opaque',
          dialect: 'openai-responses',
          type: 'web_search',
          raw: { type: 'web_search', search_context_size: 'low' },
          wish: { kind: 'web-search', contextSize: 'low' },
        },
      ],
    ],
    [
      'a tool search that the service runs',
      { type: 'tool_search', execution: 'server' },
      [
        {
          kind: 'opaque',
          dialect: 'openai-responses',
          type: 'tool_search',
          raw: { type: 'tool_search', execution: 'server' },
        },
      ],
    ],
    [
      'a tool search that the client runs',
      { type: 'tool_search', execution: 'client', description: 'd', parameters: { type: 'object' } },
      [
        {
          kind: 'function',
          name: 'tool_search',
          description: 'd',
          schema: { type: 'object' },
          searchesTools: true,
        },
      ],
    ],
  ];
  test.each(cases)('%s', (_name, tool, expected) => {
    expect(decodeTools([tool], 'tools') as unknown).toEqual(expected);
  });
});

describe('tool choice', () => {
  const cases: [Json | undefined, unknown][] = [
    [undefined, undefined],
    [null, undefined],
    ['auto', { mode: 'auto' }],
    ['none', { mode: 'none' }],
    ['required', { mode: 'required' }],
    [
      { type: 'function', name: 'f' },
      { mode: 'named', name: 'f' },
    ],
    [
      { type: 'custom', name: 'c' },
      { mode: 'named', name: 'c' },
    ],
    [{ type: 'web_search_preview' }, { mode: 'named', name: 'web_search_preview' }],
    [
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [{ type: 'function', name: 'f' }, { type: 'image_generation' }],
      },
      { mode: 'allowed', names: ['f', 'image_generation'], must: true },
    ],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f', namespace: 'n' }] },
      { mode: 'allowed', names: ['n__f'], must: false },
    ],
  ];
  test.each(cases)('R30: %j', (wire, expected) => {
    expect(decodeToolChoice(wire) as unknown).toEqual(expected);
  });
});
