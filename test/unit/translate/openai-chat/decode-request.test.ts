import { describe, expect, test } from 'bun:test';
import { GatewayError } from '../../../../src/base/gateway-error.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { openaiChat } from '../../../../src/translate/openai-chat/index.ts';

const decode = (body: JsonObject, stream = false) => {
  const model = typeof body.model === 'string' ? body.model : '';
  return openaiChat.client!.decodeRequest(body, { model, stream });
};
const hello: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
const refusalOf = (body: JsonObject) => {
  try {
    decode(body);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return { kind: thrown.kind, param: thrown.detail.param };
    throw thrown;
  }
  return undefined;
};

describe('a request', () => {
  test('with nothing but what it must have', () => {
    expect(decode(hello)).toEqual({
      model: 'm',
      stream: false,
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      tools: [],
      sampling: {},
      answer: {},
      extras: {},
    });
  });

  test('takes its model from the intent when the body has none', () => {
    const request = openaiChat.client!.decodeRequest(
      { messages: [{ role: 'user', content: 'Hi' }] },
      { model: 'm', stream: true },
    );
    expect(request).toMatchObject({ model: 'm', stream: true });
  });

  test('R43: may be null wherever it may be absent', () => {
    const nulls = Object.fromEntries(
      `tools tool_choice stop temperature top_p n seed logit_bias logprobs response_format reasoning_effort user metadata
      stream_options functions function_call parallel_tool_calls modalities audio verbosity reasoning thinking custom`
        .split(/\s+/)
        .map((field) => [field, null]),
    );
    expect(decode({ ...hello, ...nulls })).toEqual(decode(hello));
  });
});

describe('what is refused names its field', () => {
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ['no model', { messages: hello.messages! }, 'model'],
    ['a model that is no string', { ...hello, model: 5 }, 'model'],
    ['no messages', { model: 'm' }, 'messages'],
    ['messages that are no list', { model: 'm', messages: 'Hi' }, 'messages'],
    ['no message', { model: 'm', messages: [] }, 'messages'],
    ['a message that is a string', { model: 'm', messages: ['Hi'] }, 'messages[0]'],
    ['a message that is null', { model: 'm', messages: [null] }, 'messages[0]'],
    ['a message without a role', { model: 'm', messages: [{ content: 'Hi' }] }, 'messages[0].role'],
    ['an unknown role', { model: 'm', messages: [{ role: 'bot', content: 'Hi' }] }, 'messages[0].role'],
    ['a role every object has', { model: 'm', messages: [{ role: 'toString', content: '' }] }, 'messages[0].role'],
    ['content that is a number', { model: 'm', messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
    ['content that is an object', { model: 'm', messages: [{ role: 'user', content: {} }] }, 'messages[0].content'],
    ['a part that is a number', { model: 'm', messages: [{ role: 'user', content: [5] }] }, 'messages[0].content[0]'],
    [
      'a part without a type',
      { model: 'm', messages: [{ role: 'user', content: [{ role: 'user', content: 'Hi' }] }] },
      'messages[0].content[0].type',
    ],
    [
      'a text part without text',
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages[0].content[0].text',
    ],
    [
      'an image without a link',
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content[0].image_url.url',
    ],
    [
      'a result without the id of its call',
      { model: 'm', messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].tool_call_id',
    ],
    [
      'a call without a function',
      { model: 'm', messages: [{ role: 'assistant', tool_calls: [{ id: 'a' }] }] },
      'messages[0].tool_calls[0].function',
    ],
    [
      'a call without a name',
      { model: 'm', messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { arguments: '{}' } }] }] },
      'messages[0].tool_calls[0].function.name',
    ],
    ['tools that are no list', { ...hello, tools: {} }, 'tools'],
    ['a tool without a function', { ...hello, tools: [{ type: 'function' }] }, 'tools[0].function'],
    ['a tool without a name', { ...hello, tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['an unknown tool choice', { ...hello, tool_choice: 'maybe' }, 'tool_choice'],
    ['a tool choice without a name', { ...hello, tool_choice: { type: 'function' } }, 'tool_choice'],
    ['a temperature that is text', { ...hello, temperature: 'warm' }, 'temperature'],
    ['max_tokens that is text', { ...hello, max_tokens: '5' }, 'max_tokens'],
    ['stop that is a number', { ...hello, stop: 5 }, 'stop'],
    ['stop with a number in it', { ...hello, stop: ['a', 5] }, 'stop'],
    ['stream that is text', { ...hello, stream: 'yes' }, 'stream'],
    ['an unknown effort', { ...hello, reasoning_effort: 'huge' }, 'reasoning_effort'],
    ['an unknown verbosity', { ...hello, verbosity: 'some' }, 'verbosity'],
    [
      'an output schema without a schema',
      { ...hello, response_format: { type: 'json_schema', json_schema: { name: 'x' } } },
      'response_format.json_schema.schema',
    ],
  ];
  for (const [name, body, param] of cases) {
    test(name, () => expect(refusalOf(body)).toEqual({ kind: 'invalid-request', param }));
  }
});

