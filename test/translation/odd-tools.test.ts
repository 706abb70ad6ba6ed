import { describe, expect, test } from 'bun:test';
import { answer, ask, call, calls, type Parsed, result, SONNET, streamed, user } from '../support/translate-as.ts';

describe('arguments of calls', () => {
  test.each([
    ['', {}],
    ['[1]', { _raw: '[1]' }],
    ['{"bad', { _raw: '{"bad' }],
  ])('%j become an object', (args, input) => {
    const messages = [user('go'), calls(call('1', 'f', args)), result('1'), user('u')];
    const { body } = ask('openai-chat', 'anthropic-messages', { messages }, SONNET);
    expect(body.messages[1].content.at(-1).input).toEqual(input);
  });

  test('keep every digit on their way through a stream', () => {
    const chunks = streamed('anthropic-messages', 'openai-chat', [
      { type: 'message_start', message: { id: 'm', content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: '1', name: 'f', input: {} } },
      {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'input_json_delta', partial_json: '{"n":123456789012345678' },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '90}' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ]);
    const args = chunks
      .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
      .map((piece: Parsed) => piece.function.arguments);
    expect(args.join('')).toBe('{"n":12345678901234567890}');
  });

  test('history with calls gets stubs of its tools where they must be known', () => {
    const { body } = ask(
      'openai-chat',
      'anthropic-messages',
      { messages: [user('go'), calls(call('1', 'lost')), result('1'), user('u')] },
      SONNET,
    );
    expect(body.tools).toMatchObject([{ name: 'lost', input_schema: { type: 'object' } }]);
  });
});

describe('names of tools', () => {
  const long = 'x'.repeat(80);
  const tools = ['a.b:c', 'a_b_c', long, `${long}y`].map((name) => ({ type: 'function', function: { name } }));
  const request = { model: SONNET, messages: [user('go')], tools };

  test('R06: are made valid and kept apart, and are the client’s own in the answer', () => {
    const sent = ask('openai-chat', 'anthropic-messages', request, SONNET).body.tools.map(({ name }: Parsed) => name);
    expect(new Set(sent).size).toBe(4);
    for (const name of sent) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    const content = sent.map((name: string, at: number) => ({ type: 'tool_use', id: `t${at}`, name, input: {} }));
    const whole = answer('anthropic-messages', 'openai-chat', { content, stop_reason: 'tool_use' }, request);
    const named = whole.choices[0].message.tool_calls.map((one: Parsed) => one.function.name);
    expect(named).toEqual(tools.map((tool) => tool.function.name));
  });
});

describe('schemas', () => {
  const tool = (parameters: object) => ({
    messages: [user('x')],
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  });
  const declared = (parameters: object, model: string) =>
    ask('openai-chat', 'gemini', tool(parameters), model).body.tools[0].functionDeclarations[0];

  test('R03: become what the older form of Gemini can say', () => {
    const { parameters } = declared(
      {
        type: 'object',
        properties: {
          tree: { $ref: '#/$defs/node' },
          either: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
          fixed: { const: 'x' },
          level: { enum: [1, 2] },
          maybe: { type: ['string', 'null'] },
        },
        $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
      },
      'gemini-1.5-pro',
    );
    expect(parameters.properties).toMatchObject({
      either: { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] },
      fixed: { type: 'STRING', enum: ['x'] },
      level: { type: 'STRING', enum: ['1', '2'] },
      maybe: { type: 'STRING', nullable: true },
    });
    expect(JSON.stringify(parameters)).not.toContain('$ref');
    expect(JSON.stringify(parameters.properties.tree).match(/"next"/g)).toHaveLength(5);
  });

  test('R04: without properties are left out where an empty object is refused', () => {
    const empty = { type: 'object', properties: {} };
    expect(declared(empty, 'gemini-1.5-pro').parameters).toBeUndefined();
    expect(declared(empty, 'gemini-3-pro').parametersJsonSchema).toEqual(empty);
  });

  test('in upper case are JSON Schema to others', () => {
    const body = {
      contents: [{ role: 'user', parts: [{ text: 'x' }] }],
      generationConfig: {
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      },
    };
    expect(ask('gemini', 'anthropic-messages', body, SONNET).body.output_config.format.schema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
      additionalProperties: false,
    });
  });

  test('of an answer are a hidden tool for models without output formats, beside the client’s own', () => {
    const request = {
      model: 'claude-sonnet-4-20250514',
      messages: [user('x')],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'r', schema: { type: 'object', properties: { a: { type: 'string' } } } },
      },
      tools: [{ type: 'function', function: { name: 'f' } }],
    };
    const { body } = ask('openai-chat', 'anthropic-messages', request, request.model);
    expect(body.tools.map(({ name }: Parsed) => name)).toEqual(['f', 'json_output']);
    expect(body.tool_choice).toEqual({ type: 'any' });
    const content = [{ type: 'tool_use', id: '1', name: 'json_output', input: { a: 'x' } }];
    const { choices } = answer('anthropic-messages', 'openai-chat', { content, stop_reason: 'tool_use' }, request);
    expect(choices[0]).toMatchObject({ message: { content: '{"a":"x"}' }, finish_reason: 'stop' });
    expect(choices[0].message.tool_calls).toBeUndefined();
  });
});
