import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { decodeRequest } from '../../../../src/translate/openai-responses/decode-request.ts';

const decode = (body: JsonObject) => decodeRequest({ input: 'Hello', ...body }, { model: 'm', stream: false });

test('a string is one turn of the user, after the instructions', () => {
  const request = decode({ model: 'm', instructions: 'Be brief.', input: 'Hello' });
  expect(request.system).toEqual([{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }]);
  expect(request.messages).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }]);
  expect(request.stream).toBe(false);
});

test('without an input there must be something else to answer', () => {
  for (const input of [undefined, null, []]) {
    for (const rest of [{ instructions: 'Be brief.' }, { prompt: { id: 'pmpt_1' } }, { previous_response_id: 'r' }]) {
      expect(decode({ input, ...rest }).messages).toEqual([]);
    }
    for (const rest of [{}, { instructions: '' }, { prompt: null }]) {
      expect(() => decode({ input, ...rest })).toThrow("'input' is missing or empty");
    }
  }
});

test('limits and sampling', () => {
  const body = { max_output_tokens: 100, temperature: 0, top_p: 0.5, top_logprobs: 3, stop: null };
  expect(decode(body).sampling).toEqual({ maxTokens: 100, temperature: 0, topP: 0.5, logprobs: { top: 3 } });
  expect(decode({ include: ['message.output_text.logprobs'] }).sampling).toEqual({ logprobs: {} });
  expect(decode({ top_logprobs: 0 }).sampling).toEqual({});
});

describe('reasoning', () => {
  const cases: [JsonObject, unknown][] = [
    [
      { effort: 'high', summary: 'detailed' },
      { mode: 'on', effort: 'high', display: 'summary', summary: 'detailed' },
    ],
    [
      { effort: 'low', summary: null },
      { mode: 'on', effort: 'low', display: 'omitted' },
    ],
    [{ summary: 'auto' }, { display: 'summary', summary: 'auto' }],
    [{ generate_summary: 'concise' }, { display: 'summary', summary: 'concise' }],
    [
      { effort: 'none', summary: 'auto' },
      { mode: 'off', effort: 'none' },
    ],
  ];
  test.each(cases)('%j', (reasoning, expected) => {
    expect(decode({ reasoning }).reasoning as unknown).toEqual(expected);
  });
});

describe('R16: the form of the answer', () => {
  const schema = { type: 'object', properties: {} };
  const cases: [JsonObject, unknown][] = [
    [{ type: 'text' }, undefined],
    [{ type: 'json_object' }, { kind: 'json' }],
    [
      { type: 'json_schema', name: 'a', schema },
      { kind: 'schema', name: 'a', schema },
    ],
    [
      { type: 'json_schema', name: 'a', schema, strict: true, description: 'd' },
      { kind: 'schema', name: 'a', schema, strict: true, description: 'd' },
    ],
  ];
  test.each(cases)('%j', (format, expected) => {
    expect(decode({ text: { format } }).output as unknown).toEqual(expected);
  });
});

test('verbosity, tier, metadata and the user', () => {
  const request = decode({
    text: { verbosity: 'low' },
    service_tier: 'flex',
    metadata: { a: 'b' },
    user: 'u',
    safety_identifier: 's',
  });
  expect(request.verbosity).toBe('low');
  expect(request.serviceTier).toBe('flex');
  expect(request.metadata).toEqual({ a: 'b' });
  expect(request.endUser).toEqual({ name: 'u', safetyId: 's' });
});

test('fields with a meaning of their own are extras, so that their loss is named', () => {
  const body = {
    input: 'x',
    background: true,
    conversation: 'conv_1',
    previous_response_id: 'resp_1',
    safeguards: { a: 1 },
  };
  const request = decode(body);
  const { input: _input, ...extras } = body;
  expect(request.extras).toEqual({ 'openai-responses': extras });
  expect(request.answer.previousResponseId).toBe('resp_1');
});

test('R31: fields whose loss means nothing are no extras', () => {
  const body = {
    include: ['reasoning.encrypted_content'],
    client_metadata: { a: 'b' },
    store: false,
    truncation: 'auto',
    prompt_cache_key: 'k',
    prompt_cache_retention: '24h',
    prompt_cache_options: { mode: 'explicit' },
    stream_options: { include_obfuscation: false },
    background: false,
    prompt: null,
  };
  expect(decode(body).extras).toEqual({});
  expect(decode(body).answer.store).toBe(false);
});

test('keeps what response objects repeat', () => {
  const tools = [{ type: 'web_search' }];
  const request = decode({ tools, temperature: null, text: { verbosity: 'low' }, input: 'x', include: [] });
  expect(request.answer.repeated).toEqual({ tools, text: { verbosity: 'low' } });
});

test('R43: a field that is absent stays absent', () => {
  expect(decode({ input: 'x' })).toEqual({
    model: 'm',
    stream: false,
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }],
    tools: [],
    sampling: {},
    answer: { repeated: {} },
    extras: {},
  });
});

describe('refuses what has the wrong form, naming the field', () => {
  const cases: [JsonObject, string][] = [
    [{ input: 5 }, 'input'],
    [{ input: ['x'] }, 'input[0]'],
    [{ input: [{}] }, 'input[0].type'],
    [{ input: [{ type: 7 }] }, 'input[0].type'],
    [{ input: [{ role: 'robot', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ role: 'user', content: 5 }] }, 'input[0].content'],
    [{ input: [{ role: 'user', content: [5] }] }, 'input[0].content[0]'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, 'input[0].content[0].image_url'],
    [{ input: [{ role: 'user', content: [{ type: 'input_file' }] }] }, 'input[0].content[0].file_data'],
    [{ input: [{ type: 'function_call', call_id: 'a', arguments: '{}' }] }, 'input[0].name'],
    [{ input: [{ type: 'function_call', name: 'a', arguments: '{}' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'function_call_output', output: 'x' }] }, 'input[0].call_id'],
    [{ tools: {} }, 'tools'],
    [{ tools: [{ name: 'a' }] }, 'tools[0].type'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'custom' }] }] }, 'tools[0].tools[0].name'],
    [{ tool_choice: 5 }, 'tool_choice'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice.name'],
    [{ temperature: '1' }, 'temperature'],
    [{ max_output_tokens: 'many' }, 'max_output_tokens'],
    [{ instructions: ['x'] }, 'instructions'],
    [{ reasoning: 'high' }, 'reasoning'],
    [{ text: { format: { type: 'json_schema', name: 'a' } } }, 'text.format.schema'],
    [{ parallel_tool_calls: 'yes' }, 'parallel_tool_calls'],
  ];
  test.each(cases)('%j', (body, param) => {
    let thrown: unknown;
    try {
      decode(body);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect((thrown as GatewayError).kind).toBe('invalid-request');
    expect((thrown as GatewayError).detail.param).toBe(param);
    expect((thrown as GatewayError).message).toContain(param);
  });
});
