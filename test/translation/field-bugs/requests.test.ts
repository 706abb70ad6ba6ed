import { describe, expect, test } from 'bun:test';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { ask, call, calls, type Parsed, result, SONNET, user } from '../../support/translate-as.ts';

const MODELS = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  'anthropic-messages': SONNET,
  gemini: 'gemini-2.5-pro',
} as const;
type Target = keyof typeof MODELS;
const TARGETS = Object.keys(MODELS) as Target[];
const others = (from: DialectId) => TARGETS.filter((to) => to !== from);
const fromChat = (to: Target, body: object): Parsed => ask('openai-chat', to, body, MODELS[to]).body;
const fromClaude = (to: Target, body: object): Parsed =>
  ask('anthropic-messages', to, { max_tokens: 999, ...body }, MODELS[to]).body;

/** The tools of a request by name, with their schemas, in order. */
const toolsOf = (to: Target, body: Parsed): [string, Parsed][] => {
  if (to === 'gemini') {
    const declared = body.tools.flatMap(({ functionDeclarations = [] }: Parsed) => functionDeclarations);
    return declared.map((one: Parsed) => [one.name, one.parametersJsonSchema ?? one.parameters]);
  }
  return body.tools.map((tool: Parsed) => {
    const one = to === 'openai-chat' ? tool.function : tool;
    return [one.name, one.input_schema ?? one.parameters];
  });
};
const aTool = (name: string, parameters: object) => ({ type: 'function', function: { name, parameters } });

describe.each(others('openai-chat'))('a tool for %s', (to) => {
  const sent = (...tools: object[]) => toolsOf(to, fromChat(to, { messages: [user('go')], tools }));

  test('R01: keeps its properties whatever they are called', () => {
    const names = ['pattern', 'format', 'default', 'title', '$ref', 'const', 'enum', 'required', 'type', 'examples'];
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string', description: name }]));
    const [[, schema]] = sent(aTool('f', { type: 'object', properties, required: names })) as [[string, Parsed]];
    expect(Object.keys(schema.properties)).toEqual(names);
    for (const name of names) expect(schema.properties[name]).toMatchObject({ description: name });
    expect(schema.required).toEqual(names);
  });

  test('R04: always has an object of properties, or none at all', () => {
    const schemas = sent(aTool('a', { type: 'object' }), { type: 'function', function: { name: 'b' } });
    for (const [, schema] of schemas) {
      if (to !== 'gemini') expect(schema).toMatchObject({ type: 'object', properties: {} });
    }
    expect(schemas.map(([name]) => name)).toEqual(['a', 'b']);
  });

  test('R06: has a name of its own even when two are equal once they are cut', () => {
    const long = 'x'.repeat(130);
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const names = sent(...['1', '2'].map((end) => aTool(long + end, schema))).map(([name]) => name);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(to === 'gemini' ? 128 : 64);
  });

  test('R41: stands where the client put it, with its schema written alike each time', () => {
    const tools = ['zeta', 'alpha', 'mid'].map((name) =>
      aTool(name, { type: 'object', properties: { z: { type: 'string' }, a: { type: 'number' } } }),
    );
    const bodies = [0, 1].map(() => JSON.stringify(fromChat(to, { messages: [user('go')], tools })));
    expect(bodies[0]).toBe(bodies[1]!);
    expect(sent(...tools).map(([name]) => name)).toEqual(['zeta', 'alpha', 'mid']);
    expect(Object.keys(sent(...tools)[0]![1].properties)).toEqual(['z', 'a']);
  });
});

test('R02: a bare map of properties becomes an object, and what is required moves up', () => {
  const bare = { path: { type: 'string', required: true }, size: { type: 'integer', maximum: 9_007_199_254_740_991 } };
  const tool = { name: 'f', input_schema: bare };
  for (const to of others('anthropic-messages')) {
    const [[, schema]] = toolsOf(to, fromClaude(to, { messages: [user('go')], tools: [tool] })) as [[string, Parsed]];
    expect(schema).toMatchObject({ type: 'object', required: ['path'], properties: { path: { type: 'string' } } });
    expect(schema.properties.path).not.toHaveProperty('required');
    expect(JSON.stringify(schema)).toContain('9007199254740991');
  }
});

