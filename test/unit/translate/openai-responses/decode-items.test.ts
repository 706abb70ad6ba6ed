import { describe, expect, test } from 'bun:test';
import type { Json } from '../../../../src/base/json.ts';
import {
  decodeItems,
  sourceOfImage,
  textOfReasoning,
} from '../../../../src/translate/openai-responses/decode-items.ts';
import { type Seal, writeSeal } from '../../../../src/translate/seal.ts';

const messages = (...items: Json[]) => decodeItems(items).messages as unknown;
const text = (words: string) => ({ type: 'text', text: words });

test('R35: items without a type but with a role are messages, and an answer needs no id', () => {
  expect(messages({ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' })).toEqual([
    { role: 'user', parts: [text('a')] },
    { role: 'assistant', parts: [text('b')] },
  ]);
});

test('instructions before the first turn are the head; later ones stay where they are', () => {
  const { system, messages: turns } = decodeItems([
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'one' }] },
    { role: 'system', content: 'two' },
    { role: 'user', content: 'hi' },
    { role: 'developer', content: 'three' },
  ]);
  expect(system).toEqual([
    { role: 'developer', parts: [{ type: 'text', text: 'one' }] },
    { role: 'system', parts: [{ type: 'text', text: 'two' }] },
  ]);
  expect(turns.map((turn) => turn.role)).toEqual(['user', 'developer']);
});

test('R37: the items of one answer are one turn', () => {
  const items = [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'sealed' },
    { type: 'message', role: 'assistant', phase: 'commentary', content: [{ type: 'output_text', text: 'Both.' }] },
    { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'look', arguments: '{"a":1}' },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c2', name: 'patch', input: '*** Begin' },
    { type: 'function_call_output', call_id: 'c1', output: 'one' },
    { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
    { role: 'user', content: 'go on' },
  ];
  expect(messages(...items)).toEqual([
    {
      role: 'assistant',
      phase: 'commentary',
      parts: [
        { type: 'reasoning', text: 'hm', seal: { dialect: 'openai-responses', value: 'sealed', id: 'rs_1' } },
        text('Both.'),
        { type: 'tool-call', callId: 'c1', kind: 'function', name: 'look', arguments: '{"a":1}' },
        { type: 'tool-call', callId: 'c2', kind: 'custom', name: 'patch', arguments: '*** Begin' },
      ],
    },
    {
      role: 'user',
      parts: [
        { type: 'tool-result', callId: 'c1', kind: 'function', parts: [text('one')] },
        { type: 'tool-result', callId: 'c2', kind: 'custom', parts: [text('two')] },
      ],
    },
    { role: 'user', parts: [text('go on')] },
  ]);
});

test('a call keeps its namespace, and arguments that are an object become text', () => {
  const item = { type: 'function_call', call_id: 'c', name: 'send', namespace: 'collab', arguments: { a: 1 } };
  expect(messages(item)).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'tool-call', callId: 'c', kind: 'function', name: 'send', namespace: 'collab', arguments: '{"a":1}' },
      ],
    },
  ]);
});

test('R20, R21: pictures of a result stay with it', () => {
  const image = (data: string) => [{ type: 'input_image', image_url: `data:image/png;base64,${data}`, detail: 'high' }];
  const media = (data: string) => ({
    type: 'media',
    kind: 'image',
    source: { type: 'base64', mimeType: 'image/png', data },
    detail: 'high',
  });
  expect(
    messages(
      { type: 'function_call_output', call_id: 'a', output: image('AA==') },
      { type: 'function_call_output', call_id: 'b', output: image('BB==') },
    ),
  ).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'tool-result', callId: 'a', kind: 'function', parts: [media('AA==')] },
        { type: 'tool-result', callId: 'b', kind: 'function', parts: [media('BB==')] },
      ],
    },
  ]);
});

test('a result that is an object is read as its JSON', () => {
  expect(messages({ type: 'function_call_output', call_id: 'a', output: { ok: true } })).toEqual([
    { role: 'user', parts: [{ type: 'tool-result', callId: 'a', kind: 'function', parts: [text('{"ok":true}')] }] },
  ]);
});

