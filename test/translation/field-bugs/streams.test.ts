import { describe, expect, test } from 'bun:test';
import type { DialectId } from '../../../src/translate/dialect-id.ts';
import { clientsOf, readTranslated, translateCut, writeFrames } from '../../support/read-translated.ts';

/** A stream that must be read without a fault; what a dialect does not repeat is not looked at. */
const read = (from: DialectId, to: DialectId, body: string) => {
  const { faults, ...told } = readTranslated(from, to, body);
  expect({ to, faults }).toEqual({ to, faults: [] });
  return told;
};
describe.each(clientsOf('anthropic-messages'))('of the stream of Anthropic, %s', (to) => {
  const start = {
    type: 'message_start',
    message: {
      id: 'm',
      content: [],
      usage: { input_tokens: 100, cache_read_input_tokens: 900, cache_creation_input_tokens: 50, output_tokens: 1 },
    },
  };
  const block = (index: number, content_block: object, ...deltas: object[]) => [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((one) => ({ type: 'content_block_delta', index, delta: one })),
    { type: 'content_block_stop', index },
  ];
  const end = (stop_reason: string, more: object = {}) => [
    { type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 5, ...more } },
    { type: 'message_stop' },
  ];
  const fromClaude = (...events: object[]) => read('anthropic-messages', to, writeFrames(events));
  const tool = (name: string) => ({ type: 'tool_use', id: `toolu_${name}`, name, input: {} });
  const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });
  const hi = block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi' });

  test('S08: reads the empty arguments of a call', () => {
    const told = fromClaude(
      start,
      ...block(0, tool('f'), json('')),
      ...block(1, tool('g'), json(''), json('{"a":1}')),
      ...end('tool_use'),
    );
    expect(told.calls).toEqual([
      { name: 'f', args: '{}' },
      { name: 'g', args: '{"a":1}' },
    ]);
  });

  test('U02, U03: reads what came from the caches as part of the prompt', () => {
    expect(fromClaude(start, ...hi, ...end('end_turn')).usage).toEqual({ input: 1050, cached: 900, output: 5 });
  });

  test('U04: reads the last report, not the sum of two', () => {
    const more = { input_tokens: 100, cache_read_input_tokens: 900, cache_creation_input_tokens: 50 };
    expect(fromClaude(start, ...hi, ...end('end_turn', more)).usage).toEqual({ input: 1050, cached: 900, output: 5 });
  });

  test('U05: reads figures that come only at the end', () => {
    const late = { input_tokens: 100, cache_read_input_tokens: 900 };
    const first = {
      type: 'message_start',
      message: { id: 'm', content: [], usage: { input_tokens: 0, output_tokens: 0 } },
    };
    expect(fromClaude(first, ...hi, ...end('end_turn', late)).usage).toEqual({ input: 1000, cached: 900, output: 5 });
  });

  test('S44: reads one message of two starts', () => {
    expect(fromClaude(start, ...hi.slice(0, 1), start, ...hi.slice(1), ...end('end_turn')).text).toBe('Hi');
  });

  test('S29: reads an answer of empty text', () => {
    expect(fromClaude(start, ...block(0, { type: 'text', text: '' }), ...end('end_turn'))).toMatchObject({
      text: '',
      failed: false,
    });
  });
});

describe.each(clientsOf('gemini'))('of the stream of Gemini, %s', (to) => {
  const chunk = (parts: object[], finishReason?: string, more: object = {}) => ({
    candidates: [
      { content: { role: 'model', parts }, index: 0, ...(finishReason === undefined ? {} : { finishReason }) },
    ],
    ...more,
  });
  const fromGemini = (...chunks: object[]) => read('gemini', to, writeFrames(chunks));
  const called = (p: string) => ({ functionCall: { name: 'f', args: { p } } });
  const both = [
    { name: 'f', args: '{"p":"A"}' },
    { name: 'f', args: '{"p":"B"}' },
  ];

  test('S09, S10, S11: reads two calls of one tool, and that the answer waits for them', () => {
    const told = fromGemini(chunk([called('A')]), chunk([called('B')]), chunk([{ text: '' }], 'STOP'));
    expect(told.calls).toEqual(both);
    expect(['tool_calls', 'tool_use', 'completed']).toContain(told.finish!);
  });

  test('S12: reads a signature of 40 KB wherever it is cut, and nothing of the upstream’s own words', () => {
    const signed = chunk([{ ...called('A'), thoughtSignature: 'A'.repeat(40_000) }], 'STOP');
    const told = fromGemini(signed);
    const body = writeFrames([signed]);
    const whole = translateCut('gemini', to, body, 0);
    for (const at of [100, 20_000, body.length - 20]) expect(translateCut('gemini', to, body, at)).toBe(whole);
    expect(whole).not.toContain('candidates');
    expect(told.calls).toEqual(both.slice(0, 1));
    expect(told.text).toBe('');
  });

  test('S13: reads an end without content', () => {
    const told = fromGemini(chunk([{ text: 'Hi' }]), { candidates: [{ finishReason: 'MAX_TOKENS', index: 0 }] });
    expect(['length', 'max_tokens', 'max_output_tokens']).toContain(told.finish!);
  });

  test('S34: reads signed text as text', () => {
    expect(fromGemini(chunk([{ text: 'Hi', thoughtSignature: 'AAAA', thought: false }], 'STOP'))).toMatchObject({
      text: 'Hi',
      thoughts: '',
    });
  });

  test('U07, U08: reads thoughts as output, whatever empty reports came before', () => {
    const zeros = { usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 } };
    const real = {
      usage_metadata: {
        prompt_token_count: 10,
        candidates_token_count: 5,
        thoughts_token_count: 7,
        total_token_count: 22,
      },
    };
    expect(fromGemini(chunk([{ text: 'H' }], undefined, zeros), chunk([{ text: 'i' }], 'STOP', real)).usage).toEqual({
      input: 10,
      cached: 0,
      output: 12,
    });
  });

  test.each(['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII'])('S14: reads %s as a filter', (reason) => {
    const told = fromGemini(chunk([{ text: 'Hi' }]), chunk([], reason));
    expect(['content_filter', 'refusal', 'incomplete']).toContain(told.finish!);
  });

  test.each(['NO_IMAGE', 'OTHER', 'NEW_REASON'])('S14: reads %s as no filter', (reason) => {
    const told = readTranslated('gemini', to, writeFrames([chunk([{ text: 'Hi' }]), chunk([], reason)]));
    expect(told.faults).toEqual([]);
    if (!told.failed) expect(['stop', 'end_turn', 'completed']).toContain(told.finish!);
  });
});