describe('calls and results', () => {
  const history = (id: string, args = '{}') => [user('go'), calls(call(id, 'f', args)), result(id), user('on')];

  test('R05: an id that Anthropic refuses is replaced by the same one in call and result', () => {
    const { messages } = fromChat('anthropic-messages', { messages: history('fs.readFile-1:0') });
    const used = messages.flatMap(({ content }: Parsed) => content).find(({ type }: Parsed) => type === 'tool_use');
    expect(used.id).toMatch(/^[\w-]+$/);
    expect(JSON.stringify(messages)).toContain(`"tool_use_id":"${used.id}"`);
    const other = fromChat('anthropic-messages', { messages: history('fs_readFile-1:0') });
    expect(JSON.stringify(other)).not.toContain(`"id":"${used.id}"`);
  });

  test.each(['', ' '])('R18: arguments of %j are an empty object for every upstream', (args) => {
    for (const to of others('openai-chat')) {
      const text = JSON.stringify(fromChat(to, { messages: history('1', args) }));
      expect(text).toMatch(/"input":\{\}|"args":\{\}|"arguments":"\{\}"|"functionCall":\{[^{]*"name":"f"\}/);
    }
  });

  test.each([['words'], [5], [[1, 2]], [null]])('R17: an input that is %j is told as JSON', (input) => {
    const messages = [
      user('go'),
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input }] },
      user([{ type: 'tool_result', tool_use_id: 't', content: 'x' }]),
    ];
    const { messages: turns } = fromClaude('openai-chat', { messages });
    const args = turns.find(({ tool_calls }: Parsed) => tool_calls).tool_calls[0].function.arguments;
    expect(() => JSON.parse(args)).not.toThrow();
    if (input === null) expect(args).toBe('{}');
    else expect(args).toContain(typeof input === 'string' ? 'words' : JSON.stringify(input));
  });

  test('R09: of Gemini, calls of one tool take their results in order and keep explicit ids', () => {
    const part = (kind: string, value: object) => ({ [kind]: { name: 'f', ...value } });
    const contents = [
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [part('functionCall', { args: { n: 1 } }), part('functionCall', { args: { n: 2 }, id: 'two' })],
      },
      {
        role: 'user',
        parts: [
          part('functionResponse', { id: 'two', response: { output: 'second' } }),
          part('functionResponse', { response: { output: 'first' } }),
        ],
      },
    ];
    const once = ask('gemini', 'openai-chat', { contents });
    const told = once.body.messages.filter(({ role }: Parsed) => role === 'tool');
    const made = once.body.messages.find(({ tool_calls }: Parsed) => tool_calls).tool_calls;
    expect(told.map(({ content }: Parsed) => content)).toEqual(['first', 'second']);
    expect(told.map((one: Parsed) => one.tool_call_id)).toEqual(made.map(({ id }: Parsed) => id));
    const more = [...contents, { role: 'model', parts: [{ text: 'ok' }] }, { role: 'user', parts: [{ text: 'on' }] }];
    const again = ask('gemini', 'openai-chat', { contents: more }).body.messages;
    expect(JSON.stringify(again.slice(0, once.body.messages.length))).toBe(JSON.stringify(once.body.messages));
  });

  test('R10: words after a call stand before it, and results come first in the next turn', () => {
    const messages = [
      user('go'),
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'before' },
          { type: 'tool_use', id: 't', name: 'f', input: {} },
          { type: 'text', text: 'after' },
        ],
      },
      user([
        { type: 'text', text: 'injected' },
        { type: 'tool_result', tool_use_id: 't', content: 'done' },
      ]),
    ];
    const { messages: turns } = fromClaude('openai-chat', { messages });
    expect(turns.map(({ role }: Parsed) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(JSON.stringify(turns[1])).toMatch(/before.*after/);
  });

  const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  const jpg = { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'BBBB' } };
  test.each(others('anthropic-messages'))('R20, R21: each picture stays with its result for %s', (to) => {
    const messages = [
      user('go'),
      { role: 'assistant', content: ['t1', 't2'].map((id) => ({ type: 'tool_use', id, name: 'f', input: {} })) },
      user([
        { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'one' }, png] },
        { type: 'tool_result', tool_use_id: 't2', content: [{ type: 'text', text: 'two' }, jpg] },
      ]),
    ];
    const text = JSON.stringify(fromClaude(to, { messages }));
    expect(text).not.toContain('[object');
    for (const data of ['AAAA', 'BBBB']) expect(text.split(data)).toHaveLength(2);
    expect(text.indexOf('AAAA')).toBeLessThan(text.indexOf('BBBB'));
  });
});

