import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../src/base/json.ts';
import { quirksWithout, refusedFieldIn } from '../../../src/translate/refused-fields.ts';

const CHAT: JsonObject = {
  model: 'm',
  messages: [{ role: 'developer', content: 'x' }],
  stream: true,
  stream_options: { include_usage: true },
  parallel_tool_calls: false,
  tools: [{ type: 'function', function: { name: 'f', strict: true } }],
  tool_choice: 'required',
  max_completion_tokens: 9,
  max_tokens: 9,
  reasoning_effort: 'high',
  response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
  temperature: 0,
  user: 'ann',
  seed: 1,
};

describe('what a chat server refuses by name', () => {
  test.each<[string, string]>([
    ['Unrecognized request argument supplied: stream_options', 'stream_options'],
    ['body.stream_options: Extra inputs are not permitted', 'stream_options'],
    ["Unknown field 'include_usage'", 'stream_options'],
    ['parallel_tool_calls is not supported', 'parallel_tool_calls'],
    ["property 'strict' is unsupported", 'strict'],
    ['tools.0.function.strict: Extra inputs are not permitted', 'strict'],
    ["Unexpected role 'developer'", 'developer'],
    ['developer is not one of [system, user, assistant]', 'developer'],
    ['Unsupported parameter: max_completion_tokens', 'max_completion_tokens'],
    [
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
    ],
    ['this model does not support reasoning_effort', 'reasoning_effort'],
    ['"gemma3" does not support thinking', 'reasoning_effort'],
    ['tool_choice must be auto', 'tool_choice'],
    ["Invalid value for 'response_format'", 'json_schema'],
    ["Unsupported value: 'temperature' does not support 0 with this model.", 'temperature'],
    ['Unknown parameter: seed', 'seed'],
    ["unknown field 'user', 'seed'", 'user'],
  ])('%s', (message, field) => {
    expect(refusedFieldIn({ message }, CHAT, 'openai-chat')).toBe(field);
  });

  test('the field it names beside its words comes first', () => {
    const words = { message: 'Unsupported: temperature is known', param: 'seed' };
    expect(refusedFieldIn(words, CHAT, 'openai-chat')).toBe('seed');
  });

  test.each([
    // a value that only the client can put right
    'max_completion_tokens is too large: 9999. This model takes at most 4096.',
    // nothing means anything without these
    'this model does not support tools',
    'Unknown model: m',
    'messages: Extra inputs are not permitted',
    // not in the request
    'Unknown parameter: logit_bias',
    // words of a sentence
    'The user of this seed is not supported.',
    'messages.1.seed: Extra inputs are not permitted',
    'It went wrong.',
  ])('nothing in: %s', (message) => {
    expect(refusedFieldIn({ message }, CHAT, 'openai-chat')).toBeUndefined();
  });

  test('JSON without a schema is another field than JSON with one', () => {
    const body = { ...CHAT, response_format: { type: 'json_object' } };
    expect(refusedFieldIn({ message: 'response_format is not supported' }, body, 'openai-chat')).toBe(
      'response_format',
    );
  });
});

describe('what a server of another dialect refuses', () => {
  const gemini = {
    contents: [],
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: {} }] }],
    generationConfig: { responseJsonSchema: {}, thinkingConfig: {} },
  };

  test.each([
    [
      `Unknown name "parametersJsonSchema" at 'tools[0].function_declarations[0]': Cannot find field.`,
      'parametersJsonSchema',
    ],
    [`Unknown name "response_json_schema" at 'generation_config': Cannot find field.`, 'responseJsonSchema'],
    [`Unknown name "thinkingConfig" at 'generation_config': Cannot find field.`, 'thinkingConfig'],
  ])('%s', (message, field) => {
    expect(refusedFieldIn({ message }, gemini, 'gemini')).toBe(field);
  });

  test('of Anthropic’s dialect and of Responses', () => {
    const messages = { model: 'm', messages: [], max_tokens: 1, output_config: {}, thinking: { type: 'adaptive' } };
    const say = (message: string, body: JsonObject) => refusedFieldIn({ message }, body, 'anthropic-messages');
    expect(say('output_config.format: Extra inputs are not permitted', messages)).toBe('output_config');
    expect(say('thinking: Extra inputs are not permitted', messages)).toBe('thinking');
    expect(say('thinking.budget_tokens: must be less than max_tokens', messages)).toBeUndefined();
    const responses = { model: 'm', input: 'x', include: ['x'], service_tier: 'flex' };
    expect(refusedFieldIn({ message: "Unknown parameter: 'include'." }, responses, 'openai-responses')).toBe('include');
  });
});

describe('quirksWithout', () => {
  test('names what each refusal says of a server', () => {
    const refused = ['stream_options', 'strict', 'tool_choice', 'reasoning_effort', 'json_schema', 'seed'];
    expect(quirksWithout({ midSystem: false, refusedFields: ['n'] }, refused)).toEqual({
      midSystem: false,
      streamUsage: false,
      strictTools: false,
      toolChoice: 'auto-only',
      reasoningControl: 'none',
      outputSchema: false,
      refusedFields: ['n', 'seed'],
    });
  });

  test('a limit is told under the other name, or not at all', () => {
    expect(quirksWithout({}, ['max_completion_tokens'])).toEqual({ maxTokensField: 'max_tokens' });
    expect(quirksWithout({}, ['max_completion_tokens', 'max_tokens']).refusedFields).toEqual([
      'max_completion_tokens',
      'max_tokens',
    ]);
  });
});
