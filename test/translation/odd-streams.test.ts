import { describe, expect, test } from 'bun:test';
import { call, delta, type Parsed, streamed } from '../support/translate-as.ts';

describe('streams of chat servers for clients of Anthropic', () => {
  const blocks = (chunks: readonly object[]) => {
    const events = streamed('openai-chat', 'anthropic-messages', chunks);
    const open: number[] = [];
    for (const { type, index } of events) {
      if (type === 'content_block_start') open.push(index);
      // one block at a time, each ended before the next
      if (type === 'content_block_stop') expect(open.pop()).toBe(index);
      expect(open.length).toBeLessThanOrEqual(1);
    }
    return events;
  };
  const inputs = (events: readonly Parsed[]) => {
    const texts = new Map<number, string>();
    for (const { type, index, delta: piece } of events) {
      if (type === 'content_block_delta')
        texts.set(index, (texts.get(index) ?? '') + (piece.partial_json ?? piece.text ?? ''));
    }
    return [...texts.values()];
  };
  const piece = (index: number | undefined, rest: object) =>
    delta({ tool_calls: [{ ...(index === undefined ? {} : { index }), ...rest }] });

  test('S05: calls whose pieces come mixed are told one after the other', () => {
    const events = blocks([
      piece(0, call('a', 'f', '{"x":')),
      piece(1, call('b', 'g', '{"y":2}')),
      piece(0, { function: { arguments: '1}' } }),
      delta({}, 'tool_calls'),
    ]);
    expect(inputs(events)).toEqual(['{"x":1}', '{"y":2}']);
  });

  test('a call without index, whose id is empty later, is one call', () => {
    const events = blocks([
      piece(undefined, call('a', 'f', '{"x":')),
      piece(undefined, { id: '', function: { name: '', arguments: '1}' } }),
      delta({}, 'tool_calls'),
    ]);
    const starts = events.filter(({ type }) => type === 'content_block_start');
    expect(starts).toMatchObject([{ content_block: { id: 'a', name: 'f' } }]);
    expect(inputs(events)).toEqual(['{"x":1}']);
  });

  test('S02, S06: empty pieces say nothing', () => {
    const events = blocks([
      delta({ content: 'a', tool_calls: [] }),
      delta({ content: '' }),
      delta({ content: 'b' }),
      delta({}, 'stop'),
    ]);
    expect(events.filter(({ type }) => type === 'content_block_start')).toHaveLength(1);
    expect(inputs(events)).toEqual(['ab']);
  });

  test('S41: white space is text', () => {
    expect(inputs(blocks([delta({ content: 'a' }), delta({ content: ' \n' }), delta({}, 'stop')]))).toEqual(['a \n']);
  });
});

describe('other streams', () => {
  test('S08: a call without arguments has an empty object of them', () => {
    const chunks = streamed('anthropic-messages', 'openai-chat', [
      { type: 'message_start', message: { id: 'm', content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: '1', name: 'f', input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ]);
    const args = chunks
      .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
      .map((one: Parsed) => one.function.arguments);
    expect(args.join('')).toBe('{}');
  });

  test('S07: a call whose pieces come mixed with other blocks keeps its arguments', () => {
    const start = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
    const piece = (index: number, type: string, field: string, text: string) => ({
      type: 'content_block_delta',
      index,
      delta: { type, [field]: text },
    });
    const args = (index: number, text: string) => piece(index, 'input_json_delta', 'partial_json', text);
    const stop = (index: number) => ({ type: 'content_block_stop', index });
    const chunks = streamed('anthropic-messages', 'openai-chat', [
      { type: 'message_start', message: { id: 'm', content: [] } },
      start(0, { type: 'text', text: '' }),
      start(1, { type: 'tool_use', id: '1', name: 'f', input: {} }),
      start(2, { type: 'tool_use', id: '2', name: 'g', input: {} }),
      piece(0, 'text_delta', 'text', 'Hi'),
      args(2, '{"y":'),
      args(1, '{"x":'),
      stop(0),
      args(2, '2}'),
      args(1, '1}'),
      stop(1),
      stop(2),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ]);
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta ?? []);
    const told = ['', ''];
    for (const one of deltas.flatMap(({ tool_calls }: Parsed) => tool_calls ?? []))
      told[one.index] += one.function.arguments;
    expect(told).toEqual(['{"x":1}', '{"y":2}']);
    expect(deltas.map(({ content }: Parsed) => content ?? '').join('')).toBe('Hi');
  });

  test('S03: arguments that come only whole are told once', () => {
    const item = { id: 'fc', type: 'function_call', call_id: 'c', name: 'f', arguments: '' };
    const chunks = streamed('openai-responses', 'openai-chat', [
      { type: 'response.created', response: { id: 'r' } },
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}' },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, arguments: '{"a":1}' } },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } },
    ]);
    const args = chunks
      .flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
      .map((one: Parsed) => one.function.arguments);
    expect(args.join('')).toBe('{"a":1}');
  });

  test('the input of a custom tool is told as text, whatever its escapes were cut into', () => {
    const input = '*** Begin\n…é😀"\\';
    const args = JSON.stringify({ input }).replace('é😀', '\\u00e9\\ud83d\\ude00');
    const request = { model: 'm', input: 'x', tools: [{ type: 'custom', name: 'apply_patch' }] };
    const chunks = [
      delta({
        tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'apply_patch', arguments: '' } }],
      }),
      ...[...args].map((letter) => delta({ tool_calls: [{ index: 0, function: { arguments: letter } }] })),
      delta({}, 'tool_calls'),
    ];
    const events = streamed('openai-chat', 'openai-responses', chunks, request);
    const pieces = events
      .filter(({ type }) => type === 'response.custom_tool_call_input.delta')
      .map((event) => event.delta);
    expect(pieces.join('')).toBe(input);
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
    expect(events.find(({ type }) => type === 'response.custom_tool_call_input.done').input).toBe(input);
  });

  test('a thought, a text and a call are three items of a response', () => {
    const block = (index: number, content_block: object, piece: object) => [
      { type: 'content_block_start', index, content_block },
      { type: 'content_block_delta', index, delta: piece },
      { type: 'content_block_stop', index },
    ];
    const events = streamed('anthropic-messages', 'openai-responses', [
      { type: 'message_start', message: { id: 'm', content: [] } },
      ...block(0, { type: 'thinking', thinking: '' }, { type: 'thinking_delta', thinking: 'hm' }),
      ...block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'yes' }),
      ...block(
        2,
        { type: 'tool_use', id: 't', name: 'f', input: {} },
        { type: 'input_json_delta', partial_json: '{}' },
      ),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
    expect(events.at(-1).response.output.map(({ type }: Parsed) => type)).toEqual([
      'reasoning',
      'message',
      'function_call',
    ]);
  });
});