describe('sampling and limits', () => {
  test('every field', () => {
    const sampling = {
      max_completion_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      presence_penalty: 1,
      frequency_penalty: -1,
      seed: 7,
      stop: ['a', 'b'],
      n: 2,
      logit_bias: { 5: -100 },
      logprobs: true,
      top_logprobs: 3,
    };
    expect(decode({ ...hello, ...sampling }).sampling).toEqual({
      maxTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 1,
      frequencyPenalty: -1,
      seed: 7,
      stop: ['a', 'b'],
      n: 2,
      logitBias: { 5: -100 },
      logprobs: { top: 3 },
    });
  });

  const limits: readonly (readonly [JsonObject, number | undefined])[] = [
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6 }, 6],
    [{ max_tokens: 5, max_completion_tokens: 6 }, 6],
    [{}, undefined],
  ];
  for (const [fields, expected] of limits) {
    test(`R12: ${JSON.stringify(fields)} is a limit of ${expected}`, () =>
      expect(decode({ ...hello, ...fields }).sampling.maxTokens).toBe(expected as number));
  }

  test('R11: one stop sequence is a list of one, an empty list is none', () => {
    expect(decode({ ...hello, stop: 'X' }).sampling.stop).toEqual(['X']);
    expect(decode({ ...hello, stop: [] }).sampling).toEqual({});
  });
});

describe('reasoning', () => {
  const cases: readonly (readonly [JsonObject, unknown, unknown])[] = [
    [{ reasoning_effort: 'high' }, { mode: 'on', effort: 'high', display: 'summary' }, {}],
    [{ reasoning_effort: 'none' }, { mode: 'off', effort: 'none' }, {}],
    [{ reasoning_effort: 'auto' }, { mode: 'auto', display: 'summary' }, {}],
    [{ reasoning: { effort: 'low' } }, { mode: 'on', effort: 'low', display: 'summary' }, { reasoningDetails: true }],
    [
      { reasoning: { max_tokens: 2000, exclude: true } },
      { mode: 'on', budget: 2000, display: 'omitted' },
      { reasoningDetails: true },
    ],
    [{ reasoning: { enabled: true } }, { mode: 'on', display: 'summary' }, { reasoningDetails: true }],
    [{ reasoning: { enabled: false } }, { mode: 'off', effort: 'none' }, { reasoningDetails: true }],
    [{ include_reasoning: true }, undefined, { reasoningDetails: true }],
    [{ include_reasoning: false }, { display: 'omitted' }, {}],
    [{ thinking: { type: 'enabled' } }, { mode: 'on', display: 'summary' }, {}],
    [{ thinking: { type: 'enabled', budget_tokens: 9 } }, { mode: 'on', budget: 9, display: 'summary' }, {}],
    [{ thinking: { type: 'disabled' } }, { mode: 'off', effort: 'none' }, {}],
    [{ thinking: { clear_thinking: false } }, undefined, {}],
  ];
  for (const [fields, control, answer] of cases) {
    test(JSON.stringify(fields), () => {
      const request = decode({ ...hello, ...fields });
      expect(request.reasoning).toEqual(control as never);
      expect(request.answer).toEqual(answer as never);
    });
  }
});

describe('the form of the answer', () => {
  test('R16: json_object is JSON without a schema, json_schema has one', () => {
    const schema = { type: 'object', properties: {} };
    const decoded = (response_format: JsonObject) => decode({ ...hello, response_format }).output;
    expect(decoded({ type: 'text' })).toBeUndefined();
    expect(decoded({ type: 'json_object' })).toEqual({ kind: 'json' });
    expect(decoded({ type: 'json_schema', json_schema: { name: 'x', schema, strict: true } })).toEqual({
      kind: 'schema',
      schema,
      name: 'x',
      strict: true,
    });
  });

  test('usage in streams, stored answers', () => {
    const wishes = { stream_options: { include_usage: true }, store: false };
    expect(decode({ ...hello, ...wishes }).answer).toEqual({ includeUsage: true, store: false });
  });
});

describe('fields without a canonical form', () => {
  test('are kept for the own dialect', () => {
    const fields = { safeguards: [1], modalities: ['text', 'smell'], audio: { format: 'wav' } };
    expect(decode({ ...hello, ...fields }).extras).toEqual({ 'openai-chat': fields });
  });

  test('R31: hints and idle wishes are left out', () => {
    const fields = {
      prompt_cache_key: 'k',
      prompt_cache_retention: '24h',
      prompt_cache_options: { mode: 'explicit' },
      prediction: { type: 'content', content: 'x' },
      modalities: ['text'],
      response_format: { type: 'text' },
      usage: { include: true },
    };
    expect(decode({ ...hello, ...fields }).extras).toEqual({});
  });

  test('a form of output that only some servers know is one of them', () => {
    const response_format = { type: 'grammar', grammar: 'x' };
    expect(decode({ ...hello, response_format }).extras).toEqual({ 'openai-chat': { response_format } });
  });
});

test('user, tier, verbosity and metadata', () => {
  const fields = { safety_identifier: 'u', service_tier: 'flex', verbosity: 'low', metadata: { a: 'b', c: 5 } };
  expect(decode({ ...hello, ...fields })).toMatchObject({
    endUser: { safetyId: 'u' },
    serviceTier: 'flex',
    verbosity: 'low',
    metadata: { a: 'b' },
  });
});
