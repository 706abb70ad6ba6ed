import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { CanonicalRequest } from '../../../../src/translate/canonical/request.ts';
import { args, call, chunk, decode, finish, fn, tell, told } from './chunks.ts';

describe('calls', () => {
  const whole = ['start', '+call a f', 'args {"x":', 'args 1}', '-call', 'end tool-calls'];

  test('in pieces', () => {
    const pieces = [
      call({ index: 0, id: 'a', type: 'function', ...fn('f') }),
      call({ index: 0, ...args('{"x":') }),
      call({ index: 0, ...args('1}') }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual(whole);
  });

  test('S03: arguments beside the name are not lost', () => {
    const pieces = [call({ index: 0, id: 'a', ...fn('f', '{"x":') }), call({ index: 0, ...args('1}') })];
    expect(told(...pieces, finish('tool_calls'))).toEqual(whole);
  });

  test('later pieces that repeat an empty id or name change nothing', () => {
    const pieces = [
      call({ index: 0, id: 'a', ...fn('f') }),
      call({ index: 0, id: '', ...fn('', '{"x":') }),
      call({ index: 0, id: null, function: { name: null, arguments: '1}' } }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual(whole);
  });

  test('S05: later pieces without an index or an id belong to the last call', () => {
    const pieces = [call({ id: 'a', ...fn('f') }), call(args('{"x":')), call(args('1}'))];
    expect(told(...pieces, finish('tool_calls'))).toEqual(whole);
  });

  test('S05: a call that never has an id gets one', () => {
    const events = decode([call({ index: 0, ...fn('f') }), call({ index: 0, ...args('{}') }), finish('tool_calls')]);
    expect(events[1]).toMatchObject({
      type: 'tool-call-start',
      callId: expect.stringMatching(/^call_\w{24}$/),
      name: 'f',
    });
  });

  test('S35: arguments wait for a name that comes later', () => {
    const pieces = [call({ index: 0, id: 'a', ...args('{"x":') }), call({ index: 0, ...fn('f', '1}') })];
    expect(told(...pieces, finish('tool_calls'))).toEqual([
      'start',
      '+call a f',
      'args {"x":',
      'args 1}',
      '-call',
      'end tool-calls',
    ]);
  });

  test('S35: a call that never has a name gets the only one there is', () => {
    const pieces = [call({ index: 0, id: 'a', ...args('{}') }), finish('tool_calls')];
    expect(tell(decode(pieces, { tools: [{ kind: 'function', name: 'only' }] }))).toContain('+call a only');
    expect(told(...pieces)).toContain('+call a unnamed_tool');
  });

  test('S35: nothing at all is no call', () =>
    expect(told(call({ index: 0 }), finish('stop'))).toEqual(['start', 'end stop']));

  test('S02: an empty list beside text is no call', () => {
    expect(told(chunk({ content: 'a', tool_calls: [] }), finish('stop'))).toEqual([
      'start',
      '+text',
      'text a',
      '-text',
      'end stop',
    ]);
  });

  test('S04: text and a call in one chunk are both told', () => {
    const both = chunk({ content: 'a', tool_calls: [{ index: 0, id: 'a', ...fn('f', '{}') }] });
    expect(told(both, finish('tool_calls'))).toEqual([
      'start',
      '+text',
      'text a',
      '-text',
      '+call a f',
      'args {}',
      '-call',
      'end tool-calls',
    ]);
  });

  test('S06: empty text between pieces does not split a call', () => {
    const pieces = [
      call({ index: 0, id: 'a', ...fn('f', '{"x":') }),
      chunk({ content: '' }),
      chunk({ content: null }),
      call({ index: 0, ...args('1}') }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual(whole);
  });

  test('S07: text between two calls is a text between two calls', () => {
    const pieces = [
      call({ index: 0, id: 'a', ...fn('f', '{}') }),
      chunk({ content: '\n' }),
      call({ index: 1, id: 'b', ...fn('g', '{}') }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual([
      'start',
      '+call a f',
      'args {}',
      '-call',
      '+text',
      'text \n',
      '-text',
      '+call b g',
      'args {}',
      '-call',
      'end tool-calls',
    ]);
  });

  test('text inside a call waits until the call is whole', () => {
    const pieces = [
      call({ index: 0, id: 'a', ...fn('f', '{"x":') }),
      chunk({ content: '\n' }),
      call({ index: 0, ...args('1}') }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual([
      ...whole.slice(0, 5),
      '+text',
      'text \n',
      '-text',
      'end tool-calls',
    ]);
  });

  test('calls whose pieces are mixed come one after the other', () => {
    const pieces = [
      call({ index: 0, id: 'a', ...fn('f', '{"x":') }),
      call({ index: 1, id: 'b', ...fn('g', '{"y":') }),
      call({ index: 0, ...args('1}') }),
      call({ index: 1, ...args('2}') }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual([
      'start',
      '+call a f',
      'args {"x":',
      'args 1}',
      '-call',
      '+call b g',
      'args {"y":',
      'args 2}',
      '-call',
      'end tool-calls',
    ]);
  });

  test('several calls in one chunk', () => {
    const both = chunk({
      tool_calls: [
        { index: 0, id: 'a', ...fn('f', '{}') },
        { index: 1, id: 'b', ...fn('g', '{}') },
      ],
    });
    expect(told(both, finish('tool_calls')).filter((line) => line.startsWith('+call'))).toEqual([
      '+call a f',
      '+call b g',
    ]);
  });

  const doubles: readonly (readonly [string, JsonObject, JsonObject])[] = [
    ['one index', { index: 0, id: 'a', ...fn('f', '{}') }, { index: 0, id: 'b', ...fn('f', '{}') }],
    ['one index and no arguments', { index: 0, id: 'a', ...fn('f') }, { index: 0, id: 'b', ...fn('g') }],
    ['no index', { id: 'a', ...fn('f', '{}') }, { id: 'b', ...fn('f', '{}') }],
  ];
  for (const [name, first, second] of doubles) {
    test(`whole calls with ${name} are two`, () => {
      const starts = told(call(first), call(second), finish('tool_calls')).filter((line) => line.startsWith('+call'));
      expect(starts.map((line) => line.slice(0, 7))).toEqual(['+call a', '+call b']);
    });
  }

  test('whole calls with neither index nor id are two', () => {
    const starts = told(call(fn('f', '{}')), call(fn('g', '{}')), finish('tool_calls')).filter((line) =>
      line.startsWith('+call'),
    );
    expect(starts).toHaveLength(2);
    expect(new Set(starts).size).toBe(2);
  });

  test('an index that begins at 1', () => {
    expect(told(call({ index: 1, id: 'a', ...fn('f', '{}') }), finish('tool_calls'))).toContain('+call a f');
  });

  test('arguments that are an object', () => {
    expect(told(call({ index: 0, id: 'a', ...fn('f', { x: 1 }) }), finish('tool_calls'))).toContain('args {"x":1}');
  });

  test('a custom tool', () => {
    const pieces = [
      call({ index: 0, id: 'a', type: 'custom', custom: { name: 'c', input: 'x' } }),
      call({ index: 0, custom: { input: 'y' } }),
    ];
    expect(told(...pieces, finish('tool_calls'))).toEqual([
      'start',
      '+call a c custom',
      'args x',
      'args y',
      '-call',
      'end tool-calls',
    ]);
  });

  test('the older form', () => {
    const pieces = [
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{}' } }),
      finish('function_call'),
    ];
    const lines = told(...pieces);
    expect(lines[1]).toMatch(/^\+call call_\w{24} f$/);
    expect(lines.slice(2)).toEqual(['args {}', '-call', 'end tool-calls']);
  });

  const ids: readonly (readonly [string, string, boolean])[] = [
    ['one that fits', 'call_1', true],
    ['Kimi’s', 'functions.f:0', false],
    ['one that is too long', 'x'.repeat(41), false],
    ['one the conversation has already', 'old', false],
  ];
  for (const [name, id, kept] of ids) {
    test(`of ids, ${name} is ${kept ? 'kept' : 'replaced'}`, () => {
      const messages: CanonicalRequest['messages'] = [
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', callId: 'old', kind: 'function', name: 'f', arguments: '{}' }],
        },
      ];
      const events = decode([call({ index: 0, id, ...fn('f', '{}') }), finish('tool_calls')], { messages });
      const start = events.find((event) => event.type === 'tool-call-start');
      expect(start?.callId === id).toBe(kept);
    });
  }

  test('the seal of a call', () => {
    const piece = { index: 0, id: 'a', ...fn('f', '{}'), extra_content: { google: { thought_signature: 'S' } } };
    expect(decode([call(piece), finish('tool_calls')])[1]).toMatchObject({
      seal: { dialect: 'openai-chat', value: 'S' },
    });
  });
});
