import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../../src/base/json.ts';
import { call, chunk, DONE, decode, finish, fn, type Piece, role, tell, told, usage } from './chunks.ts';

describe('text and thoughts', () => {
  test('an answer', () => {
    const events = decode([role, chunk({ content: 'a' }), chunk({ content: 'b' }), finish('stop'), usage(3, 2), DONE]);
    expect(events).toEqual([
      { type: 'message-start', messageId: 'chatcmpl-1', model: 'up' },
      { type: 'text-start' },
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
      { type: 'text-end' },
      { type: 'message-end', finish: { reason: 'stop', wireReason: 'stop' }, usage: { input: 3, output: 2 } },
    ]);
  });

  for (const field of ['reasoning_content', 'reasoning']) {
    test(`S01: ${field} is a thought before the text`, () => {
      expect(
        told(role, chunk({ [field]: 'a' }), chunk({ [field]: 'b' }), chunk({ content: 'c' }), finish('stop')),
      ).toEqual(['start', '+think', 'think a', 'think b', '-think', '+text', 'text c', '-text', 'end stop']);
    });
  }

  test('one thought under two names is told once', () => {
    const delta = {
      reasoning: 'a',
      reasoning_content: 'a',
      reasoning_details: [{ type: 'reasoning.text', text: 'a' }],
    };
    expect(told(chunk(delta), finish('stop'))).toEqual(['start', '+think', 'think a', '-think', 'end stop']);
  });

  test('the proof of a thought seals it', () => {
    const detail = (fields: JsonObject) =>
      chunk({ content: '', reasoning_details: [{ type: 'reasoning.text', index: 0, ...fields }] });
    const events = decode([
      detail({ text: 'a' }),
      detail({ text: 'b' }),
      detail({ signature: 'S' }),
      chunk({ content: 'c' }),
      finish('stop'),
    ]);
    expect(tell(events)).toEqual([
      'start',
      '+think',
      'think a',
      'think b',
      '-think sealed',
      '+text',
      'text c',
      '-text',
      'end stop',
    ]);
    const sealed = events.find((event) => event.type === 'reasoning-end');
    expect(sealed).toEqual({
      type: 'reasoning-end',
      seal: { dialect: 'openai-chat', value: '[{"type":"reasoning.text","index":0,"signature":"S"}]' },
    });
  });

  test('a proof that comes last stands alone', () => {
    const details = { reasoning_details: [{ type: 'reasoning.encrypted', data: 'D', index: 0 }] };
    expect(told(chunk({ content: 'a' }), chunk(details), finish('stop'))).toEqual([
      'start',
      '+text',
      'text a',
      '-text',
      '+think',
      '-think sealed',
      'end stop',
    ]);
  });

  test('lists of parts, as Mistral sends them', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'a' }] },
      { type: 'text', text: 'b' },
    ];
    expect(told(chunk({ content }), finish('stop'))).toEqual([
      'start',
      '+think',
      'think a',
      '-think',
      '+text',
      'text b',
      '-text',
      'end stop',
    ]);
  });

  test('a refusal is a text of its own', () => {
    expect(told(chunk({ refusal: 'no' }), finish('stop'))).toEqual([
      'start',
      '+refusal',
      'text no',
      '-text',
      'end content-filter',
    ]);
    expect(told(chunk({ content: 'well' }), chunk({ refusal: 'no' }), finish('stop')).at(-1)).toBe('end stop');
  });

  test('S41: white space is text', () => expect(told(chunk({ content: ' \n' }), finish('stop'))[2]).toBe('text  \n'));

  test('S13: an end without any content', () => expect(told(role, finish('length'))).toEqual(['start', 'end length']));

  test('only the first of several answers', () => {
    const other = { choices: [{ index: 1, delta: { content: 'b' } }] };
    expect(told(chunk({ content: 'a' }), other, finish('stop'))).toEqual([
      'start',
      '+text',
      'text a',
      '-text',
      'end stop',
    ]);
  });

  test('an answer begins with the first chunk that has an id or a choice', () => {
    const filter = { id: '', model: '', choices: [], prompt_filter_results: [] };
    expect(decode([filter, chunk({ content: 'a' }), finish('stop')])[0]).toEqual({
      type: 'message-start',
      messageId: 'chatcmpl-1',
      model: 'up',
    });
  });
});

test('images and sound', () => {
  const images = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }];
  const audio = (data: string, transcript: string) => chunk({ audio: { id: 'x', data, transcript } });
  expect(
    told(chunk({ content: 'a' }), chunk({ images }), audio('AA==', 'hi'), audio('AQ==', ''), finish('stop')),
  ).toEqual([
    'start',
    '+text',
    'text a',
    '-text',
    'media image',
    '+text',
    'text hi',
    '-text',
    'media audio',
    'end stop',
  ]);
});

test('one of several words is taken out of its object', () => {
  const pieces = [chunk({ content: '{"val' }), chunk({ content: 'ue":"yes"}' }), finish('stop')];
  expect(tell(decode(pieces, { output: { kind: 'choice', values: ['yes', 'no'] } }))).toEqual([
    'start',
    '+text',
    'text yes',
    '-text',
    'end stop',
  ]);
});