describe('settings', () => {
  test.each(others('anthropic-messages'))('R29: a choice among no tools is not sent to %s', (to) => {
    const body = fromClaude(to, {
      messages: [user('go')],
      tools: [],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    expect(JSON.stringify(body)).not.toMatch(/tool_?[cC]hoice|parallel_tool|toolConfig|"tools"/);
  });

  test('R12: the older limit wins where a client writes both', () => {
    const both = { messages: [user('go')], max_tokens: 70, max_completion_tokens: 60 };
    expect([70, 60]).toContain(fromChat('anthropic-messages', both).max_tokens);
    for (const field of ['max_tokens', 'max_completion_tokens']) {
      const body = { messages: [user('go')], [field]: 77 };
      expect(fromChat('anthropic-messages', body).max_tokens).toBe(77);
      expect(fromChat('gemini', body).generationConfig.maxOutputTokens).toBe(77);
      expect(fromChat('openai-responses', body).max_output_tokens).toBe(77);
    }
  });

  test.each(others('openai-chat'))('R43: nothing that was null or absent is sent as null to %s', (to) => {
    const names = [
      'temperature',
      'top_p',
      'stop',
      'max_tokens',
      'tools',
      'tool_choice',
      'response_format',
      'metadata',
      'seed',
      'user',
      'n',
      'logprobs',
      'reasoning_effort',
      'service_tier',
      'stream_options',
      'parallel_tool_calls',
      'modalities',
      'audio',
      'prediction',
      'verbosity',
      'store',
      'logit_bias',
      'web_search_options',
    ];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    const messages = [
      { role: 'user', content: 'go', name: null },
      {
        role: 'assistant',
        content: null,
        refusal: null,
        tool_calls: [{ ...call('1'), index: null }],
        function_call: null,
        audio: null,
      },
      { ...result('1'), name: null },
    ];
    const text = JSON.stringify(fromChat(to, { ...nulls, messages }));
    expect(text).not.toContain('null');
    const bare = messages.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null)));
    expect(text).toBe(JSON.stringify(fromChat(to, { messages: bare })).replace('"index":null,', ''));
  });

  test('R26: empty lists of domains are not sent', () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search', allowed_domains: [], blocked_domains: [] }];
    for (const to of others('anthropic-messages')) {
      expect(JSON.stringify(fromClaude(to, { messages: [user('go')], tools }))).not.toMatch(/domains/);
    }
  });

  test('R27: instructions between turns reach every upstream, in order', () => {
    const cache_control = { type: 'ephemeral' };
    const messages = [
      { role: 'system', content: [{ type: 'text', text: 'S-ONE', cache_control }] },
      user('U-ONE'),
      { role: 'system', content: 'S-TWO' },
      user('U-TWO'),
    ];
    for (const to of others('anthropic-messages')) {
      const text = JSON.stringify(fromClaude(to, { messages }));
      const places = ['S-ONE', 'U-ONE', 'S-TWO', 'U-TWO'].map((word) => text.indexOf(word));
      if (to === 'gemini') places.shift();
      expect(places.every((at) => at >= 0)).toBe(true);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
    }
  });
});
