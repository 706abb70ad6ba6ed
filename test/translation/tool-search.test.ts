import { describe, expect, test } from 'bun:test';
import { asObject, type JsonObject, parseJsonObject } from '../../src/base/json.ts';
import { parseSse } from '../../src/translate/stream/sse.ts';
import { runAll } from '../../src/translate/stream/transducer.ts';
import { translateText } from '../../src/translate/translate-text.ts';

const SEARCH = {
  type: 'tool_search',
  execution: 'client',
  description: 'Finds tools.',
  parameters: { type: 'object', properties: { query: { type: 'string' } } },
};
const TIDE = {
  type: 'function',
  name: 'get_tide',
  description: 'Tells the tide.',
  parameters: { type: 'object', properties: { port: { type: 'string' } } },
};
const question = { role: 'user', content: 'The tide?' };
const searched = { type: 'tool_search_call', call_id: 'call_1', execution: 'client', arguments: { query: 'tide' } };
const found = { type: 'tool_search_output', call_id: 'call_1', execution: 'client', tools: [TIDE] };

function encode(body: JsonObject): JsonObject {
  const job = { kind: 'request', from: 'openai-responses', to: 'openai-chat' } as const;
  const { output, losses } = translateText({ ...job, body: JSON.stringify({ model: 'qwen3', ...body }) }, 0);
  expect(losses).toEqual([]);
  return parseJsonObject(output);
}

const nameOf = (tool: unknown) => asObject(asObject(tool)?.function)?.name;

describe('a search among its own tools that a Responses client runs', () => {
  test('is a function to a model of another dialect', () => {
    const { tools } = encode({ input: [question], tools: [SEARCH] });
    expect(tools).toEqual([
      {
        type: 'function',
        function: { name: 'tool_search', description: SEARCH.description, parameters: SEARCH.parameters },
      },
    ]);
  });

  test('adds what it found to the tools, behind those that were there', () => {
    const sent = encode({ input: [question, searched, found, question], tools: [SEARCH] });
    expect((sent.tools as JsonObject[]).map(nameOf)).toEqual(['tool_search', 'get_tide']);
    expect(sent.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', function: { name: 'tool_search', arguments: '{"query":"tide"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Found: get_tide' },
      { role: 'user' },
    ]);
  });

  test('changes nothing of the tools when what it found was offered before, but held back', () => {
    const tools = [SEARCH, { ...TIDE, defer_loading: true }, { ...TIDE, name: 'other' }];
    const before = encode({ input: [question], tools });
    const after = encode({ input: [question, searched, found], tools });
    expect(after.tools).toEqual(before.tools);
  });

  const answer = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'qwen3',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'tool_search', arguments: '{"query":"tide"}' } },
          ],
        },
      },
    ],
  };
  const item = {
    type: 'tool_search_call',
    status: 'completed',
    execution: 'client',
    call_id: 'call_1',
    arguments: { query: 'tide' },
  };
  const job = { from: 'openai-chat', to: 'openai-responses' } as const;
  const request = JSON.stringify({ model: 'qwen3', input: 'The tide?', tools: [SEARCH] });

  test('comes back as the item that the client knows', () => {
    const { output } = translateText({ ...job, kind: 'response', body: JSON.stringify(answer), request }, 0);
    expect(parseJsonObject(output).output).toEqual([{ ...item, id: expect.stringMatching(/^tsc_/) }]);
    const plain = JSON.stringify({ model: 'qwen3', input: 'x', tools: [{ ...TIDE, name: 'tool_search' }] });
    const other = translateText({ ...job, kind: 'response', body: JSON.stringify(answer), request: plain }, 0);
    expect(parseJsonObject(other.output).output).toMatchObject([{ type: 'function_call', name: 'tool_search' }]);
  });

  test('comes back in a stream without pieces', () => {
    const chunk = (delta: JsonObject, finish: string | null = null) =>
      `data: ${JSON.stringify({ ...answer, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const head = { index: 0, id: 'call_1', type: 'function', function: { name: 'tool_search', arguments: '{"query"' } };
    const body = [
      chunk({ role: 'assistant', tool_calls: [head] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':"tide"}' } }] }),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ].join('');
    const { output } = translateText({ ...job, kind: 'stream', body, request }, 0);
    const events = runAll(parseSse, [new TextEncoder().encode(output)]).map(({ data }) => parseJsonObject(data));
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events[2]!.item).toMatchObject({ ...item, status: 'in_progress', arguments: {} });
    expect(events[3]!.item).toMatchObject(item);
    expect(asObject(events[4]!.response)?.output).toMatchObject([item]);
  });
});