describe.each(clientsOf('openai-responses'))('of the stream of Responses, %s', (to) => {
  const response = { id: 'r', object: 'response', model: 'gpt-5', output: [] };
  const created = { type: 'response.created', response: { ...response, status: 'in_progress' } };
  const figures = {
    usage: {
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 900 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 1005,
    },
  };
  const end = (status: string, more: object = {}) => ({
    type: `response.${status}`,
    response: { ...response, status, ...figures, ...more },
  });
  const fromResponses = (...events: object[]) => read('openai-responses', to, writeFrames([created, ...events]));
  const item = { id: 'fc', type: 'function_call', call_id: 'c', name: 'f', arguments: '' };
  const added = { type: 'response.output_item.added', output_index: 0, item };
  const said = { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'm', delta: 'Hi' };

  test('S03, S31: reads arguments that only come whole, and items the last event leaves out', () => {
    const args = '{"a":1}';
    const told = fromResponses(
      added,
      { type: 'response.function_call_arguments.done', output_index: 0, arguments: args },
      { type: 'response.output_item.done', output_index: 0, item: { ...item, arguments: args } },
      end('completed'),
    );
    expect(told.calls).toEqual([{ name: 'f', args }]);
  });

  test('S36: reads a call without arguments', () => {
    expect(
      fromResponses(added, { type: 'response.output_item.done', output_index: 0, item }, end('completed')).calls,
    ).toEqual([{ name: 'f', args: '{}' }]);
  });

  test('S17: reads the usage of the last event wherever it is cut', () => {
    const body = writeFrames([created, said, end('completed')]);
    const whole = translateCut('openai-responses', to, body, 0);
    const first = writeFrames([created, said]).length;
    for (let at = first; at < body.length; at++) expect(translateCut('openai-responses', to, body, at)).toBe(whole);
  });

  test('S17, S23: reads the usage of the last event, without [DONE]', () => {
    expect(fromResponses(said, end('completed'))).toMatchObject({
      text: 'Hi',
      usage: { input: 1000, cached: 900, output: 5 },
    });
  });

  test('U06: reads the usage of an answer that was too long', () => {
    const told = fromResponses(said, end('incomplete', { incomplete_details: { reason: 'max_output_tokens' } }));
    expect(told).toMatchObject({ text: 'Hi', usage: { input: 1000, cached: 900, output: 5 }, failed: false });
  });

  test('S33: reads a call behind a thought that is only a signature', () => {
    const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed' };
    const told = fromResponses(
      { type: 'response.output_item.added', output_index: 0, item: thought },
      { type: 'response.output_item.done', output_index: 0, item: thought },
      { ...added, output_index: 1 },
      { type: 'response.output_item.done', output_index: 1, item: { ...item, arguments: '{"a":1}' } },
      end('completed'),
    );
    expect(told.calls).toEqual([{ name: 'f', args: '{"a":1}' }]);
  });

  test('U11: reads a refusal as one', () => {
    const told = fromResponses(
      { type: 'response.refusal.delta', output_index: 0, content_index: 0, item_id: 'm', delta: 'No.' },
      end('completed', {
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }],
      }),
    );
    expect(['content_filter', 'refusal', 'SAFETY', 'PROHIBITED_CONTENT']).toContain(told.finish!);
  });
});