describe('the end', () => {
  test('S19: is told when the stream ends, so that counts that come later are in it', () => {
    const partial = finish('stop', { usage: { prompt_tokens: 10, completion_tokens: 1 } });
    const full = usage(10, 2, { prompt_tokens_details: { cached_tokens: 9 } });
    const events = decode([role, chunk({ content: 'a' }), partial, full, DONE]);
    expect(events.at(-1)).toMatchObject({ usage: { input: 10, cacheRead: 9, output: 2 } });
  });

  test('S18: is told once', () => {
    const events = decode([chunk({ content: 'a' }), finish('stop'), usage(1, 1), usage(1, 2), DONE, DONE]);
    expect(events.filter(({ type }) => type === 'message-end')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ usage: { output: 2 } });
  });

  test('S24: nothing that follows it is read', () => {
    expect(told(chunk({ content: 'a' }), finish('stop'), DONE, chunk({ content: 'b' })).at(-2)).toBe('-text');
  });

  test('needs no [DONE] after a finish', () =>
    expect(told(chunk({ content: 'a' }), finish('stop')).at(-1)).toBe('end stop'));

  test('S20: needs no finish before [DONE]', () => {
    expect(told(chunk({ content: 'a' }), DONE).at(-1)).toBe('end stop');
    expect(told(call({ index: 0, id: 'a', ...fn('f', '{}') }), DONE).at(-1)).toBe('end tool-calls');
  });

  test('S21: without a finish, in the middle of a call, is an error', () => {
    expect(told(call({ index: 0, id: 'a', ...fn('f', '{"x":') }), DONE).at(-1)).toBe('error upstream-malformed');
  });

  test('S25: of the bytes alone is an error', () => {
    expect(told(chunk({ content: 'a' })).at(-1)).toBe('error upstream-malformed');
    expect(told().at(-1)).toBe('error upstream-malformed');
  });

  test('of a stream in which nothing was said is an error', () => {
    expect(told(role, DONE).at(-1)).toBe('error upstream-malformed');
  });

  const words: readonly (readonly [string, string])[] = [
    ['stop', 'end stop'],
    ['length', 'end length'],
    ['model_length', 'end length'],
    ['content_filter', 'end content-filter'],
    ['sensitive', 'end content-filter'],
    ['tool_calls', 'end stop'],
    ['eos', 'end stop'],
    ['insufficient_system_resource', 'end length'],
    ['error', 'error upstream-failed'],
    ['network_error', 'error upstream-failed'],
  ];
  for (const [word, line] of words) {
    test(`for the reason ${word} is: ${line}`, () =>
      expect(told(chunk({ content: 'a' }), finish(word)).at(-1)).toBe(line));
  }

  test('for want of resources before anything was said is an overload', () => {
    expect(told(role, finish('insufficient_system_resource')).at(-1)).toBe('error overloaded');
  });

  test('F1: says tool-calls where calls were made, whatever the word', () => {
    expect(told(call({ index: 0, id: 'a', ...fn('f', '{}') }), finish('stop')).at(-1)).toBe('end tool-calls');
  });

  test('F2: by length drops a call that was not shown and is not whole', () => {
    const pieces = [call({ index: 0, id: 'a', ...fn('f', '{"x":') }), call({ index: 1, id: 'b', ...fn('g', '{"y":') })];
    expect(told(...pieces, finish('length'))).toEqual(['start', '+call a f', 'args {"x":', '-call', 'end length']);
  });

  test('names the stop sequence that vLLM met', () => {
    const events = decode([chunk({ content: 'a' }), chunk({}, { finish_reason: 'stop', stop_reason: 'END' })]);
    expect(events.at(-1)).toMatchObject({ finish: { reason: 'stop', stopSequence: 'END' } });
  });
});

describe('counts', () => {
  test('S39: null is no count; of several the last wins', () => {
    const counted = { ...chunk({ content: 'b' }), usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 } };
    const uncounted = { ...chunk({ content: 'a' }), usage: null };
    expect(decode([uncounted, counted, usage(5, 2), finish('stop')]).at(-1)).toMatchObject({
      usage: { input: 5, output: 2 },
    });
  });

  test('Groq’s own field, where there is no other', () => {
    const last = finish('stop', { x_groq: { usage: { prompt_tokens: 5, completion_tokens: 2 } } });
    expect(decode([chunk({ content: 'a' }), last]).at(-1)).toMatchObject({ usage: { input: 5, output: 2 } });
  });
});

describe('errors inside a stream', () => {
  const cases: readonly (readonly [string, Piece, string])[] = [
    ['OpenAI', { error: { message: 'm', type: 'server_error', code: null } }, 'error upstream-failed'],
    ['OpenRouter', { ...chunk({ content: '' }), error: { code: 429, message: 'm' } }, 'error rate-limited'],
    ['xAI', { code: 'x', error: 'm' }, 'error upstream-failed'],
    ['Mistral', { object: 'error', message: 'm', type: 'invalid_request_error' }, 'error invalid-request'],
  ];
  for (const [name, piece, line] of cases) {
    test(`of ${name}`, () => expect(told(chunk({ content: 'a' }), piece, DONE).slice(-2)).toEqual(['-text', line]));
  }

  test('error: null is none', () => {
    expect(told({ ...chunk({ content: 'a' }), error: null }, finish('stop')).at(-1)).toBe('end stop');
  });
});

describe('nothing that a server sends is thrown', () => {
  const junk: readonly Piece[] = [
    'not json',
    '<html>',
    '[]',
    '5',
    'null',
    '{"choices":5}',
    '{"choices":[null,5,{}]}',
    '{"choices":[{"delta":null}]}',
    '{"choices":[{"delta":{"content":5,"tool_calls":5,"reasoning_details":5,"images":5,"audio":5}}]}',
    '{"choices":[{"delta":{"tool_calls":[null,{"index":"0","id":5,"function":5}]}}]}',
    '{"usage":5}',
    '{"usage":{"prompt_tokens":"5"}}',
  ];
  for (const piece of junk) {
    test(String(piece), () => {
      expect(told(role, piece, chunk({ content: 'a' }), finish('stop')).slice(-2)).toEqual(['-text', 'end stop']);
    });
  }
});
