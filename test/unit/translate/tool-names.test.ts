import { describe, expect, test } from 'bun:test';
import { type CanonicalRequest, emptyRequest, type Tool } from '../../../src/translate/canonical/request.ts';
import { nameTools, type ToolNameRules } from '../../../src/translate/tool-names.ts';

const OPENAI: ToolNameRules = {
  valid: /^[a-zA-Z0-9_-]{1,64}$/,
  invalidCharacter: /[^a-zA-Z0-9_-]/,
  maxLength: 64,
  custom: false,
  namespaces: false,
};
const GEMINI: ToolNameRules = {
  ...OPENAI,
  valid: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/,
  invalidCharacter: /[^a-zA-Z0-9_.:-]/,
  maxLength: 128,
};

function requestWith(...tools: readonly (string | Tool)[]): CanonicalRequest {
  const list = tools.map((tool): Tool => (typeof tool === 'string' ? { kind: 'function', name: tool } : tool));
  return { ...emptyRequest('m', false), tools: list };
}

describe('nameTools', () => {
  test('keeps a valid name', () => {
    const names = nameTools(requestWith('read_file'), OPENAI);
    expect(names.toWire('read_file')).toBe('read_file');
    expect(names.fromWire('read_file')).toEqual({ name: 'read_file', kind: 'function' });
  });

  test('replaces characters the target does not take', () => {
    const names = nameTools(requestWith('fs.read file:1'), OPENAI);
    expect(names.toWire('fs.read file:1')).toBe('fs_read_file_1');
    expect(names.fromWire('fs_read_file_1')?.name).toBe('fs.read file:1');
  });

  test('cuts a name that is too long and adds eight digits of its hash', () => {
    const long = 'x'.repeat(80);
    const wire = nameTools(requestWith(long), OPENAI).toWire(long);
    expect(wire).toMatch(/^x{55}_[0-9a-f]{8}$/);
    expect(wire).toBe(nameTools(requestWith('other', long), OPENAI).toWire(long));
  });

  test('two names that become equal stay apart, and both are led back', () => {
    const first = `a.b:c${'d'.repeat(75)}`;
    const second = `a:b.c${'d'.repeat(75)}`;
    const names = nameTools(requestWith(first, second, 'a.b', 'a:b'), OPENAI);
    const wires = [first, second, 'a.b', 'a:b'].map((name) => names.toWire(name));
    expect(new Set(wires).size).toBe(4);
    for (const wire of wires) expect(wire).toMatch(OPENAI.valid);
    expect(wires.map((wire) => names.fromWire(wire)?.name)).toEqual([first, second, 'a.b', 'a:b']);
  });

  test('a tool whose name is valid keeps it, even after one whose name had to be changed', () => {
    const names = nameTools(requestWith('a.b', 'a_b'), OPENAI);
    expect(names.toWire('a_b')).toBe('a_b');
    expect(names.toWire('a.b')).toMatch(/^a_b_[0-9a-f]{8}$/);
  });

  test('flattens namespaces, and `functions` to the bare name when nobody else has it', () => {
    const tools: Tool[] = [
      { kind: 'custom', name: 'exec', namespace: 'functions' },
      { kind: 'function', name: 'wait', namespace: 'functions' },
      { kind: 'function', name: 'wait' },
      { kind: 'function', name: 'send_message', namespace: 'collaboration' },
    ];
    const names = nameTools(requestWith(...tools), OPENAI);
    expect(names.toWire('exec', 'functions')).toBe('exec');
    expect(names.toWire('wait', 'functions')).toBe('functions__wait');
    expect(names.toWire('wait')).toBe('wait');
    expect(names.toWire('send_message', 'collaboration')).toBe('collaboration__send_message');
    expect(names.fromWire('exec')).toEqual({ name: 'exec', namespace: 'functions', kind: 'custom' });
  });

  test('keeps namespaces where the target takes them', () => {
    const tools: Tool[] = [
      { kind: 'function', name: 'run', namespace: 'a' },
      { kind: 'function', name: 'run', namespace: 'b' },
    ];
    const names = nameTools(requestWith(...tools), { ...OPENAI, namespaces: true });
    expect(names.toWire('run', 'a')).toBe('run');
    expect(names.toWire('run', 'b')).toBe('run');
    expect(names.fromWire('run', 'b')).toEqual({ name: 'run', namespace: 'b', kind: 'function' });
    expect(names.fromWire('run')).toBeUndefined();
  });

  test('a Gemini name begins with a letter and may hold dots', () => {
    const names = nameTools(requestWith('fs.read', '1password', ''), GEMINI);
    expect(names.toWire('fs.read')).toBe('fs.read');
    expect(names.toWire('1password')).toBe('_1password');
    expect(names.toWire('')).toBe('_');
  });

  test('names what only the history calls, after what is declared', () => {
    const history: CanonicalRequest = {
      ...requestWith('a_b'),
      messages: [
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', callId: 'c1', kind: 'function', name: 'a.b', arguments: '{}' }],
        },
      ],
    };
    const names = nameTools(history, OPENAI);
    expect(names.toWire('a_b')).toBe('a_b');
    expect(names.toWire('a.b')).toMatch(/^a_b_[0-9a-f]{8}$/);
  });

  test('leaves the name of a server tool to it', () => {
    const server: Tool = {
      kind: 'opaque',
      dialect: 'anthropic-messages',
      type: 'bash_20250124',
      name: 'bash',
      raw: {},
    };
    const names = nameTools(requestWith('bash', server), OPENAI);
    expect(names.toWire('bash')).toMatch(/^bash_[0-9a-f]{8}$/);
  });
});
