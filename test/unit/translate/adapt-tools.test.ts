import { describe, expect, test } from 'bun:test';
import { adaptTools } from '../../../src/translate/adapt-tools.ts';
import { type CanonicalRequest, emptyRequest, type ToolChoice } from '../../../src/translate/canonical/request.ts';
import { nameTools, type ToolNameRules } from '../../../src/translate/tool-names.ts';

const RULES: ToolNameRules = {
  valid: /^[a-zA-Z0-9_-]{1,64}$/,
  invalidCharacter: /[^a-zA-Z0-9_-]/,
  maxLength: 64,
  custom: false,
  namespaces: false,
};

function adapt(request: Partial<CanonicalRequest>, rules: ToolNameRules = RULES) {
  const whole = { ...emptyRequest('m', false), ...request };
  return adaptTools(whole, nameTools(whole, rules), rules);
}

const CUSTOM: CanonicalRequest = {
  ...emptyRequest('m', false),
  tools: [
    {
      kind: 'custom',
      name: 'apply.patch',
      description: 'Changes files.',
      format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
    },
  ],
  messages: [
    { role: 'user', parts: [{ type: 'text', text: 'go' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool-call', callId: 'c1', kind: 'custom', name: 'apply.patch', arguments: 'line "1"\n' }],
    },
    {
      role: 'user',
      parts: [{ type: 'tool-result', callId: 'c1', kind: 'custom', name: 'apply.patch', parts: [] }],
    },
  ],
};

describe('adaptTools', () => {
  test('answers the same request when nothing needs another form', () => {
    const request: CanonicalRequest = {
      ...emptyRequest('m', false),
      tools: [{ kind: 'function', name: 'look' }],
      toolChoice: { mode: 'named', name: 'look' },
    };
    expect(adaptTools(request, nameTools(request, RULES), RULES).request).toBe(request);
  });

  test('makes a custom tool a function with one string, the grammar in its description', () => {
    const { request, losses } = adapt(CUSTOM);
    expect(losses).toEqual([]);
    expect(request.tools).toEqual([
      {
        kind: 'function',
        name: 'apply_patch',
        description: 'Changes files.\n\nThe input must follow this lark grammar:\nstart: "x"',
        schema: {
          type: 'object',
          properties: { input: { type: 'string', description: expect.any(String) } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    ]);
    expect(request.messages[1]?.parts).toEqual([
      {
        type: 'tool-call',
        callId: 'c1',
        kind: 'function',
        name: 'apply_patch',
        arguments: '{"input":"line \\"1\\"\\n"}',
      },
    ]);
    expect(request.messages[2]?.parts).toEqual([
      { type: 'tool-result', callId: 'c1', kind: 'function', name: 'apply_patch', parts: [] },
    ]);
  });

  test('keeps a custom tool custom where the target takes it', () => {
    const { request } = adapt(CUSTOM, { ...RULES, custom: true });
    expect(request.tools[0]).toMatchObject({ kind: 'custom', name: 'apply_patch' });
    expect(request.messages[1]?.parts[0]).toMatchObject({ kind: 'custom', arguments: 'line "1"\n' });
  });

  test('flattens the namespace of tools and calls', () => {
    const { request } = adapt({
      tools: [{ kind: 'function', name: 'send', namespace: 'mail' }],
      toolChoice: { mode: 'named', name: 'send', namespace: 'mail' },
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'tool-call', callId: 'c', kind: 'function', name: 'send', namespace: 'mail', arguments: '{}' },
          ],
        },
      ],
    });
    expect(request.tools).toEqual([{ kind: 'function', name: 'mail__send' }]);
    expect(request.toolChoice).toEqual({ mode: 'named', name: 'mail__send' });
    expect(request.messages[0]?.parts).toEqual([
      { type: 'tool-call', callId: 'c', kind: 'function', name: 'mail__send', arguments: '{}' },
    ]);
  });

  test('of two tools with one name the later definition counts', () => {
    const { request } = adapt({
      tools: [
        { kind: 'function', name: 'a', description: 'old' },
        { kind: 'function', name: 'b' },
        { kind: 'function', name: 'a', description: 'new' },
      ],
    });
    expect(request.tools).toEqual([
      { kind: 'function', name: 'a', description: 'new' },
      { kind: 'function', name: 'b' },
    ]);
  });
});

describe('the tool choice', () => {
  const choose = (toolChoice: ToolChoice, names: readonly string[] = ['fs.read', 'look']) =>
    adapt({ tools: names.map((name) => ({ kind: 'function', name })), toolChoice });

  test('gets the wire name', () => {
    expect(choose({ mode: 'named', name: 'fs.read' }).request.toolChoice).toEqual({ mode: 'named', name: 'fs_read' });
  });

  test('renames the allowed tools and leaves unknown ones out', () => {
    const { request, losses } = choose({ mode: 'allowed', names: ['fs.read', 'gone'], must: true });
    expect(request.toolChoice).toEqual({ mode: 'allowed', names: ['fs_read'], must: true });
    expect(losses.map((loss) => loss.field)).toEqual(['tool_choice']);
  });

  test('is left to the model when it names a tool that is gone', () => {
    const { request, losses } = choose({ mode: 'named', name: 'web_search' });
    expect(request.toolChoice).toEqual({ mode: 'auto' });
    expect(losses).toEqual([
      { field: 'tool_choice', effect: 'approximated', reason: expect.stringContaining('web_search') },
    ]);
  });

  test('R29: goes with the wish for parallel calls when there are no tools', () => {
    const { request, losses } = adapt({ tools: [], toolChoice: { mode: 'required' }, parallelToolCalls: false });
    expect(request).not.toHaveProperty('toolChoice');
    expect(request).not.toHaveProperty('parallelToolCalls');
    expect(losses).toEqual([]);
  });
});
