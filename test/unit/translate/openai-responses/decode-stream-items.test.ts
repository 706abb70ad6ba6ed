import { describe, expect, test } from 'bun:test';
import { collect } from '../../../../src/translate/canonical/collect.ts';
import type { CanonicalEvent } from '../../../../src/translate/canonical/event.ts';
import { decodeAll } from './samples.ts';
import { added, args, call, completed, created, done, type Event, inner, message, said } from './wire-events.ts';

const finishOf = (events: CanonicalEvent[]) => events.find((event) => event.type === 'message-end')?.finish as unknown;

describe('text that the deltas lack', () => {
  const text = (words: string) => [{ type: 'text-start' }, { type: 'text-delta', text: words }, { type: 'text-end' }];
  test('is in the done event of the part', () => {
    const event = { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'all' };
    expect(inner(event, done(0, message('all')))).toEqual(text('all'));
  });
  test('is in the finished item', () => {
    expect(inner(added(0, { type: 'message' }), done(0, message('all')))).toEqual(text('all'));
  });
  test('S31: is only in the final object', () => {
    const events = decodeAll([created, completed({ output: [message('all')] })]);
    expect(events.slice(1, -1) as unknown).toEqual(text('all'));
  });
  test('is added to what they had', () => {
    expect(inner(said(0, 'al'), done(0, message('all')))).toEqual([
      { type: 'text-start' },
      { type: 'text-delta', text: 'al' },
      { type: 'text-delta', text: 'l' },
      { type: 'text-end' },
    ]);
  });
  test('is not told twice when an item comes again', () => {
    expect(inner(done(0, message('all')), done(0, message('all')), said(0, 'more'))).toEqual(text('all'));
  });
  test('S41: may be blank', () => {
    expect(inner(said(0, ' \n'), done(0, message(' \n')))).toEqual(text(' \n'));
  });
});

describe('calls', () => {
  const start = { type: 'tool-call-start', callId: 'c', kind: 'function', name: 'f' };
  const told = (...pieces: string[]) => [
    start,
    ...pieces.map((text) => ({ type: 'tool-call-delta', text })),
    { type: 'tool-call-end' },
  ];
  test('S03: every byte of the arguments comes once', () => {
    expect(inner(added(0, call()), args(0, '{"a"'), args(0, ':1}'), done(0, call({ arguments: '{"a":1}' })))).toEqual(
      told('{"a"', ':1}'),
    );
  });
  test('arguments without deltas are in the done event, as LM Studio sends them', () => {
    const event = { type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}' };
    expect(inner(added(0, call()), event, done(0, call({ arguments: '{"a":1}' })))).toEqual(told('{"a":1}'));
  });
  test('arguments in the announcement alone', () => {
    expect(inner(added(0, call({ arguments: '{"a":1}' })), done(0, { type: 'function_call' }))).toEqual(
      told('{"a":1}'),
    );
  });
  test('S36: no arguments at all', () => {
    expect(inner(added(0, call()), done(0, call()))).toEqual(told());
  });
  test('S35: the name comes last', () => {
    expect(inner(added(0, call({ name: '' })), args(0, '{}'), done(0, call({ arguments: '{}' })))).toEqual(told('{}'));
  });
  test('an id is made where there is none', () => {
    const [first] = inner(done(0, call({ call_id: '' }))) as { callId: string }[];
    expect(first?.callId).toMatch(/^call_[A-Za-z0-9]{24}$/);
  });
  test('with a namespace', () => {
    expect(inner(done(0, call({ namespace: 'n' })))).toEqual([{ ...start, namespace: 'n' }, { type: 'tool-call-end' }]);
  });
  test('of custom tools, whose input is no JSON', () => {
    const item = { type: 'custom_tool_call', call_id: 'c', name: 'exec', input: '' };
    const delta = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: '*** é😀' };
    expect(inner(added(0, item), delta, done(0, { ...item, input: '*** é😀' }))).toEqual([
      { ...start, kind: 'custom', name: 'exec' },
      { type: 'tool-call-delta', text: '*** é😀' },
      { type: 'tool-call-end' },
    ]);
  });
  test('make a call of the end', () => {
    expect(finishOf(decodeAll([created, done(0, call()), completed()]))).toMatchObject({ reason: 'tool-calls' });
  });
  test('wrapped into one are expanded', () => {
    const uses = [
      { recipient_name: 'functions.a', parameters: { x: 1 } },
      { recipient_name: 'b', parameters: {} },
    ];
    const wrapper = call({ name: 'multi_tool_use.parallel', arguments: JSON.stringify({ tool_uses: uses }) });
    expect(inner(added(0, wrapper), done(0, wrapper))).toEqual([
      { type: 'tool-call-start', callId: 'c_0', kind: 'function', name: 'a' },
      { type: 'tool-call-delta', text: '{"x":1}' },
      { type: 'tool-call-end' },
      { type: 'tool-call-start', callId: 'c_1', kind: 'function', name: 'b' },
      { type: 'tool-call-delta', text: '{}' },
      { type: 'tool-call-end' },
    ]);
  });
});

