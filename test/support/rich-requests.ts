import type { Json, JsonObject } from '../../src/base/json.ts';
import type { ClientEndpoint } from './endpoints.ts';

/** A request with a little of everything; its one tool is called `f`. */
export function richBody(endpoint: ClientEndpoint, model: string): JsonObject {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const base = endpoint.body(model, 'Hello');
  switch (endpoint.dialect) {
    case 'openai-chat':
      return {
        ...base,
        temperature: 0.5,
        max_tokens: 100,
        stop: ['x'],
        tool_choice: 'auto',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"city":"Oslo"}' } }],
          },
          { role: 'tool', tool_call_id: 'call_1', content: 'cold' },
        ],
        tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: schema } }],
      };
    case 'openai-completions':
      return { ...base, temperature: 0.5, max_tokens: 100, stop: ['x'] };
    case 'openai-responses':
      return {
        ...base,
        instructions: 'Be brief.',
        max_output_tokens: 100,
        reasoning: { effort: 'low' },
        text: { format: { type: 'text' } },
        input: [
          { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
          { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"city":"Oslo"}' },
          { type: 'function_call_output', call_id: 'call_1', output: 'cold' },
        ],
        tools: [{ type: 'function', name: 'f', description: 'd', parameters: schema, strict: false }],
      };
    case 'anthropic-messages':
      return {
        ...base,
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        stop_sequences: ['x'],
        tool_choice: { type: 'auto' },
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { city: 'Oslo' } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'cold', is_error: true }] },
        ],
        tools: [{ name: 'f', description: 'd', input_schema: schema }],
      };
    default:
      return {
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        generationConfig: { maxOutputTokens: 100, stopSequences: ['x'], thinkingConfig: { thinkingBudget: 1024 } },
        contents: [
          { role: 'user', parts: [{ text: 'Hello' }] },
          { role: 'model', parts: [{ functionCall: { name: 'f', args: { city: 'Oslo' } } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'cold' } } }] },
        ],
        tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: schema }] }],
      };
  }
}

/** Values of each type; at every place of a request all but one or two of them are wrong. */
const VALUES: readonly Json[] = [null, 5, '', 'x', true, [], {}, [5], [null], { a: 1 }];

/** The body with each value in each place, and with each place left out. */
export function* mutate(value: Json): Iterable<Json> {
  yield* VALUES;
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) {
      for (const other of mutate(one)) yield value.with(at, other);
      yield value.toSpliced(at, 1);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value as JsonObject)) {
      for (const other of mutate(one!)) yield { ...(value as JsonObject), [key]: other };
      const { [key]: _, ...rest } = value as JsonObject;
      yield rest;
    }
  }
}

/** The first of the tools, so many times, each with a name of its own. */
export function repeatTools(tools: Json, times: number): Json {
  const text = JSON.stringify((tools as readonly Json[])[0]);
  return Array.from({ length: times }, (_, at) => JSON.parse(text.replace('"name":"f"', `"name":"f${at}"`)) as Json);
}