test('R36: tools that come as an item are collected and end no turn', () => {
  const conversation = decodeItems([
    {
      type: 'additional_tools',
      role: 'developer',
      tools: [
        {
          type: 'namespace',
          name: 'functions',
          description: 'd',
          tools: [{ type: 'custom', name: 'exec', format: { type: 'grammar', syntax: 'lark', definition: 'x' } }],
        },
      ],
    },
    { role: 'developer', content: 'still the head' },
    { role: 'user', content: 'hi' },
  ]);
  expect(conversation.tools).toEqual([
    {
      kind: 'custom',
      name: 'exec',
      namespace: 'functions',
      format: { type: 'grammar', syntax: 'lark', definition: 'x' },
    },
  ]);
  expect(conversation.system).toHaveLength(1);
});

describe('items of this dialect alone are opaque parts', () => {
  const cases: [string, Json, 'user' | 'assistant'][] = [
    ['item_reference', { type: 'item_reference', id: 'msg_1' }, 'assistant'],
    ['item_reference', { id: 'msg_1' }, 'assistant'],
    ['file_search_call', { type: 'file_search_call', id: 'fs_1' }, 'assistant'],
    ['compaction', { type: 'compaction', encrypted_content: 'x' }, 'assistant'],
    ['image_generation_call', { type: 'image_generation_call', id: 'ig_1' }, 'assistant'],
    ['tool_search_output', { type: 'tool_search_output', execution: 'server', tools: [] }, 'assistant'],
    ['tool_search_output', { type: 'tool_search_output', execution: 'client', tools: [] }, 'user'],
    ['local_shell_call_output', { type: 'local_shell_call_output', id: 'x', output: '' }, 'user'],
    ['mcp_approval_response', { type: 'mcp_approval_response', approve: true }, 'user'],
  ];
  test.each(cases)('%s of %j', (kind, raw, role) => {
    expect(messages(raw)).toEqual([{ role, parts: [{ type: 'opaque', dialect: 'openai-responses', kind, raw }] }]);
  });
  test('a search also says what was searched', () => {
    const raw = { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'q' } };
    const use = { kind: 'web-search', input: 'q' };
    expect(messages(raw)).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'opaque', dialect: 'openai-responses', kind: 'web_search_call', raw, use }],
      },
    ] as never);
  });
});

test('a picture the model drew is media', () => {
  expect(messages({ type: 'image_generation_call', id: 'ig_1', result: 'AA==', output_format: 'webp' })).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'media', kind: 'image', source: { type: 'base64', mimeType: 'image/webp', data: 'AA==' } }],
    },
  ]);
  expect(sourceOfImage({}, 'https://x.example/a.png')).toEqual({ type: 'url', url: 'https://x.example/a.png' });
});

describe('the text of a reasoning item', () => {
  const part = (words: string) => ({ text: words });
  test.each([
    [{ summary: [part('a'), part('b')] }, 'a\n\nb'],
    [{ summary: [], content: [part('c')] }, 'c'],
    [{ summary: [part('a')], content: [part('c')] }, 'a'],
    [{ summary: null, content: null }, ''],
  ])('%j', (item, expected) => {
    expect(textOfReasoning(item)).toBe(expected);
  });
});

describe('seals of other vendors come back in their envelopes', () => {
  const sealed = (seal: Seal) => ({
    type: 'reasoning',
    id: 'rs_9',
    summary: [],
    encrypted_content: writeSeal(seal, 'openai-responses'),
  });
  test('on a thought', () => {
    const seal: Seal = { dialect: 'anthropic-messages', value: 'sig', kind: 'redacted' };
    expect(messages(sealed(seal))).toEqual([{ role: 'assistant', parts: [{ type: 'reasoning', text: '', seal }] }]);
  });
  test('on the call in the next item', () => {
    const seal: Seal = { dialect: 'gemini', value: 'sig', attach: 'call' };
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
    expect(messages(sealed(seal), call, { ...call, call_id: 'd' })).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', callId: 'c', kind: 'function', name: 'f', arguments: '{}', seal },
          { type: 'tool-call', callId: 'd', kind: 'function', name: 'f', arguments: '{}' },
        ],
      },
    ]);
  });
  test('on the text before, or on a text of its own', () => {
    const seal: Seal = { dialect: 'gemini', value: 'sig', attach: 'text' };
    expect(messages({ role: 'assistant', content: 'hi' }, sealed(seal))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', text: 'hi', seal }] },
    ]);
    expect(messages(sealed(seal))).toEqual([{ role: 'assistant', parts: [{ type: 'text', text: '', seal }] }]);
  });
});