describe('thoughts', () => {
  const summary = (at: number, delta: string): Event => ({
    type: 'response.reasoning_summary_text.delta',
    output_index: 0,
    summary_index: at,
    delta,
  });
  const thought = (...texts: string[]) => ({
    type: 'reasoning',
    id: 'rs_1',
    summary: texts.map((text) => ({ type: 'summary_text', text })),
    encrypted_content: 'sealed',
  });
  const seal = { dialect: 'openai-responses', value: 'sealed', id: 'rs_1' };
  test('S32: several parts are one block with one seal at its end', () => {
    expect(inner(added(0, thought()), summary(0, 'a'), summary(1, 'b'), done(0, thought('a', 'b')))).toEqual([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'a' },
      { type: 'reasoning-delta', text: '\n\n' },
      { type: 'reasoning-delta', text: 'b' },
      { type: 'reasoning-end', seal },
    ]);
  });
  test('S33: a seal alone stands before its call', () => {
    expect(inner(added(0, thought()), done(0, thought()), done(1, call()))).toEqual([
      { type: 'reasoning-start' },
      { type: 'reasoning-end', seal },
      { type: 'tool-call-start', callId: 'c', kind: 'function', name: 'f' },
      { type: 'tool-call-end' },
    ]);
  });
  test('without words and without a seal there is nothing to tell', () => {
    const empty = { type: 'reasoning', id: 'rs_1', summary: [] };
    expect(inner(added(0, empty), done(0, empty))).toEqual([]);
  });
  test('of open models come as they are', () => {
    const delta = { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'raw' };
    const item = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'raw!' }] };
    expect(inner(delta, done(0, item))).toEqual([
      { type: 'reasoning-start', raw: true },
      { type: 'reasoning-delta', text: 'raw' },
      { type: 'reasoning-delta', text: '!' },
      { type: 'reasoning-end' },
    ]);
  });
});

test('items that interleave come one after the other', () => {
  const second = call({ call_id: 'd' });
  expect(
    collect(
      decodeAll([
        created,
        added(0, call()),
        added(1, second),
        args(0, '{"a"'),
        args(1, '{"b"'),
        args(0, ':1}'),
        done(1, { ...second, arguments: '{"b":2}' }),
        done(0, call({ arguments: '{"a":1}' })),
        completed(),
      ]),
    ).parts,
  ).toMatchObject([
    { callId: 'c', arguments: '{"a":1}' },
    { callId: 'd', arguments: '{"b":2}' },
  ]);
});

test('ids that change from event to event do not matter', () => {
  expect(
    inner(added(0, { type: 'message', id: 'x' }), said(0, 'a', 'y'), said(0, 'b', 'z'), done(0, message('ab'))),
  ).toEqual([
    { type: 'text-start' },
    { type: 'text-delta', text: 'a' },
    { type: 'text-delta', text: 'b' },
    { type: 'text-end' },
  ]);
});

describe('what is not text', () => {
  test('a picture', () => {
    const item = { type: 'image_generation_call', id: 'ig_1', result: 'AA==' };
    expect(inner(added(0, { type: 'image_generation_call' }), done(0, item))).toEqual([
      {
        type: 'media',
        part: { type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/png', data: 'AA==' } },
      },
    ]);
  });
  test('S43: a server tool', () => {
    const item = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } };
    expect(
      inner(added(0, item), { type: 'response.web_search_call.completed', output_index: 0 }, done(0, item)),
    ).toEqual([
      {
        type: 'opaque',
        part: {
          type: 'opaque',
          dialect: 'openai-responses',
          kind: 'web_search_call',
          raw: item,
          use: { kind: 'web-search', input: 'q' },
        },
      },
    ]);
  });
  const link = { type: 'url_citation', start_index: 0, end_index: 1, url: 'https://a.test', title: 'A' };
  const cited = (events: ReturnType<typeof decodeAll>) =>
    events.flatMap((event) => (event.type === 'citation' ? [event.citation.url] : []));
  test('sources of a text are told in it, once', () => {
    const annotation = { type: 'response.output_text.annotation.added', output_index: 0, annotation: link };
    const whole = { type: 'message', content: [{ type: 'output_text', text: 'a', annotations: [link] }] };
    const events = decodeAll([created, said(0, 'a'), annotation, done(0, whole), completed()]);
    expect(cited(events)).toEqual(['https://a.test']);
    expect(events.findIndex((event) => event.type === 'citation')).toBeLessThan(
      events.findIndex((event) => event.type === 'text-end'),
    );
  });
  test('sources that came with the whole item alone are told as well', () => {
    const whole = { type: 'message', content: [{ type: 'output_text', text: 'a', annotations: [link, link] }] };
    expect(cited(decodeAll([created, said(0, 'a'), done(0, whole), completed()]))).toHaveLength(2);
  });
});
